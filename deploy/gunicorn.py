"""gunicorn's settings: one process a core, each with its own model, because the model uses one core."""

import os
from pathlib import Path

workers = os.cpu_count() or 1
timeout = 60
max_requests = 10_000  # then a process is followed by a fresh one
max_requests_jitter = 1_000
accesslog = "-"
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108 - for heartbeats, which must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

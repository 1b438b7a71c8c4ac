"""The tests with database queries, again on a real PostgreSQL, and those that only make sense there."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from reconstruct.similarity import has_pgvector
from tests.services import postgresql

pytestmark = pytest.mark.slow

FILES = [
    "bad_input",
    "admin",
    "api",
    "api_keys",
    "api_reading",
    "buckets",
    "car",
    "code",
    "delete",
    "examples",
    "explore",
    "gallery",
    "healthz",
    "history",
    "home",
]
FILES += [
    "limits",
    "migrations",
    "moderation",
    "orders",
    "places",
    "privacy",
    "publish",
    "robots",
    "several",
    "steer",
    "storage_failure",
    "sweep",
    "upload",
]
HERE = Path(__file__).parent

first_run = pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="this is the second run already")


def run(*command, **environment):
    result = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=HERE.parents[1],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def run_again(address, *tests):
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov", *tests, TEST_DATABASE_URL=address)


@first_run
def test_the_database_tests_pass_on_postgresql():
    files = [HERE / f"test_{name}.py" for name in FILES]
    with postgresql() as address:
        run_again(
            address,
            *files,
            HERE / "pgvector.py",
            HERE / "races.py",
            f"{__file__}::test_it_runs_on_the_database_that_is_meant",
        )


@first_run
def test_the_search_for_cars_that_are_alike_passes_without_pgvector():
    with postgresql(pgvector=False) as address:
        run_again(address, HERE / "test_places.py", f"{__file__}::test_it_runs_without_the_extension")


@first_run
def test_a_user_who_may_not_create_the_extension_migrates_and_finds_it_when_it_is_there():
    def manage(*arguments):
        user = address.replace("postgres@", "site@")
        run("manage.py", *arguments, LOCAL="1", DATABASE_URL=user, DJANGO_SETTINGS_MODULE="carsite.settings")

    def columns():
        found = admin.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'reconstruct_place'"
        )
        return {name for (name,) in found}

    with (
        postgresql() as address,
        psycopg.connect(address.replace("postgres:", "postgresql:"), autocommit=True) as admin,
    ):
        admin.execute("CREATE ROLE site LOGIN")
        admin.execute("GRANT ALL ON SCHEMA public TO site")
        manage("migrate")
        assert "vector" in columns()
        assert "embedding" not in columns()

        admin.execute("CREATE EXTENSION vector")
        manage("migrate", "reconstruct", "0003")
        manage("migrate")
        assert "embedding" in columns()


@first_run
def test_no_query_of_a_page_is_without_end(monkeypatch):
    for setting in runpy.run_path(str(HERE.parents[1] / "deploy" / "gunicorn.py"))["raw_env"]:
        name, _, text = setting.partition("=")
        monkeypatch.setenv(name, text)
    with postgresql() as address, psycopg.connect(address.replace("postgres:", "postgresql:")) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("10s",)


STOPPED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import close_old_connections
from django.test import Client
from tests.services import processes_of

call_command("migrate", verbosity=0)
client = Client(headers={"host": "localhost"})
assert client.get("/gallery/").status_code == 200
processes = processes_of(sys.argv[1])
for process in processes:
    os.kill(process, signal.SIGSTOP)
try:
    for method, address in (("get", "/gallery/"), ("get", "/cars/none/"), ("post", "/cars/none/report/")):
        close_old_connections()  # which a server does after each request, and the test client does not
        response = getattr(client, method)(address)
        assert response.status_code == 503, address
        assert response["Retry-After"] == "60"
    close_old_connections()
    assert client.get("/healthz").status_code == 503
finally:
    for process in processes:
        os.kill(process, signal.SIGCONT)
close_old_connections()
assert client.get("/gallery/").status_code == 200
"""


@first_run
def test_a_server_that_is_stopped_is_waited_for_and_then_the_answer_is_a_503():
    """Without DATABASE_ANSWER_S, this waits for ever."""
    with postgresql() as address:
        impatient = f"{address}&connect_timeout=1"
        environment = {"LOCAL": "1", "DATABASE_URL": impatient, "DJANGO_SETTINGS_MODULE": "carsite.settings"}
        run("-c", STOPPED, address, DATABASE_ANSWER_S="1", **environment)


def test_it_runs_on_the_database_that_is_meant(db):
    """In the second run; in the first, SQLite."""
    assert connection.vendor == ("postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite")


def test_it_runs_without_the_extension(db):
    """On SQLite as well."""
    assert not has_pgvector()

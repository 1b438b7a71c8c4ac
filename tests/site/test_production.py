"""A production start, in a process and a folder of its own."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

import ml
from ml.serving.manifest import MANIFEST, WEIGHTS, sha256
from tests.deployments import LAMBDA, PRODUCTION, copied_to

pytestmark = pytest.mark.slow

ROOT = Path(ml.__file__).parents[1]


def run_in(folder, environment, *command):
    """The finished process, started with nothing but this environment."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)} | environment
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The code in a folder of its own, deployed: its static files are collected."""
    folder = copied_to(tmp_path_factory.mktemp("site"))
    result = run_in(folder, PRODUCTION, "manage.py", "collectstatic", "--noinput")
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture
def spoilt_site(site, tmp_path):
    """A copy of the deployed site that a test may damage."""
    shutil.copytree(site, tmp_path, dirs_exist_ok=True)
    return tmp_path


def start(folder, environment):
    return run_in(folder, environment, "-c", "import carsite.wsgi")


def test_check_deploy_is_clean(site):
    result = run_in(site, PRODUCTION, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_a_complete_deployment_starts(site):
    result = start(site, PRODUCTION)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["LOCAL", "DEBUG"])
def test_ones_own_machine_needs_no_settings(site, name):
    result = start(site, {name: "1"})
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("command", [("-c", "import carsite.wsgi"), ("manage.py", "check")])
def test_a_missing_setting_stops_the_start_and_is_named(site, name, command):
    result = run_in(site, {key: text for key, text in PRODUCTION.items() if key != name}, *command)
    assert result.returncode != 0
    assert f"{name} is not set." in result.stderr


def test_lambda_starts_with_postgresql_and_a_bucket(site):
    result = start(site, LAMBDA)
    assert result.returncode == 0, result.stderr


def test_a_bucket_alone_brings_boto3_along(site):
    modules = "import sys, carsite.wsgi; print('boto3' in sys.modules)"
    assert run_in(site, PRODUCTION, "-c", modules).stdout.strip() == "False"


def test_serving_imports_nothing_that_only_training_needs(site):
    code = "import sys, carsite.wsgi, reconstruct.urls; print(*sys.modules)"
    modules = set(run_in(site, PRODUCTION, "-c", code).stdout.split())
    assert "onnxruntime" in modules
    assert modules.isdisjoint({"torch", "torchvision", "lightning_fabric", "onnx", "scipy", "skimage"})


@pytest.mark.parametrize(
    ("file", "command"),
    [
        (MANIFEST, ("-c", "import carsite.wsgi")),
        ("encoder.onnx", ("-c", "import carsite.wsgi")),
        ("decoder.onnx", ("manage.py", "check")),
        ("decoder.onnx", ("manage.py", "runserver", "--noreload")),
    ],
)
def test_missing_weights_stop_the_start_and_are_named(spoilt_site, file, command):
    missing = spoilt_site / "ml" / WEIGHTS.name / file
    missing.unlink()
    result = run_in(spoilt_site, PRODUCTION, *command)
    assert result.returncode != 0
    assert str(missing) in result.stderr


def test_static_files_that_were_not_collected_stop_the_start(spoilt_site):
    (spoilt_site / "staticfiles" / "staticfiles.json").unlink()
    result = start(spoilt_site, PRODUCTION)
    assert result.returncode != 0
    assert "Run manage.py collectstatic" in result.stderr


SESSION = """
import carsite.wsgi
from django.core.management import call_command
from django.test import Client

call_command("migrate", verbosity=0)
client = Client(headers={"host": "cars.example"})
for address in ("/", "/gallery/", "/how/", "/admin/login/"):
    response = client.get(address, secure=True)
    assert response.status_code == 200, address
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
home = client.get("/", secure=True)
assert home.cookies["csrftoken"]["secure"]
script = next(tag for tag in home.content.decode().split('"') if tag.startswith("/static/js/main."))
assert script != "/static/js/main.js"
served = client.get(script, secure=True)
assert b"".join(served)
assert "immutable" in served["Cache-Control"]
assert client.get("/").url == "https://cars.example/"
assert client.get("/", headers={"x-forwarded-proto": "https"}).status_code == 200
assert client.get("/healthz").status_code == 200
"""


def test_a_production_site_serves_its_pages_over_tls_with_hashed_static_files(spoilt_site):
    database = {"DATABASE_URL": f"sqlite:///{spoilt_site}/cars.sqlite3"}
    result = run_in(spoilt_site, PRODUCTION | database, "-c", SESSION)
    assert result.returncode == 0, result.stderr


BROKEN = """
import re
import carsite.wsgi
from django.test import Client
from reconstruct.models import Reconstruction

def fail(*arguments):
    raise RuntimeError("a bug")

Reconstruction.objects.gallery = fail
client = Client(headers={"host": "cars.example"}, raise_request_exception=False)
page = client.get("/gallery/", secure=True)
assert page.status_code == 500
assert b"Something broke" in page.content
linked = re.findall(r'href="(/[^"]+)"', page.content.decode())
sheets = [address for address in linked if address.endswith(".css")]
assert len(sheets) == 2, linked
for address in sheets:
    served = client.get(address, secure=True)
    assert served.status_code == 200, address
    assert b"@layer" in b"".join(served)
    assert "immutable" in served["Cache-Control"], address
"""


def test_the_page_of_an_error_of_ours_has_its_style_sheets(site):
    result = run_in(site, PRODUCTION, "-c", BROKEN)
    assert result.returncode == 0, result.stderr


@pytest.fixture
def served(spoilt_site):
    """The address of gunicorn, as `make serve` and the container start it."""
    database = {"DATABASE_URL": f"sqlite:///{spoilt_site}/cars.sqlite3"}
    assert run_in(spoilt_site, PRODUCTION | database, "manage.py", "migrate").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as listener:  # handed on, so that nobody takes the port in between
        options = ("--bind", f"fd://{listener.fileno()}", "--config", ROOT / "deploy" / "gunicorn.py")
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "carsite.wsgi"],
            cwd=spoilt_site,
            env={"PATH": os.environ["PATH"]} | PRODUCTION | database,
            pass_fds=[listener.fileno()],
        )
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.terminate()
        assert server.wait(timeout=30) == 0


def test_a_server_behind_a_proxy_serves_the_site(served):
    asked = {"Host": "cars.example", "X-Forwarded-Proto": "https"}
    assert requests.get(f"{served}/healthz", headers={"Host": "cars.example"}, timeout=30).json()["status"] == "ok"
    home = requests.get(served, headers=asked, timeout=30)
    assert home.status_code == 200
    script = next(address for address in home.text.split('"') if address.startswith("/static/js/main."))
    assert "immutable" in requests.get(served + script, headers=asked, timeout=30).headers["Cache-Control"]


def test_clients_that_send_slowly_keep_nobody_waiting(served):
    host, port = served.removeprefix("http://").split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(4 * (os.cpu_count() or 1))]
    for client in slow:
        client.sendall(b"POST /upload/ HTTP/1.1\r\nHost: cars.ex")
    assert requests.get(f"{served}/healthz", headers={"Host": "cars.example"}, timeout=30).status_code == 200
    for client in slow:
        client.close()


def test_damaged_weights_stop_the_start_with_both_hashes(spoilt_site):
    damaged = spoilt_site / "ml" / WEIGHTS.name / "encoder.onnx"
    stated = sha256(damaged)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    result = run_in(spoilt_site, PRODUCTION, "-c", "import carsite.wsgi")
    assert result.returncode != 0
    assert all(words in result.stderr for words in (str(damaged), stated, sha256(damaged)))

"""The package, built once for all workers, and the services around it: what AWS would give it, on this machine.

LAMBDA_PACKAGE names a zip that `make package` has built, to save building one.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import boto3
import pytest

import deploy.package
from deploy.stage import DeployError
from tests.deployed import client, events
from tests.deployed.runtime_api import UNPRIVILEGED, Function, Runtime
from tests.deployments import PRODUCTION
from tests.services import aws, postgresql

HANDLER = "carsite.aws_lambda.lambda_handler"
BUCKET = "pictures"
KEYS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_DEFAULT_REGION": "us-east-1"}
STAFF = {"DJANGO_SUPERUSER_USERNAME": "staff", "DJANGO_SUPERUSER_PASSWORD": "not a secret"}
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("lambda")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """The folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


def made_once(path, make):
    """The path, which the first worker to want it makes, by calling `make` with another path, and the rest wait for."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_name(f"{path.name}.unfinished")
            make(unfinished)
            unfinished.rename(path)
    return path


@pytest.fixture(scope="session")
def runtime(shared_folder):
    try:
        python = deploy.package.find_python()
    except DeployError as error:
        pytest.skip(str(error))
    libraries = made_once(shared_folder / "runtime", lambda folder: Runtime.installed(python, folder))
    return Runtime(python, libraries)


@pytest.fixture(scope="session")
def package_zip(runtime, shared_folder):
    if built := os.environ.get("LAMBDA_PACKAGE"):
        return Path(built).absolute()
    return made_once(shared_folder / "dev.zip", lambda out: deploy.package.build("dev", out))


@pytest.fixture(scope="session")
def package(package_zip, tmp_path_factory):
    """The package unzipped, where nothing may write, as under /var/task."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(package_zip) as archive:
        archive.extractall(folder)
    with made_read_only(folder):
        assert subprocess.run([*UNPRIVILEGED, "touch", folder / "new"], check=False, capture_output=True).returncode
        yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def made_read_only(folder):
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555)
    yield
    for path in paths:
        path.chmod(0o755)


@pytest.fixture(scope="session")
def database():
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session")
def cloud():
    """The address of what stands in for AWS, with the account's keys in the environment."""
    with pytest.MonkeyPatch.context() as patch, aws() as address:
        for name, text in KEYS.items():
            patch.setenv(name, text)
        yield address


@pytest.fixture(scope="session")
def bucket(cloud):
    return boto3.resource("s3", endpoint_url=cloud).create_bucket(Bucket=BUCKET)


def deployment(database, cloud):
    """What the stage's settings give the function, with the account's keys in place of its role."""
    return (
        PRODUCTION
        | STAFF
        | KEYS
        | {
            "ALLOWED_HOSTS": "cars.example",
            "AWS_ENDPOINT_URL": cloud,
            "DATABASE_URL": database,
            "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
            "S3_BUCKET": BUCKET,
            "S3_PREFIX": "dev/pictures",
        }
    )


@pytest.fixture(scope="session")
def environment(database, bucket, cloud):
    return deployment(database, cloud)


@pytest.fixture(scope="session")
def start(package, runtime, environment, tmp_path_factory):
    """A function that starts the packaged function, with changes to its environment."""

    def start(changed=None, *, handler=HANDLER, **options):
        log = tmp_path_factory.mktemp("log") / "function.log"
        return Function(package, runtime, environment | (changed or {}), handler=handler, log=log, **options)

    return start


@pytest.fixture(scope="session")
def function(start):
    """The packaged function, its database migrated, with one member of staff."""
    with start() as function:
        function.invoke({"manage": "migrate --verbosity 0"})
        function.invoke({"manage": "createsuperuser --noinput --email staff@cars.example"})
        yield function


@pytest.fixture(params=[events.function_url, events.rest], ids=["function-url", "rest"])
def form(request):
    return request.param


@pytest.fixture
def visitor(function, form):
    return client.visitor(function, form)

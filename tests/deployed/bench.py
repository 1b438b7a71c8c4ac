"""How long the first visitor waits: python -m tests.deployed.bench

Starts the packaged function, its twin without compiled bytecode, and the same network in PyTorch with and without, in
turns, and prints the median of each figure. Every file is in the disk's cache already, which favours the larger ones.
"""

import argparse
import base64
import contextlib
import math
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from pathlib import Path

import boto3
import torch

import deploy.package
from deploy.stage import ROOT
from ml.config import ModelConfig
from ml.model import VAE
from tests.cars import as_file, draw_car
from tests.deployed import client, events
from tests.deployed.conftest import BUCKET, HANDLER, KEYS, deployment
from tests.deployed.runtime_api import Function, Runtime
from tests.services import aws, postgresql

COLUMNS = ("first response ms", "first reconstruction ms", "warm reconstruction ms", "peak memory MB", "unzipped MB")
WARM = 10
MB = 1_000_000
PICTURE = as_file(draw_car((1200, 750)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--package", type=Path, help="a zip that `make package` has built")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        os.environ |= KEYS
        database, cloud = stack.enter_context(postgresql()), stack.enter_context(aws())
        boto3.resource("s3", endpoint_url=cloud).create_bucket(Bucket=BUCKET)
        candidates = {
            "this package": packaged(folder / "compiled", arguments.package, deployment(database, cloud)),
            "… without bytecode": packaged(folder / "plain", None, deployment(database, cloud), bytecode=False),
            "PyTorch": pytorch(folder / "torch"),
            "… without bytecode ": pytorch(folder / "torch-plain", bytecode=False),
        }
        with candidates["this package"].start() as function:
            function.invoke({"manage": "migrate --verbosity 0"})
        rounds = [{name: each.measure() for name, each in candidates.items()} for _ in range(arguments.rounds)]
        print(f"| | {' | '.join(COLUMNS)} |\n| --- |{' ---: |' * len(COLUMNS)}")
        for name, each in candidates.items():
            medians = [statistics.median(column) for column in zip(*(once[name] for once in rounds), strict=True)]
            figures = [*medians, size_mb(each.folder)]
            print(f"| {name.strip()} | {' | '.join('–' if math.isnan(x) else f'{x:.0f}' for x in figures)} |")


class Candidate:
    """`folder`: what would have to be shipped, and `start`, a function that starts it."""

    def __init__(self, folder, start):
        self.folder, self.start = folder, start

    def measure(self):
        """Milliseconds three times, and megabytes: all COLUMNS but the last."""
        with self.start() as function:
            first_response = self.respond(function)
        with self.start() as function:
            self.reconstruct(function)
            first = elapsed_ms(function.started_at)
            warm = [self.warm_ms(function) for _ in range(WARM)]
            return first_response, first, statistics.median(warm), peak_memory_mb(function)

    def warm_ms(self, function):
        started_at = time.perf_counter()
        self.reconstruct(function)
        return elapsed_ms(started_at)


class Site(Candidate):
    """Reconstructing is a visitor's upload: two pictures in the bucket, a row in the database."""

    def respond(self, function):
        client.visitor(function, events.function_url)
        return elapsed_ms(function.started_at)

    def reconstruct(self, function):
        visitor = client.session(function, events.function_url)
        visitor.token = "t" * 32
        visitor.cookies.set("csrftoken", visitor.token)
        assert client.upload(visitor, PICTURE).status_code == 303


class Bare(Candidate):
    """Reconstructing is the network alone: no site, no bucket, no database."""

    def respond(self, function):
        return math.nan

    def reconstruct(self, function):
        assert function.invoke({"picture": base64.b64encode(PICTURE).decode()})["error"] > 0


def packaged(folder, archive, environment, *, bytecode=True):
    archive = archive or deploy.package.build("dev", folder.with_suffix(".zip"), bytecode=bytecode)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    subprocess.run(["chmod", "-R", "a-w", folder], check=True)
    runtime = Runtime.installed(deploy.package.find_python(), folder.with_suffix(".runtime"))
    log = folder.with_suffix(".log")
    return Site(folder, lambda: Function(folder, runtime, environment, handler=HANDLER, log=log))


def pytorch(folder, *, bytecode=True):
    folder.mkdir()
    checkpoint = folder / "checkpoint.pt"
    torch.save(VAE(ModelConfig()).state_dict(), checkpoint)
    environment = {"CHECKPOINT": str(checkpoint)}
    if not bytecode:  # of what would be in a package; Python's own library has its bytecode on Lambda, too
        environment |= {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONDONTWRITEBYTECODE": "1"}
        library = sysconfig.get_path("stdlib")
        subprocess.run(
            [sys.executable, "-m", "compileall", "-q", "-x", f"{library}/(site-packages|test)/", library],
            env=os.environ | {"PYTHONPYCACHEPREFIX": environment["PYTHONPYCACHEPREFIX"]},
            check=False,  # it holds files that are meant to be wrong
            capture_output=True,
        )
    runtime = Runtime.installed(sys.executable, folder / "runtime")
    log = folder / "function.log"
    handler = "tests.deployed.torch_handler.handler"
    return Bare(Path(torch.__file__).parent, lambda: Function(ROOT, runtime, environment, handler=handler, log=log))


def elapsed_ms(started_at):
    return (time.perf_counter() - started_at) * 1000


def peak_memory_mb(function):
    status = Path(f"/proc/{function.workers[0].pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / MB


def size_mb(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MB


if __name__ == "__main__":
    main()

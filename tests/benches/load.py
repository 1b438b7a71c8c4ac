"""Many visitors at once, under production settings, while bucket and database stop and go on: make bench-load.

gunicorn as `make serve` starts it, a PostgreSQL, and moto in place of S3, all of them here: nothing else is asked for
anything, and it ends by itself after some minutes.
"""

import argparse
import contextlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import psycopg
import requests

from tests.cars import as_file, draw_car
from tests.deployments import PRODUCTION, copied_to
from tests.services import BUCKET, postgresql, processes_of

ROOT = Path(__file__).parents[2]
HEADERS = {"Host": "cars.example", "X-Forwarded-Proto": "https"}
AWS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_DEFAULT_REGION": "us-east-1"}
PATIENCE_S = 120  # of a client
STOPPED_S = 60
FLOOD_S = 20
FLOODERS = 32


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benches.load", description=__doc__)
    parser.add_argument("--uploads", type=int, default=200, help="at once (default 200)")
    parser.add_argument("--visitors", type=int, default=1000, help="of the gallery (default 1000)")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgresql())
        bucket, s3 = stack.enter_context(s3_server())
        site = Site(stack.enter_context(serving(database, s3)))
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")

        tell(f"{options.uploads} uploads at once", upload(site, options.uploads))
        tell(f"{options.visitors} visitors of the gallery", visit(site, options.visitors))
        tell("pages, one after the other", [site.ask("GET", "/gallery/") for _ in range(50)])
        for name, flood in {"uploads": Flood(site, site.upload), "slow pictures": Flood(site, site.files)}.items():
            tell(f"a flood of {name} from one address", flood.run())
            tell("  meanwhile, the pages of others", flood.others)
        tell("the bucket stopped", stopped(site, [bucket.pid], options.uploads))
        tell("after it", visit(site, 50) + upload(site, 20))
        tell("the database stopped", stopped(site, processes_of(database), options.uploads))
        tell("after it", visit(site, 50) + upload(site, 20))
        balance(site, database, s3)


class Site:
    """The site as many clients ask it, each from an address of its own; what was answered is counted."""

    def __init__(self, address):
        self.address = address
        self.kept = []  # slugs of the cars that were answered 201
        shown = requests.get(f"{address}/api/v1/cars", headers=HEADERS, timeout=PATIENCE_S).json()["cars"]
        self.shown = [car["slug"] for car in shown]
        self.version = shown[0]["model_version"]
        self.clients = 0
        self.lock = threading.Lock()

    def ask(self, method, path, client=None, **options):
        """Status and seconds of one request; 0 for one that was cut off."""
        with self.lock:
            self.clients += 1
            number = self.clients
        headers = HEADERS | {"X-Forwarded-For": client or f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        started = time.monotonic()
        try:
            response = requests.request(
                method, self.address + path, headers=headers, timeout=PATIENCE_S, allow_redirects=False, **options
            )
        except requests.RequestException:
            return 0, time.monotonic() - started
        if response.status_code == 201:
            self.kept.append(response.json()["slug"])
        return response.status_code, time.monotonic() - started

    def upload(self, number, client=None):
        paint = (number * 37 % 256, number * 101 % 256, number * 11 % 256)
        content = as_file(draw_car((640, 400), paint))
        return self.ask("POST", "/api/v1/cars", client, files={"image": content}, data={"public": "true"})

    def files(self, number, client=None):
        """A car's files at all prices: of what the site paints, what takes longest."""
        slug = self.shown[number % len(self.shown)]
        return self.ask("GET", f"/cars/{slug}/files?v={self.version}", client)


def at_once(count, ask, threads=None):
    with ThreadPoolExecutor(threads or count) as pool:
        return list(pool.map(ask, range(count)))


def upload(site, count):
    return at_once(count, site.upload)


def visit(site, count):
    """A page of the gallery each, and the page of a car of it."""

    def look(number):
        pages = "/gallery/", f"/cars/{site.shown[number % len(site.shown)]}/"
        return [site.ask("GET", page) for page in pages]

    return [answer for answers in at_once(count, look, threads=50) for answer in answers]


class Flood:
    """As much as one address asks for, one after the other on each of its connections, and others who look on."""

    def __init__(self, site, ask):
        self.site, self.ask, self.others = site, ask, []

    def run(self):
        ends_at = time.monotonic() + FLOOD_S

        def send(number):
            answers = []
            while time.monotonic() < ends_at:
                answers.append(self.ask(number + len(answers), client="203.0.113.7"))
            return answers

        with ThreadPoolExecutor(FLOODERS) as pool:
            floods = [pool.submit(send, number) for number in range(FLOODERS)]
            while time.monotonic() < ends_at:
                self.others.append(self.site.ask("GET", "/gallery/"))
                time.sleep(0.1)
            return [answer for flood in floods for answer in flood.result()]


def stopped(site, processes, uploads):
    """What is asked while these processes stand still, which they do in the middle of uploads."""
    with ThreadPoolExecutor(40) as pool:
        sent = [pool.submit(site.upload, number) for number in range(min(uploads, 20))]
        time.sleep(1)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            sent += [pool.submit(site.ask, "GET", f"/cars/{slug}/thumbnail") for slug in site.shown]
            sent += [pool.submit(site.ask, "GET", "/gallery/") for _ in range(10)]
            time.sleep(STOPPED_S)
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)
        return [answer.result() for answer in sent]


def tell(name, answers):
    statuses = Counter(status for status, _ in answers)
    times = sorted(1000 * seconds for _, seconds in answers)
    counted = ", ".join(f"{count} × {status or 'cut off'}" for status, count in sorted(statuses.items()))
    p95, longest = times[int(0.95 * (len(times) - 1))], times[-1]
    wrong = sum(count for status, count in statuses.items() if status >= 500 and status != 503)
    print(
        f"{name}: {counted}; other 5xx: {wrong}; median {statistics.median(times):.0f} ms, p95 {p95:.0f}, "
        f"longest {longest:.0f}",
        flush=True,
    )


def balance(site, database, s3):
    """What became of the cars that were answered 201, and what is there that nobody was told of."""
    with psycopg.connect(database.replace("postgres:", "postgresql:")) as connection:
        rows = connection.execute("SELECT slug, original, reconstruction FROM reconstruct_reconstruction").fetchall()
    stored = {item.key for item in s3.objects.all()}
    named = {key for _, *keys in rows for key in keys}
    lost = set(site.kept) - {slug for slug, original, rebuilt in rows if {original, rebuilt} <= stored}
    rows = [row for row in rows if row[0] not in site.shown]
    print(
        f"\nkept: {len(site.kept)}; lost: {len(lost)}; doubled: {len(rows) - len({slug for slug, *_ in rows})}; "
        f"kept without an answer: {len(rows) - len(set(site.kept))}; rows without pictures: {len(named - stored)}; "
        f"pictures for the sweep: {len(stored - named)}"
    )


@contextlib.contextmanager
def s3_server():
    """The process of moto, and a bucket of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], **quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        os.environ |= AWS | {"AWS_ENDPOINT_URL": address}
        yield server, boto3.resource("s3").create_bucket(Bucket=BUCKET)
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def serving(database, s3):
    """The address of the site: a copy of the code, deployed, behind a proxy that says which address asks."""
    settings = {"DATABASE_URL": database, "S3_BUCKET": s3.name, "GALLERY_REQUIRES_APPROVAL": "0"}
    settings |= {"TRUSTED_PROXIES": "1", "OMP_NUM_THREADS": "1", "PATH": os.environ["PATH"]}
    environment = PRODUCTION | AWS | settings | {"AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]}
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        folder = copied_to(Path(name))
        manage = [sys.executable, "manage.py"]
        for command in (
            ["collectstatic", "--noinput", "--verbosity=0"],
            ["migrate", "--verbosity=0"],
            ["seed_examples"],
        ):
            subprocess.run([*manage, *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        options = ["--bind", f"fd://{listener.fileno()}", "--config", ROOT / "deploy" / "gunicorn.py"]
        log = (folder / "log").open("w")
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "--access-logfile", "/dev/null", "carsite.wsgi"],
            cwd=folder,
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            wait_for(f"{address}/healthz", HEADERS)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address, headers=None):
    for _ in range(300):
        with contextlib.suppress(requests.RequestException):
            if requests.get(address, headers=headers, timeout=10).ok:
                return
        time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


if __name__ == "__main__":
    main()

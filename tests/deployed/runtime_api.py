"""The packaged function as Lambda runs it: Amazon's own runtime client in front of our code, and this behind it.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import dataclasses
import json
import os
import queue
import subprocess
import threading
import time
import uuid
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

VERSION = "/2018-06-01/runtime"
# Root may write where nobody may, unless it lays that privilege down first.
UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
LOCK = Path(__file__).parents[2] / "locks" / "tests" / "deployed" / "requirements.txt"
MEMORY_MB = 1769
TIMEOUT_S = 60


class FunctionError(Exception):
    """The function raised, or did not start; the message is what it says of itself, and its log."""


class RuntimeAPI(ThreadingHTTPServer):
    """Hands invocations to whichever worker asks first."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), RuntimeAPIHandler)
        self.waiting = queue.SimpleQueue()
        self.under_way = {}
        self.broken = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def submit(self, event):
        """A future of what the function answers."""
        invocation = (str(uuid.uuid4()), json.dumps(event).encode(), Future())
        self.under_way[invocation[0]] = invocation[2]
        if self.broken:
            self.fail(self.broken)
        self.waiting.put(invocation)
        return invocation[2]

    def answer(self, invocation_id, payload):
        self.under_way.pop(invocation_id).set_result(json.loads(payload))

    def fail(self, message, invocation_id=None):
        """Ends one invocation, or all of them."""
        for each in [invocation_id] if invocation_id else list(self.under_way):
            if future := self.under_way.pop(each, None):
                future.set_exception(FunctionError(message))


class RuntimeAPIHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        assert self.path == f"{VERSION}/invocation/next"
        invocation_id, payload, _ = self.server.waiting.get()
        self.respond(
            200,
            payload,
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation_id,
                "Lambda-Runtime-Deadline-Ms": "9999999999999",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:cars",
            },
        )

    def do_POST(self):
        payload = self.rfile.read(int(self.headers["Content-Length"]))
        match self.path.removeprefix(VERSION).split("/"):
            case ["", "invocation", invocation_id, "response"]:
                self.server.answer(invocation_id, payload)
            case ["", "invocation", invocation_id, "error"]:
                self.server.fail(payload.decode(), invocation_id)
            case ["", "init", "error"]:
                self.server.broken = payload.decode()
                self.server.fail(self.server.broken)
        self.respond(202)

    def respond(self, status, body=b"", headers=None):
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@dataclasses.dataclass(frozen=True)
class Runtime:
    """A Python, and the folder with Amazon's runtime client for it."""

    python: str
    libraries: Path

    @classmethod
    def installed(cls, python, libraries):
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", libraries)
        subprocess.run([python, *pip, "--require-hashes", "-r", LOCK], check=True, capture_output=True)
        return cls(python, libraries)


class Function:
    """A package, unzipped in a folder, in as many workers as Lambda would start for so many requests at once.

    `started_at`: by time.perf_counter.
    """

    def __init__(self, package, runtime, environment, *, handler, log, workers=1):
        self.api = RuntimeAPI()
        self.log = log
        self.environment = {
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
            "AWS_LAMBDA_FUNCTION_NAME": "cars",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_RUNTIME_API": "{}:{}".format(*self.api.server_address),
            "AWS_REGION": "us-east-1",
            "LAMBDA_TASK_ROOT": str(package),
            "LANG": "en_US.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(runtime.libraries),
            "TZ": ":UTC",
        } | environment
        self.started_at = time.perf_counter()
        with log.open("ab") as output:
            self.workers = [
                subprocess.Popen(
                    [*UNPRIVILEGED, runtime.python, "-m", "awslambdaric", handler],
                    cwd=package,
                    env=self.environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
                for _ in range(workers)
            ]
        for worker in self.workers:
            threading.Thread(target=self.watch, args=[worker], daemon=True).start()

    def watch(self, worker):
        """A worker that ends, ends what it was at."""
        if status := worker.wait():
            self.api.broken = self.api.broken or f"A worker ended with status {status}."
            self.api.fail(f"{self.api.broken}\n{self.log.read_text()}")

    def invoke(self, event):
        """What the function answers. Raises FunctionError."""
        return self.api.submit(event).result(TIMEOUT_S)

    def stop(self):
        for worker in self.workers:
            worker.kill()
        self.api.shutdown()
        self.api.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.stop()

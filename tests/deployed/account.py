"""An AWS account in which functions really run: moto, and what moto lacks.

moto runs functions in Docker alone and cannot list their addresses. So this stands in front of it, runs what is
deployed by the Runtime API, behind a gateway, and hands everything else on.
"""

import hashlib
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import boto3

from tests.deployed.calls import permission
from tests.deployed.gateway import Gateway
from tests.deployed.runtime_api import FunctionError


class Account(ThreadingHTTPServer):
    """`start`: a function that starts the package in an environment, which must be the one that is deployed.

    `concurrency`: how many requests it lets Lambda serve at once; `called`: the permissions that
    others than the function have needed so far.
    """

    daemon_threads = True

    def __init__(self, moto, region, package_zip, start):
        super().__init__(("127.0.0.1", 0), AccountHandler)
        self.moto, self.region, self.start = moto, region, start
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.package = hashlib.sha256(package_zip.read_bytes()).digest()
        self.running, self.lock = None, threading.Lock()
        self.concurrency, self.called = 1000, set()
        self.gateway = Gateway(self.invoke)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def invoke(self, event):
        with self.lock:
            if self.running is None:
                functions = boto3.client("lambda", endpoint_url=self.moto, region_name=self.region)
                (function,) = functions.list_functions()["Functions"]
                changes = function["Environment"]["Variables"] | {"AWS_ENDPOINT_URL": self.url}
                self.running = self.start(changes, handler=function["Handler"])
        return self.running.invoke(event)

    def changed(self):
        """The function is another now: the next to ask for it starts it."""
        with self.lock:
            if self.running:
                self.running.stop()
            self.running = None

    def holds_the_package(self, code):
        found = boto3.client("s3", endpoint_url=self.moto).get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])
        return hashlib.sha256(found["Body"].read()).digest() == self.package

    def __exit__(self, *raised):
        self.changed()
        self.gateway.__exit__(*raised)
        self.shutdown()
        super().__exit__(*raised)


class AccountHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_request(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if "Authorization" in self.headers and "exec-env/AWS_Lambda" not in self.headers["User-Agent"]:
            self.server.called.add(permission(self.command, self.path, self.headers, body))
        match [self.command, *urlsplit(self.path).path.split("/")[1:]]:
            case ["POST", _, "functions", _, "invocations"]:
                return self.invoke(json.loads(body))
            case ["GET", _, "account-settings", *_]:
                return self.respond(200, [], json.dumps({"AccountLimit": self.limits()}).encode())
            case ["GET", _, "functions", _, "urls"]:
                status, _, found = self.ask_moto(body, self.path.split("/urls")[0] + "/url")
                configurations = [json.loads(found)] if status < 300 else []
                return self.respond(200, [], json.dumps({"FunctionUrlConfigs": configurations}).encode())
            case ["POST", _, "functions", ""] | ["POST", _, "functions"]:
                assert self.server.holds_the_package(json.loads(body)["Code"])
                self.server.changed()
            case ["PUT", _, "functions", _, "code"]:
                assert self.server.holds_the_package(json.loads(body))
                self.server.changed()
            case ["PUT", _, "functions", _, "configuration"]:
                self.server.changed()
        return self.respond(*self.ask_moto(body, self.path))

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = handle_request

    def limits(self):
        """Of the account. moto does not know them."""
        functions = boto3.client("lambda", endpoint_url=self.server.moto, region_name=self.server.region)
        names = [function["FunctionName"] for function in functions.list_functions()["Functions"]]
        caps = [functions.get_function_concurrency(FunctionName=name) for name in names]
        reserved = sum(cap.get("ReservedConcurrentExecutions", 0) for cap in caps)
        limit = self.server.concurrency
        return {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": limit - reserved}

    def ask_moto(self, body, path):
        """Status, headers and body of moto's answer, with the gateway for a function's address."""
        connection = http.client.HTTPConnection(urlsplit(self.server.moto).netloc)
        connection.request(self.command, path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        if b'"FunctionUrl":' in content:
            content = json.dumps(json.loads(content) | {"FunctionUrl": self.server.gateway.url}).encode()
        return answer.status, answer.getheaders(), content

    def invoke(self, event):
        try:
            payload, failed = self.server.invoke(event), []
        except FunctionError as error:
            payload, failed = {"errorMessage": str(error)}, [("X-Amz-Function-Error", "Unhandled")]
        self.respond(200, failed, json.dumps(payload).encode())

    def respond(self, status, headers, content):
        self.send_response(status)
        for name, text in headers:
            if name.lower() not in ("connection", "date", "server") and (
                name != "Content-Length" or self.command == "HEAD"
            ):
                self.send_header(name, text)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass

"""What AWS puts in front of a function: TLS, and HTTP requests turned into events of a function URL."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

from tests.deployed import events

TOO_LARGE = b'{"Message":"Request Entity Too Large"}'  # Amazon's own answer, before the function hears of it
OWN_HEADERS = {"connection", "content-length", "date", "server", "transfer-encoding"}


class Gateway(ThreadingHTTPServer):
    """`invoke`: what an event is given to. Its `url` ends in a slash, like a function URL."""

    daemon_threads = True

    def __init__(self, invoke):
        super().__init__(("127.0.0.1", 0), GatewayHandler)
        self.invoke = invoke
        self.url = f"https://127.0.0.1:{self.server_address[1]}/"
        self.authority = trustme.CA()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1").configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A browser that is closed breaks its connections off."""

    def __exit__(self, *raised):
        self.shutdown()
        super().__exit__(*raised)


class GatewayHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_request(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        url = f"https://{self.headers['Host']}{self.path}"
        event = events.function_url(events.Request(self.command, url, tuple(self.headers.items()), body))
        if events.size_of(event) > events.MAX_PAYLOAD_BYTES:
            return self.respond(events.Answer(413, [("Content-Type", "application/json")], TOO_LARGE))
        return self.respond(events.answer_of(self.server.invoke(event)))

    do_GET = do_HEAD = do_POST = handle_request

    def respond(self, answer):
        self.send_response(answer.status)
        for name, text in answer.headers:
            if name.lower() not in OWN_HEADERS:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *args):
        pass

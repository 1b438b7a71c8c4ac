"""The database, the bucket or the decoder does not answer: a page of the site that says so, for what reads as well."""

import http.server
import socket
import threading

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper

from carsite.settings import s3_storage
from reconstruct import forms
from reconstruct.models import Reconstruction
from reconstruct.untrusted.decoder import DecoderError
from tests.cars import upload

pytestmark = pytest.mark.slow

READS = ["thumbnail", "depth/1", "difference", "code", "card", "variation/1"]


@pytest.fixture
def keep_pictures_at(settings, monkeypatch):
    """A function: from now on, pictures are in a bucket at this address."""

    def keep_pictures_at(endpoint):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "made-up")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        settings.S3_BUCKET = "pictures"
        settings.STORAGES = settings.STORAGES | {"default": s3_storage("pictures", "", endpoint)}

    return keep_pictures_at


@pytest.fixture
def bucket_is_gone(keep_pictures_at):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    keep_pictures_at("http://{}:{}".format(*address))


@pytest.fixture
def bucket_answers(keep_pictures_at):
    """A function: the bucket answers everything with this status and this code."""
    servers = []

    def bucket_answers(status, code):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        keep_pictures_at("http://{}:{}".format(*servers[-1].server_address))

    yield bucket_answers
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def bucket_is_silent(keep_pictures_at):
    """What a bucket is asked that takes every request and answers none."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            asked.append(self.command)

        def do_DELETE(self):
            asked.append(self.command)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    keep_pictures_at("http://{}:{}".format(*server.server_address))
    yield asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def database_is_gone(db):
    """A function that takes it away."""

    def fail(*args, **options):
        raise OperationalError("server closed the connection unexpectedly")

    with pytest.MonkeyPatch.context() as patch:  # which ends before the database is cleared
        yield lambda: patch.setattr(CursorWrapper, "execute", fail)


def assert_unavailable(response):
    assert response.status_code == 503
    assert "503.html" in [template.name for template in response.templates]
    assert response["Retry-After"] == "60"
    assert b"server closed" not in response.content


@pytest.mark.parametrize("read", READS)
def test_without_the_bucket_reading_is_a_503_page(visitor, car, bucket_is_gone, read):
    response = visitor.get(f"/cars/{car.slug}/{read}", follow=True)
    assert_unavailable(response)
    assert "Nothing was saved" not in response.content.decode()


def test_without_the_bucket_programs_are_told_so(visitor, car, bucket_is_gone):
    response = visitor.get(f"/api/v1/cars/{car.slug}/depth/1", follow=True)
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "60"


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (404, "NoSuchKey")])
@pytest.mark.parametrize("read", READS)
def test_a_picture_that_the_bucket_does_not_hand_out_is_a_404_and_a_line(
    visitor, car, bucket_answers, caplog, status, code, read
):
    bucket_answers(status, code)
    assert visitor.get(f"/cars/{car.slug}/{read}", follow=True).status_code == 404
    assert f"The bucket has lost {car.original}" in caplog.text
    assert code in caplog.text


@pytest.mark.parametrize(("status", "code"), [(403, "ExpiredToken"), (404, "NoSuchBucket"), (500, "InternalError")])
def test_a_bucket_that_refuses_everything_has_not_lost_the_picture(visitor, car, bucket_answers, status, code):
    bucket_answers(status, code)
    assert_unavailable(visitor.get(f"/cars/{car.slug}/thumbnail", follow=True))


@pytest.mark.parametrize("address", ["/", "/gallery/", "/cars/{}/", "/cars/{}/thumbnail", "/explore/map/"])
def test_without_the_database_reading_is_a_503_page(visitor, car, database_is_gone, address):
    database_is_gone()
    assert_unavailable(visitor.get(address.format(car.slug)))


def test_without_the_database_nothing_is_changed_and_the_page_says_so(visitor, car, database_is_gone):
    database_is_gone()
    response = visitor.post(f"/cars/{car.slug}/delete/")
    assert_unavailable(response)
    assert "Nothing was saved" in response.content.decode()


def test_without_the_decoder_an_upload_is_a_503_page(visitor, monkeypatch):
    def fail(chunks):
        raise DecoderError("server closed")

    monkeypatch.setattr(forms.decoder, "decode", fail)
    assert_unavailable(upload(visitor))
    assert not Reconstruction.objects.exists()


def test_an_upload_waits_for_a_silent_bucket_once(visitor, bucket_is_silent):
    """Two attempts to store the first picture, and none to delete it: each may take ten seconds."""
    assert_unavailable(upload(visitor))
    assert bucket_is_silent == ["PUT", "PUT"]
    assert not Reconstruction.objects.exists()


def test_a_bug_is_still_a_500(visitor, car, monkeypatch):
    def fail(*args):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Reconstruction, "open_original", fail)
    visitor.raise_request_exception = False
    assert visitor.get(car.thumbnail_url).status_code == 500


def test_the_wait_for_the_bucket_has_an_end(bucket_is_gone):
    config = default_storage.connection.meta.client.meta.config
    assert (config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"]) == (3, 10, 2)


def test_a_body_of_unknown_length_is_a_411(visitor, db):
    response = visitor.generic("POST", "/upload/", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411
    assert "411.html" in [template.name for template in response.templates]
    response = visitor.generic("POST", "/api/v1/cars", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411
    assert "Content-Length" in response.json()["detail"]

"""Fixtures of more than one subject: limits, programs that use the API, and a bucket."""

import boto3
import pytest
import requests
from django.test import Client

from reconstruct.limits import buckets
from tests.services import BUCKET, PREFIX, aws


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves on."""

    class Clock:
        now = 1_800_000_000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(buckets, "time", clock)
    return clock


@pytest.fixture
def limit(settings):
    """A function that sets the limit of a kind, an hour for a visitor and for an address."""

    def limit(kind, by_visitor, by_address):
        settings.LIMITS = settings.LIMITS | {kind: (by_visitor, by_address)}

    return limit


@pytest.fixture
def program(db):
    """A client without cookies, which fails wherever a CSRF token is required."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def document(program):
    return program.get("/api/openapi.json").json()


@pytest.fixture(scope="session")
def s3_server():
    with aws() as address:
        yield address


@pytest.fixture
def bucket(s3_server, settings, monkeypatch):
    """An empty private bucket, which the site now stores its pictures in, exactly as its settings say."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    requests.post(f"{s3_server}/moto-api/reset", timeout=10)
    bucket = boto3.resource("s3").create_bucket(Bucket=BUCKET)

    from carsite.settings import s3_storage

    settings.S3_BUCKET = BUCKET
    settings.STORAGES = settings.STORAGES | {"default": s3_storage(BUCKET, PREFIX, s3_server)}
    return bucket

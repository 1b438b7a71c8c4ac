"""Fixtures of more than one subject: limits, and programs that use the API."""

import pytest
from django.test import Client

from reconstruct.limits import buckets


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

"""Fixtures for the tests of the site: pictures, cars, visitors. The model is the one that is shipped."""

import os

import numpy as np
import pytest
from django.test import Client

from tests.cars import upload


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI everything is installed, so a skipped test counts as a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"Skipped, and with CI=true nothing may be: {report.longrepr}"
    return report


def pytest_collection_modifyitems(items):
    """Tests of the package come first: a worker takes tests from the end of another's part, and those of a deployment
    have to stay in their order.
    """
    items.sort(key=lambda item: "deployed" not in item.path.parts)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder that stands in for the storage."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def empty_index():
    """Clears the index of places after a test, because the next test's rows get the same ids again."""
    from reconstruct.similarity import index

    index.clear()


@pytest.fixture(autouse=True)
def familiar(monkeypatch):
    """Every picture is as familiar as a car: drawn ones are strange to the model, and would wait for approval."""
    from ml.serving.runtime import Runtime

    monkeypatch.setattr(Runtime, "typicality", lambda runtime, x, *others: np.full(len(x), 0.5, np.float32))


@pytest.fixture
def stored_files(media):
    return lambda: sorted(path for path in media.rglob("*") if path.is_file())


@pytest.fixture
def visitor(db):
    return Client()


@pytest.fixture
def stranger(db):
    return Client()


@pytest.fixture
def staff(admin_user):
    client = Client()
    client.force_login(admin_user)
    return client


@pytest.fixture
def upload_car():
    """A function that uploads as this visitor and returns the row."""
    from reconstruct.models import Reconstruction

    def upload_car(client, content=None, **options):
        response = upload(client, content, **options)
        assert response.status_code == 303, response.content.decode()
        return Reconstruction.objects.get(slug=response.url.split("/")[2])

    return upload_car


@pytest.fixture(scope="session")
def moulds():
    """By photograph: what an upload of it leaves."""
    return {}


@pytest.fixture
def store_car(db, moulds):
    """A function that gives this visitor a car, for tests of what comes after an upload: the model runs once in a
    session for each photograph. Without one, the cars look alike, and count as different all the same.
    """
    from tests.stored import Mould, visitor_with

    def store_car(client, content=None, *, public=True):
        if content not in moulds:
            moulds[content] = Mould.of(content)
        return moulds[content].cast(visitor=visitor_with(client), public=public, alone=content is None)

    return store_car


@pytest.fixture
def car(visitor, store_car):
    """A car in the gallery that is `visitor`'s."""
    return store_car(visitor)


@pytest.fixture
def private_car(visitor, store_car):
    return store_car(visitor, public=False)

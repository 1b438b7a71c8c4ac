"""The storage or the database fails in the middle of an upload: a page that says so, no row, no file."""

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError

from reconstruct.models import Reconstruction
from reconstruct.storage import NotSavedError
from reconstruct.uploads import reconstruct_again
from tests.cars import upload


@pytest.fixture
def storage_that_fails_after(monkeypatch):
    """A function: from the given number of files on, the storage writes half of each and fails."""

    def fail_after(count):
        backend, written = default_storage._wrapped, []
        save = backend.save

        def failing_save(name, content, **options):
            written.append(save(name, content, **options))
            if len(written) > count:
                raise OSError("No space left on device")
            return written[-1]

        monkeypatch.setattr(backend, "save", failing_save)

    default_storage.exists("")  # sets the lazy storage up
    return fail_after


@pytest.mark.parametrize("files_before", [0, 1])
def test_a_failing_storage_leaves_no_row_and_no_file(visitor, storage_that_fails_after, stored_files, files_before):
    storage_that_fails_after(files_before)
    response = upload(visitor)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert b"<html" in response.content
    assert not Reconstruction.objects.exists()
    assert stored_files() == []


def test_a_failing_database_leaves_no_file(visitor, monkeypatch, stored_files):
    def fail(*args, **kwargs):
        raise OperationalError("the database went away")

    monkeypatch.setattr(Reconstruction, "save", fail)
    assert upload(visitor).status_code == 503
    assert stored_files() == []


def test_a_storage_that_cannot_delete_either_is_asked_once_and_ends_on_the_page(
    visitor, storage_that_fails_after, monkeypatch
):
    asked = []

    def fail(name):
        asked.append(name)
        raise OSError("gone")

    storage_that_fails_after(1)
    monkeypatch.setattr(default_storage._wrapped, "delete", fail)
    assert upload(visitor).status_code == 503
    assert len(asked) == 1


def test_a_failed_second_reconstruction_keeps_the_first(car, storage_that_fails_after, stored_files):
    before = stored_files()
    storage_that_fails_after(0)
    with pytest.raises(NotSavedError, match="No space left"):
        reconstruct_again(car)
    assert stored_files() == before
    stored = Reconstruction.objects.get()
    assert stored.reconstruction.storage.exists(stored.reconstruction.name)

"""Pictures in the storage: written and removed together with the row that names them."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from typing import TypeAlias

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from reconstruct.unavailable import UnavailableError

Write: TypeAlias = Callable[[str, bytes], str]

PICTURES = "cars"  # the folder in the storage that holds a folder for each car


class NotSavedError(UnavailableError):
    """The pictures or the row could not be written. What a storage took without answering, the sweep removes."""


def unguessable_key(slug: str, suffix: str) -> str:
    """A key for a new picture. The slug is not enough to guess it: a visitor may know the slug of a private car."""
    return f"{PICTURES}/{slug}/{secrets.token_urlsafe(16)}.{suffix}"


def read(key: str) -> Image.Image:
    """The stored picture, RGB. Raises FileNotFoundError when it is gone."""
    with default_storage.open(key) as file, Image.open(file, formats=["JPEG", "PNG"]) as picture:
        return picture.convert("RGB")


def holds(key: str, content: bytes) -> bool:
    """Whether the stored picture is this file, byte for byte; not, where it is gone."""
    try:
        with default_storage.open(key) as file:
            return bool(file.read() == content)
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def files_removed_on_failure() -> Iterator[Write]:
    """Yields a function that stores a picture and returns its key. If the body fails, all it stored is deleted.

    Raises NotSavedError then.
    """
    keys: list[str] = []

    def write(key: str, content: bytes) -> str:
        keys.append(key)  # before saving, because a full disk leaves half a file
        return default_storage.save(key, ContentFile(content))

    try:
        yield write
    except Exception as error:  # storages and databases raise many types; S3 alone has dozens
        # The first failure is the one to report. A storage that does not answer is not waited for again: the sweep
        # removes the rest.
        if not isinstance(error, UnavailableError):
            with contextlib.suppress(Exception):
                for key in keys:
                    default_storage.delete(key)
        raise NotSavedError(str(error)) from error


def copied(key: str, slug: str, write: Write) -> str:
    """The key of a copy of a stored picture, which is deleted when the transaction commits; `key` where it is gone."""
    try:
        with default_storage.open(key) as file:
            content = file.read()
    except FileNotFoundError:
        return key
    remove_after_commit(key)
    return write(unguessable_key(slug, key.rpartition(".")[2]), content)


def remove_after_commit(key: str) -> None:
    """Deletes a stored picture after its row is deleted and committed. A storage that fails is logged."""

    def remove() -> None:
        default_storage.delete(key)

    transaction.on_commit(remove, robust=True)

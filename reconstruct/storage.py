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

Write: TypeAlias = Callable[[str, bytes], str]

PICTURES = "cars"  # the folder in the storage that holds a folder for each car


class NotSavedError(Exception):
    """The pictures or the row could not be written; nothing of them was kept."""


def unguessable_key(slug: str, suffix: str) -> str:
    """Where a picture is stored. The slug alone must not lead there: who knows it may still not see the car."""
    return f"{PICTURES}/{slug}/{secrets.token_urlsafe(16)}.{suffix}"


def read(key: str) -> Image.Image:
    """The stored picture, RGB. Raises FileNotFoundError when it is gone."""
    with default_storage.open(key) as file, Image.open(file, formats=["JPEG", "PNG"]) as picture:
        return picture.convert("RGB")


@contextlib.contextmanager
def files_removed_on_failure() -> Iterator[Write]:
    """A function that stores a picture and returns its key. All that it stored goes again when the body fails.

    Raises NotSavedError.
    """
    keys: list[str] = []

    def write(key: str, content: bytes) -> str:
        keys.append(key)  # beforehand: a disk that fills up leaves half a file
        return default_storage.save(key, ContentFile(content))

    try:
        yield write
    except Exception as error:  # whichever way the storage or the database fails: S3 alone has dozens
        for key in keys:
            with contextlib.suppress(Exception):  # by the storage that has just failed; the first failure is the news
                default_storage.delete(key)
        raise NotSavedError(str(error)) from error


def remove_after_commit(key: str) -> None:
    """Deletes a stored picture once the row that named it is surely gone; a failing storage keeps it and is logged."""

    def remove() -> None:
        default_storage.delete(key)

    transaction.on_commit(remove, robust=True)

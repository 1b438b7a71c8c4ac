"""Finds what a crash between a picture and its row, or a storage that failed to delete, left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import math
import string
import time
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models.functions import Left
from django.utils import timezone

from reconstruct.limits.buckets import TokenBucket
from reconstruct.models import Reconstruction, today
from reconstruct.storage import PICTURES

KEPT_FOR = datetime.timedelta(days=1)  # an upload under way has pictures and no row yet

# The characters of slugs. A slice is all slugs that begin with one of them.
CHARACTERS = f"-_{string.digits}{string.ascii_letters}"
ENOUGH = 1000
AT_ONCE = 200  # cars that are deleted in one transaction
LAMBDA_S = 30  # of the 60 that a function may run: a slice that has begun is finished


class Command(BaseCommand):
    help = "Lists pictures without a car and cars without their pictures. Removes nothing without --delete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="remove those that are older than a day")
        parser.add_argument("--force", action="store_true", help="even where they are more than half of all")
        parser.add_argument(
            "--part", type=part, default=(0, 1), metavar="N/M", help="look at the n-th m-th alone, from 0"
        )
        default = LAMBDA_S if settings.ON_LAMBDA else None
        parser.add_argument("--seconds", type=int, default=default, help="end after so many; the next run goes on")

    def handle(self, *args: Any, **options: Any) -> None:
        """Holds the keys of one slice in memory: for a million cars about 10 MB."""
        number, of = options["part"]
        ends_at = time.monotonic() + options["seconds"] if options["seconds"] is not None else math.inf
        listed: Counter[str] = Counter()
        removed: Counter[str] = Counter()
        safe = options["force"]
        if options["delete"]:
            TokenBucket.objects.full().delete()
        for character in CHARACTERS[number::of]:
            portion = Slice.read(character)
            for line in portion.lines():
                self.stdout.write(line)
            listed.update(pictures=len(portion.nameless), cars=len(portion.broken))
            if options["delete"]:
                if not safe and (portion.nameless or portion.broken):
                    require_same_site()
                    safe = True
                removed.update(delete(character, portion, ends_at))
            if time.monotonic() >= ends_at:
                self.stdout.write("The time is up, and there may be more: run it again.")
                break
        self.stdout.write(
            f"Pictures without a car: {listed['pictures']}. Cars without their pictures: {listed['cars']}."
        )
        if options["delete"]:
            self.stdout.write(f"Private cars that nobody can reach any more, removed: {removed['private']}.")
            self.stdout.write(f"Removed, being older than a day: {removed['pictures']} and {removed['cars']}.")


def delete(character: str, portion: Slice, ends_at: float) -> dict[str, int]:
    """Removes what the slice of this character has of each kind. Returns how many."""
    before = timezone.now() - KEPT_FOR
    pictures, cars = portion.remove_pictures(before), portion.remove_cars(before)
    remove_empty_folders(character, before)
    return {"pictures": pictures, "cars": cars, "private": forget_the_unreachable(character, ends_at)}


def forget_the_unreachable(character: str, ends_at: float) -> int:
    """Deletes the cars that no gallery shows and whose visitor's cookie has ended, until it is `ends_at`.

    Only those whose slug begins with this character. Returns how many. Those that are left are the next run's.
    """
    since = today() - datetime.timedelta(days=settings.KEEP_PRIVATE_DAYS)
    unreachable = Reconstruction.objects.unreachable(since).filter(slug__startswith=character)
    unreachable = unreachable.alias(first=Left("slug", 1)).filter(first=character)  # the same in SQLite, but for case
    forgotten = 0
    while time.monotonic() < ends_at and (keys := list(unreachable.values_list("pk", flat=True)[:AT_ONCE])):
        Reconstruction.objects.filter(pk__in=keys).delete()
        forgotten += len(keys)
    return forgotten


@dataclasses.dataclass(frozen=True)
class Slice:
    """The cars and pictures whose slug begins with one character: their number, and those that are incomplete."""

    pictures: int
    cars: int
    nameless: dict[str, datetime.datetime]
    broken: list[Reconstruction]

    @classmethod
    def read(cls, character: str) -> Slice:
        stored = dict(stored_pictures(f"{PICTURES}/{character}"))
        columns = Reconstruction.objects.only("slug", "created_at", "original", "reconstruction")
        # SQLite does not distinguish small letters from capitals here.
        cars = [car for car in columns.filter(slug__startswith=character) if car.slug.startswith(character)]
        named = {key for car in cars for key in keys_of(car)}
        return cls(
            len(stored),
            len(cars),
            {key: written_at for key, written_at in stored.items() if key not in named},
            [car for car in cars if not keys_of(car) <= stored.keys()],
        )

    def lines(self) -> Iterator[str]:
        for key, written_at in self.nameless.items():
            yield f"without a car: {key}, of {written_at:%Y-%m-%d %H:%M}"
        for car in self.broken:
            yield f"without its pictures: {car.slug}, of {car.created_at:%Y-%m-%d %H:%M}"

    def remove_pictures(self, before: datetime.datetime) -> int:
        keys = [key for key, written_at in self.nameless.items() if written_at < before]
        for key in keys:
            default_storage.delete(key)
        return len(keys)

    def remove_cars(self, before: datetime.datetime) -> int:
        return sum(remove_if_still_broken(car) for car in self.broken if car.created_at < before)


def remove_empty_folders(character: str, before: datetime.datetime) -> None:
    """Those that a disk keeps of cars that are gone, or that were never written because it was full."""
    if settings.S3_BUCKET:
        return
    for folder in Path(default_storage.location, PICTURES).glob(f"{character}*"):  # type: ignore[attr-defined]
        if folder.stat().st_mtime < before.timestamp():
            with contextlib.suppress(OSError):  # there are pictures in it
                folder.rmdir()


def require_same_site() -> None:
    """Raises CommandError for the wrong database beside the right bucket, or the other way round.

    More than half would go then. Slugs are random, so as many slices as have ENOUGH of both speak for all.
    """
    pictures = cars = nameless = broken = 0
    for character in CHARACTERS:
        portion = Slice.read(character)
        pictures, cars = pictures + portion.pictures, cars + portion.cars
        nameless, broken = nameless + len(portion.nameless), broken + len(portion.broken)
        if min(pictures, cars) >= ENOUGH:
            break
    if 2 * nameless > pictures or 2 * broken > cars:
        raise CommandError(
            "That is more than half of them: is this the right database, and the right S3_BUCKET and S3_PREFIX? "
            "Nothing was removed. If they are right, add --force."
        )


def part(text: str) -> tuple[int, int]:
    """Of N/M: N and M. Raises ArgumentTypeError, which is what the command line asks for."""
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and int(number) < int(of)):
        raise ArgumentTypeError(f"{text!r} is no part: write one such as 0/24, which is the first of 24.")
    return int(number), int(of)


def keys_of(car: Reconstruction) -> set[str]:
    return {str(car.original), str(car.reconstruction)}


def remove_if_still_broken(car: Reconstruction) -> bool:
    """Checks again first, because the car may have been reconstructed or deleted since the pictures were listed."""
    current = Reconstruction.objects.filter(pk=car.pk).first()
    if current is None or keys_of(current) <= dict(stored_pictures(f"{PICTURES}/{current.slug}/")).keys():
        return False
    current.delete()
    return True


def stored_pictures(prefix: str) -> Iterator[tuple[str, datetime.datetime]]:
    """Key and time of each picture whose key begins with `prefix`; from a bucket in pages of a thousand."""
    storage: Any = default_storage
    if settings.S3_BUCKET:
        root = f"{storage.location}/" if storage.location else ""
        for stored in storage.bucket.objects.filter(Prefix=root + prefix):
            yield stored.key.removeprefix(root), stored.last_modified
        return
    folder, _, beginning = prefix.rpartition("/")
    for top in Path(storage.location, folder).glob(f"{beginning}*"):
        for path in top.rglob("*") if top.is_dir() else [top]:
            if path.is_file():
                written_at = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
                yield path.relative_to(storage.location).as_posix(), written_at

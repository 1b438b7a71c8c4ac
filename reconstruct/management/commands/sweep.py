"""Finds what a crash between a picture and its row, or a storage that failed to delete, left behind."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reconstruct.buckets import TokenBucket
from reconstruct.models import Reconstruction
from reconstruct.storage import PICTURES

KEPT_FOR = datetime.timedelta(days=1)  # an upload under way has pictures and no row yet


class Command(BaseCommand):
    help = "Lists pictures without a car and cars without their pictures. Removes nothing without --delete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="remove those that are older than a day")
        parser.add_argument("--force", action="store_true", help="even where they are more than half of all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Holds every key in memory: about 200 bytes for a picture."""
        if options["delete"]:
            TokenBucket.objects.full().delete()
        stored = dict(stored_pictures(f"{PICTURES}/"))
        cars = list(Reconstruction.objects.only("slug", "created_at", "original", "reconstruction"))
        named = {key for car in cars for key in keys_of(car)}
        nameless = {key: written_at for key, written_at in stored.items() if key not in named}
        broken = [car for car in cars if not keys_of(car) <= stored.keys()]
        for key, written_at in nameless.items():
            self.stdout.write(f"without a car: {key}, of {written_at:%Y-%m-%d %H:%M}")
        for car in broken:
            self.stdout.write(f"without its pictures: {car.slug}, of {car.created_at:%Y-%m-%d %H:%M}")
        self.stdout.write(f"Pictures without a car: {len(nameless)}. Cars without their pictures: {len(broken)}.")

        if options["delete"]:
            # The wrong database beside the right bucket, or the other way round, looks just like this.
            if not options["force"] and (2 * len(nameless) > len(stored) or 2 * len(broken) > len(cars)):
                raise CommandError(
                    "That is more than half of them: is this the right database, and the right S3_BUCKET and S3_PREFIX?"
                    " Nothing was removed. If they are right, add --force."
                )
            before = timezone.now() - KEPT_FOR
            pictures = [key for key, written_at in nameless.items() if written_at < before]
            for key in pictures:
                default_storage.delete(key)
            removed = [remove_if_still_broken(car) for car in broken if car.created_at < before]
            self.stdout.write(f"Removed, being older than a day: {len(pictures)} and {sum(removed)}.")


def keys_of(car: Reconstruction) -> set[str]:
    return {str(car.original), str(car.reconstruction)}


def remove_if_still_broken(car: Reconstruction) -> bool:
    """Looks again: since the pictures were listed, the car may have been reconstructed anew, or deleted."""
    current = Reconstruction.objects.filter(pk=car.pk).first()
    if current is None or keys_of(current) <= dict(stored_pictures(f"{PICTURES}/{current.slug}/")).keys():
        return False
    current.delete()
    return True


def stored_pictures(prefix: str) -> Iterator[tuple[str, datetime.datetime]]:
    """Key and time of each picture whose key begins so. A bucket is asked for a thousand at once, and for no more."""
    storage: Any = default_storage
    if settings.S3_BUCKET:
        root = f"{storage.location}/" if storage.location else ""
        for stored in storage.bucket.objects.filter(Prefix=root + prefix):
            yield stored.key.removeprefix(root), stored.last_modified
        return
    for path in Path(storage.location, prefix).rglob("*"):
        if path.is_file():
            written_at = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
            yield path.relative_to(storage.location).as_posix(), written_at

"""Places the cars that the current model has not placed yet, and measures their files: after an upgrade."""

import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Exists, OuterRef

from ml.serving.runtime import load
from reconstruct.models import Place, Reconstruction
from reconstruct.similarity import place_again

ROWS = 100  # in memory at once
LAMBDA_S = 45  # of the 60 that a function may run


class Command(BaseCommand):
    help = (
        "Places cars that the current model has not placed yet, and measures their files. Can be stopped and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        default = LAMBDA_S if settings.ON_LAMBDA else None
        parser.add_argument("--seconds", type=int, default=default, help="end after so many; the next run goes on")

    def handle(self, *args: Any, **options: Any) -> None:
        placed = lost = 0
        begun, runtime = time.monotonic(), load()
        for car in unplaced_cars(runtime.version):
            if placed and options["seconds"] is not None and time.monotonic() - begun >= options["seconds"]:
                self.stdout.write("The time is up, and there are more: run it again.")
                break
            try:
                place_again(car, runtime)
            except FileNotFoundError:
                lost += 1
                self.stderr.write(f"{car} has lost its photograph, and gets no place.")
                continue
            placed += 1
        self.stdout.write(f"Cars placed: {placed}.{f' Without a photograph: {lost}.' if lost else ''}")


def unplaced_cars(model_version: str) -> Iterator[Reconstruction]:
    """The cars without a place of this model, oldest first, ROWS at a time: poolers refuse server-side cursors."""
    # NOT EXISTS, because PostgreSQL answers NOT IN by reading all places once for every car; and bounded on both sides,
    # because it would read the places from the first on for every slice.
    after, places = 0, Place.objects.by(model_version).filter(car=OuterRef("pk"))
    while cars := list(
        Reconstruction.objects.filter(~Exists(places.filter(car__gt=after)), pk__gt=after).order_by("pk")[:ROWS]
    ):
        yield from cars
        after = cars[-1].pk

"""Finds the place of every car that has none by the current model: after an upgrade, or with a new model."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.places import Place


class Command(BaseCommand):
    help = "Places the cars that the current model has not placed yet among the others. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        placed = lost = 0
        unplaced = Reconstruction.objects.exclude(pk__in=Place.objects.current().values("car"))
        for car in unplaced.iterator(chunk_size=100):
            try:
                place = Place.of(code_of(str(car.original), car.mirrored).mean[0])
            except FileNotFoundError:
                lost += 1
                self.stderr.write(f"{car} has lost its photograph, and gets no place.")
                continue
            with transaction.atomic():
                place.take(car)
            placed += 1
        self.stdout.write(f"Cars placed: {placed}.{f' Without a photograph: {lost}.' if lost else ''}")

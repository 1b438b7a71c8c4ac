"""Finds the place of every car that has none by the current model: after an upgrade, or with a new model."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ml.serving.runtime import load
from reconstruct.latents import code_of
from reconstruct.models import Place, Reconstruction
from reconstruct.similarity import place_of


class Command(BaseCommand):
    help = "Places the cars that the current model has not placed yet among the others. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        placed = lost = 0
        runtime = load()
        unplaced = Reconstruction.objects.exclude(pk__in=Place.objects.by(runtime.version).values("car"))
        for car in unplaced.iterator(chunk_size=100):
            try:
                place = place_of(code_of(car, runtime).mean[0], runtime)
            except FileNotFoundError:
                lost += 1
                self.stderr.write(f"{car} has lost its photograph, and gets no place.")
                continue
            with transaction.atomic():
                place.take(car)
            placed += 1
        self.stdout.write(f"Cars placed: {placed}.{f' Without a photograph: {lost}.' if lost else ''}")

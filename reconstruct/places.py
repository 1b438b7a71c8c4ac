"""Where cars lie: the vector that each is compared with others by, and its place on the map.

Two cars are compared by the first level of their codes, which says what a car is: paint, size, pose, surroundings.
Along its principal components among the training cars it is a short vector, whose first two numbers are the place on
the map. The components belong to the model, not to the gallery: a new car is placed when it is recorded, and no other
one moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

import ml.serving.runtime
from ml.serving.transforms import Array

if TYPE_CHECKING:
    from reconstruct.models import Reconstruction


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self) -> PlaceQuerySet:
        """Those by the model that is served now: vectors of two models have nothing in common."""
        return self.filter(model_version=ml.serving.runtime.load().version)


class Place(models.Model):
    """Derived from the car's code; never changed, only replaced, so that a higher id is always a later one."""

    car = models.OneToOneField("Reconstruction", on_delete=models.CASCADE)
    model_version = models.CharField(max_length=64)
    vector = models.BinaryField(help_text="The numbers that cars are compared by, as float32.")
    x = models.FloatField(help_text="On the map, in standard deviations of the training cars, to the right.")
    y = models.FloatField(help_text="On the map, in standard deviations of the training cars, upwards.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["model_version", "id"], name="reconstruct_places"),)

    def __str__(self) -> str:
        return f"{self.x:.2f}, {self.y:.2f}"

    @classmethod
    def of(cls, code: Array) -> Place:
        """The place of a code, (L,), by the current model; not saved, and of no car yet."""
        runtime = ml.serving.runtime.load()
        vector = runtime.principal_components.vector(code)
        x, y = runtime.principal_components.place(vector)
        return cls(model_version=runtime.version, vector=vector.astype("<f4").tobytes(), x=x, y=y)

    def take(self, car: Reconstruction) -> None:
        """Saves this as the car's place, instead of an earlier one."""
        Place.objects.filter(car=car).delete()
        self.car = car
        self.save(force_insert=True)

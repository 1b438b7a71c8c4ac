"""Where cars lie: the vector that each is compared with others by, and its place on the map.

Two cars are compared by the first level of their codes, which says what a car is: paint, size, pose, surroundings.
Along its principal components among the training cars it is a short vector, whose first two numbers are the place on
the map. The components belong to the model, not to the gallery: a new car is placed when it is recorded, and no other
one moves.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from django.db import models

import ml.serving.runtime
from ml.serving import density
from ml.serving.transforms import Array

if TYPE_CHECKING:
    from reconstruct.models import Reconstruction

COMPONENTS = 32  # of a first level's 64 numbers: those that the model uses


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
        origin, components, spreads = principal_components()
        vector = (code[: len(origin)] - origin) @ components
        x, y = vector[:2] / spreads[:2]
        version = ml.serving.runtime.load().version
        return cls(model_version=version, vector=vector.astype("<f4").tobytes(), x=float(x), y=float(y))

    def take(self, car: Reconstruction) -> None:
        """Saves this as the car's place, instead of an earlier one."""
        Place.objects.filter(car=car).delete()
        self.car = car
        self.save(force_insert=True)


@functools.cache
def principal_components() -> tuple[Array, Array, Array]:
    """Of the first levels of the training cars: their mean, the components as columns, and the spread along each."""
    runtime = ml.serving.runtime.load()
    known, size = density.load(runtime.folder / "density.npz"), runtime.level_sizes[0]
    # Whitening is the inverse of the covariance's Cholesky factor: its upper left corner is that of the first level.
    factor = np.linalg.inv(known.whiten[:size, :size].astype(np.float64))
    variances, components = np.linalg.eigh(factor @ factor.T)
    variances, components = variances[::-1][:COMPONENTS], components[:, ::-1][:, :COMPONENTS]
    # Which way a component points is chance, and must not be: the map would be mirrored on another machine.
    strongest = components[np.abs(components).argmax(axis=0), range(COMPONENTS)]
    components = components * np.sign(strongest)
    return known.mean[:size], components.astype(np.float32), np.sqrt(variances).astype(np.float32)

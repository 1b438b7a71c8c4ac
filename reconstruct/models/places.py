"""Where cars lie among the others."""

from __future__ import annotations

from django.db import models

from reconstruct.models.cars import Reconstruction


class PlaceQuerySet(models.QuerySet["Place"]):
    def by(self, model_version: str) -> PlaceQuerySet:
        """The places of this model: vectors of two models cannot be compared."""
        return self.filter(model_version=model_version)


class Place(models.Model):
    """Computed from the car's code. Never changed, only replaced, so that a higher id is always a later place."""

    car = models.OneToOneField(Reconstruction, on_delete=models.CASCADE)
    model_version = models.CharField(max_length=64)
    vector = models.BinaryField(help_text="The numbers that cars are compared by, as float32.")
    x = models.FloatField(help_text="On the map, in standard deviations of the training cars, to the right.")
    y = models.FloatField(help_text="On the map, in standard deviations of the training cars, upwards.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["model_version", "id"], name="reconstruct_places"),)

    def __str__(self) -> str:
        return f"{self.x:.2f}, {self.y:.2f}"

    def take(self, car: Reconstruction) -> None:
        """Saves this as the car's place, instead of an earlier one."""
        Place.objects.filter(car=car).delete()
        self.car = car
        self.save(force_insert=True)

"""What visitors report of cars, and what is known of visitors."""

import datetime

from django.db import models
from django.utils import timezone


class Report(models.Model):
    """A visitor's complaint about a car of the gallery. Staff settle it when they approve or hide the car."""

    car = models.ForeignKey("Reconstruction", models.CASCADE, related_name="reports")
    visitor = models.CharField(max_length=22)
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    settled = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["car", "visitor"], name="reconstruct_one_report_each"),)

    def __str__(self) -> str:
        return self.reason


def today() -> datetime.date:
    return timezone.now().date()


class Standing(models.Model):
    """What is known of a visitor beside their cars."""

    visitor = models.CharField(max_length=22, primary_key=True)
    seen_on = models.DateField(default=today, help_text="The day of their last visit.")
    times_hidden = models.PositiveIntegerField(default=0, help_text="How often a car of theirs had to be hidden.")

    def __str__(self) -> str:
        return self.visitor

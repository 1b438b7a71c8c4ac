"""The orders and the parts that the gallery can be read in, each from an index of its own.

A page begins behind the last car of the one before, and not at a number of cars: the millionth is as near as the first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

IN_GALLERY = Q(public=True, approved=True)


@dataclasses.dataclass(frozen=True)
class Order:
    """By a column, and by the id where two cars have the same there: both ascending, or both descending."""

    label: str
    column: str
    number: Callable[[str], float]
    descending: bool = False
    condition: Q = dataclasses.field(default_factory=Q)

    @property
    def columns(self) -> tuple[str, ...]:
        sign = "-" if self.descending else ""
        return tuple(sign + column for column in dict.fromkeys((self.column, "id")))

    def position(self, car: Any) -> str:
        """Where the car is in this order, for an address."""
        return str(car.pk) if self.column == "id" else f"{getattr(car, self.column)}~{car.pk}"

    def behind(self, value: float, pk: int) -> Q:
        """The cars that follow the one with this value and this id."""
        return self._on_a_side(value, pk, "lt" if self.descending else "gt")

    def before(self, value: float, pk: int) -> Q:
        return self._on_a_side(value, pk, "gt" if self.descending else "lt")

    def _on_a_side(self, value: float, pk: int, side: str) -> Q:
        """The first condition says no more than the second, but a database can look it up in the index."""
        up_to = Q(**{f"{self.column}__{side}e": value})
        return up_to & (Q(**{f"{self.column}__{side}": value}) | Q(**{f"id__{side}": pk}))


@dataclasses.dataclass(frozen=True)
class Part:
    label: str
    condition: Q


NEWEST = "newest"
ORDERS = {
    NEWEST: Order("Newest", "id", int, descending=True),
    "closest": Order("Closest copy", "psnr_db", float, descending=True),
    "smallest": Order("Smallest file", "code_bytes", int, condition=Q(code_bytes__isnull=False)),
    "strangest": Order("Strangest", "typicality", float),
}
ALL = "all"
PARTS = {
    ALL: Part("All", Q()),
    "photographs": Part("Photographs", Q(origin="photograph")),
    "made_up": Part("Made up", ~Q(origin="photograph")),
}


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a visitor reads the gallery, by the names of an order and of a part."""

    order: str = NEWEST
    part: str = ALL

    def query(self, **changed: str) -> str:
        """The query of an address that is read so, with these changes; empty where it is what everyone sees first."""
        reading = dataclasses.replace(self, **changed)
        named = {"sort": reading.order} if reading.order != NEWEST else {}
        named |= {"part": reading.part} if reading.part != ALL else {}
        return f"?{urlencode(named)}" if named else ""

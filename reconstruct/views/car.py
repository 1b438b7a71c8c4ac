"""The car's page: the state that its address names, and the addresses of the pictures in that state."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest

import ml.serving.runtime
from reconstruct.addresses import versioned
from reconstruct.models import Reconstruction
from reconstruct.views.circle import roll_or_404
from reconstruct.views.explore import alike
from reconstruct.views.params import cursor_or_404
from reconstruct.views.sheets import FRAMES
from reconstruct.visitors import get_car_or_404, is_mine, visitor_of

CHOICES = 12  # of a shelf, at a time
SHELVES = {"gallery": "The gallery", "yours": "Your cars"}


@dataclasses.dataclass(frozen=True)
class Level:
    """One level of a car's code, and the bytes that it adds to the levels above."""

    number: int
    bytes: float


@dataclasses.dataclass(frozen=True)
class Shelf:
    """Cars to morph with, by where they come from."""

    label: str
    url: str
    is_open: bool


@dataclasses.dataclass(frozen=True)
class Morph:
    """The way from a car to `other`, in pictures of `tile` pixels, in which both have room."""

    other: Reconstruction
    tile: tuple[int, int]
    strip_url: str
    webp_url: str
    gif_url: str

    @classmethod
    def between(cls, car: Reconstruction, other: Reconstruction) -> Morph:
        slugs = (car.slug, other.slug)
        (width, height), (other_width, other_height) = car.tile, other.tile
        return cls(
            other,
            (max(width, other_width), max(height, other_height)),
            versioned("strip", *slugs),
            *(versioned("film", *slugs, format) for format in ("webp", "gif")),
        )


def workbench(request: HttpRequest, car: Reconstruction) -> dict[str, Any]:
    """The context of a car's page. Runs no model. Raises Http404 where the address asks for what cannot be shown."""
    roll, shelf = roll_or_404(request), shelf_or_404(request)
    choices, last = choices_of(request, car, shelf)
    chosen = get_car_or_404(request, request.GET["with"]) if "with" in request.GET else next(iter(choices), None)
    return roll.panel(car) | {
        "car": car,
        "is_mine": is_mine(request, car),
        "parent": parent_of(request, car),
        "depths_url": versioned("depths", car.slug),
        "differences_url": versioned("differences", car.slug),
        "levels": levels(car),
        "directions": ml.serving.runtime.load().directions,
        "steered_url": versioned("steered", car.slug),
        "ends_url": versioned("ends", car.slug),
        "last_frame": FRAMES - 1,
        "morph": Morph.between(car, chosen) if chosen else None,
        "choices": [Morph.between(car, other) for other in choices],
        "shelves": [Shelf(label, shelf_url(request, chosen, name), name == shelf) for name, label in SHELVES.items()],
        "older_url": shelf_url(request, chosen, shelf, before=last) if last else None,
        "code_url": versioned("code", car.slug),
        "alike": alike(car),
    }


def levels(car: Reconstruction) -> list[Level]:
    """As many as the model had that coded the car, which may be another one than the current."""
    added = [below - above for above, below in pairwise((0.0, *car.bytes_by_depth))]
    return [Level(number, bytes) for number, bytes in enumerate(added, start=1)]


def parent_of(request: HttpRequest, car: Reconstruction) -> Reconstruction | None:
    """The car that it was steered from, where the visitor may see it. Causes a query for a steered car."""
    if car.parent_id is None:
        return None
    return Reconstruction.objects.visible_to(visitor_of(request)).filter(pk=car.parent_id).first()


def shelf_or_404(request: HttpRequest) -> str:
    """Which cars there are to morph with."""
    shelf = request.GET.get("shelf", "gallery")
    if shelf not in SHELVES:
        raise Http404
    return shelf


def choices_of(request: HttpRequest, car: Reconstruction, shelf: str) -> tuple[list[Reconstruction], int | None]:
    """Cars to morph with, newest first, and the id of the last where there are older ones. Causes a query."""
    cars = Reconstruction.objects
    shown = cars.mine(visitor_of(request)) if shelf == "yours" else cars.in_gallery()
    found = list(shown.exclude(pk=car.pk).older_than(cursor_or_404(request))[: CHOICES + 1])
    return found[:CHOICES], found[CHOICES - 1].pk if len(found) > CHOICES else None


def shelf_url(request: HttpRequest, chosen: Reconstruction | None, shelf: str, before: int | None = None) -> str:
    """This page's address with other cars to choose from, and all else as it is: the chosen car stays so."""
    query = request.GET.copy()
    query.pop("before", None)
    query["shelf"] = shelf
    if before:
        query["before"] = str(before)
    if chosen:
        query["with"] = chosen.slug
    return f"{request.path}?{query.urlencode()}#morph"

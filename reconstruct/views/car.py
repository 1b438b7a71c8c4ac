"""The car's page: its tools in the state that the address names, and the actions of its owner."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ml.serving.runtime import load
from ml.serving.transforms import IMAGE_SIZE
from reconstruct import moderation
from reconstruct.addresses import versioned
from reconstruct.depths import PIXEL_BYTES, depths_of, levels_of
from reconstruct.models import Reconstruction
from reconstruct.orders import ORDERS, PARTS
from reconstruct.pictures import qr
from reconstruct.pictures.morphs import Morph
from reconstruct.similarity import alike, distinct
from reconstruct.views.params import cursor_or_404, point_or_400, points_or_404, reading_or_404, stop_or_404
from reconstruct.visitors import get_car_or_404, get_own_car_or_404, is_mine, visitor_of

# Of the page, by the names of their routes.
PICTURES = ("depths", "differences", "steered", "ends", "seen", "webp", "code", "link_of", "qr_code", "reveal")
FRAME_WIDTH, FRAME_ROOM = 480, 330  # of a frame on another site, in pixels: of the picture, and for what is under it
CHANGES = {"0": moderation.withdraw, "1": moderation.show, "link": moderation.share}  # of who sees the car
CHOICES = 12  # of a shelf, at a time
SHELVES = {"gallery": "The gallery", "yours": "Your cars"}


@dataclasses.dataclass(frozen=True)
class Shelf:
    """Cars to morph with, by where they come from."""

    label: str
    url: str
    is_open: bool


@require_safe
def car(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; runs no model where the car has its place. Raises Http404 for an address with a number out of range."""
    car, runtime, points = get_car_or_404(request, slug), load(), points_or_404(request)
    version, reading, similar = runtime.version, reading_or_404(request), alike(car, runtime)
    context = {
        "car": car,
        "reading": reading,
        **Reconstruction.objects.neighbours(car, ORDERS[reading.order], PARTS[reading.part]),
        "is_mine": is_mine(request, car),
        "parent": parent_of(request, car),
        "depths": depths_of(car, version),
        "levels": levels_of(car),
        "pixel_bytes": PIXEL_BYTES,
        "side": IMAGE_SIZE,
        "directions": runtime.directions,
        "alike": similar,
        "qr": qr,
        "frame_width": FRAME_WIDTH,
        "frame_height": FRAME_ROOM + round(FRAME_WIDTH * car.tile[1] / car.tile[0]),
        "rebuilt_url": versioned("depth", slug, runtime.depths, version=version),
        **{f"{name}_url": versioned(name, slug, version=version) for name in PICTURES},
    }
    context |= points.panel(car, version) | point_or_400(request).panel(car, version)
    context |= stop_or_404(request).panel(car, runtime) | morph_panel(request, car, similar[:1], version)
    return render(request, "car.html", context)


@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    get_own_car_or_404(request, slug).delete()
    messages.success(request, "The car and both its pictures are deleted.")
    return redirect("history")


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    with transaction.atomic():
        car = get_own_car_or_404(request, slug, lock=True)
        change = CHANGES.get(request.POST.get("public", ""))
        if change is None:
            raise BadRequest(f"public is none of {', '.join(CHANGES)}")
        change(car)

    messages.success(request, f"{car.who_sees_it}.")
    return redirect(car)


def morph_panel(
    request: HttpRequest, car: Reconstruction, nearest: list[Reconstruction], version: str
) -> dict[str, Any]:
    """The car that this one morphs into, and others to choose instead. Causes a query or two.

    The choices of the gallery begin with `nearest`, none or one: the morph to a car of another pose passes through
    cars of no pose.
    """
    shelf = shelf_or_404(request)
    page, last = choices_of(request, car, shelf)
    first = nearest if shelf == "gallery" and "before" not in request.GET else []
    choices = list(distinct([*first, *(other for other in page if other not in first)], car, load()))
    chosen = get_car_or_404(request, request.GET["with"]) if "with" in request.GET else next(iter(choices), None)
    return {
        "morph": Morph.between(car, chosen, version) if chosen else None,
        "choices": [Morph.between(car, other, version) for other in choices],
        "shelves": [Shelf(label, shelf_url(request, chosen, name), name == shelf) for name, label in SHELVES.items()],
        "older_url": shelf_url(request, chosen, shelf, before=last) if last else None,
    }


def parent_of(request: HttpRequest, car: Reconstruction) -> Reconstruction | None:
    """The car that it was steered from, where the visitor may see it. Causes a query for a steered car."""
    if car.parent_id is None:
        return None
    return Reconstruction.objects.visible_to(visitor_of(request)).filter(pk=car.parent_id).first()


def shelf_or_404(request: HttpRequest) -> str:
    """The shelf of cars to morph with, from the query."""
    shelf = request.GET.get("shelf", "gallery")
    if shelf not in SHELVES:
        raise Http404
    return shelf


def choices_of(request: HttpRequest, car: Reconstruction, shelf: str) -> tuple[list[Reconstruction], int | None]:
    """Cars to morph with, newest first, and the id of the last where there are older ones. Causes a query."""
    cars = Reconstruction.objects
    shown = cars.mine(visitor_of(request)) if shelf == "yours" else cars.in_gallery()
    page = list(shown.exclude(pk=car.pk).select_related("place").older_than(cursor_or_404(request))[: CHOICES + 1])
    return page[:CHOICES], page[CHOICES - 1].pk if len(page) > CHOICES else None


def shelf_url(request: HttpRequest, chosen: Reconstruction | None, shelf: str, before: int | None = None) -> str:
    """This page's address with another shelf, or older cars of it; everything else stays, also the chosen car."""
    query = request.GET.copy()
    query.pop("before", None)
    query["shelf"] = shelf
    if before:
        query["before"] = str(before)
    if chosen:
        query["with"] = chosen.slug
    return f"{request.path}?{query.urlencode()}#morph"

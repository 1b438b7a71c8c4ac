"""Explore: cars that do not exist, the map of the gallery, and which of its cars are alike."""

import secrets
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

import ml.serving.runtime
from ml.serving.runtime import MAX_TEMPERATURE
from ml.serving.transforms import Array, to_image
from reconstruct.addresses import versioned
from reconstruct.limits import limited
from reconstruct.models import Origin, Reconstruction, ReconstructionQuerySet, encoded
from reconstruct.places import Place
from reconstruct.similarity import nearest
from reconstruct.uploads import recorded
from reconstruct.views.params import number_or_404, whole_number_or_404
from reconstruct.views.pictures import drawn, drawn_sheet, redirect_to_version

ROLL = 12  # cars
COLUMNS = 4
ROLLS = 1_000_000
TEMPERATURE = 0.75
TEMPERATURES = ("0", "0.25", "0.5", "0.75", "1", "1.25", "1.5")  # the slider's stops; an address may have any between

MAPPED = 20_000  # the newest cars of the gallery, at most
MAP_LIFETIME_S = 60
SKETCHED = 200  # of them, from which the map without scripts is drawn
CELL_WIDTH, CELL_HEIGHT = 0.3, 0.5  # of its grid, in standard deviations
TILE = (4, 3)  # a cell as it is drawn
MAP_EDGE = 3.0  # where it ends

ALIKE = 6
LOOKED_THROUGH = (32, 320, 3200)  # of the nearest cars, for those that may be shown: many can be private


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Twelve cars that do not exist; an address without a roll leads to another twelve each time."""
    if "roll" not in request.GET:
        query = request.GET.copy()
        query["roll"] = str(secrets.randbelow(ROLLS))
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")

    roll, temperature = roll_or_404(request), f"{temperature_or_404(request):g}"
    context = {
        "roll": roll,
        "rolls": ROLLS,
        "seeds": seeds_of(roll),
        "temperature": temperature,
        "temperatures": TEMPERATURES,
        "sheet_url": versioned("dreams", roll=str(roll), temperature=temperature),
    }
    return render(request, "explore.html", context)


@require_safe
@limited("pictures")
def dreams(request: HttpRequest) -> HttpResponseBase:
    """A roll's cars in one picture, four in a row: a page of them takes one request."""
    roll, temperature = roll_or_404(request), temperature_or_404(request)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved
    return drawn_sheet([to_image(x) for x in dreamt(seeds_of(roll), temperature)], columns=COLUMNS)


@require_safe
@limited("pictures")
def dream(request: HttpRequest, seed: int) -> HttpResponseBase:
    """One car that does not exist."""
    temperature = temperature_or_404(request)
    if seed >= ROLL * ROLLS:
        raise Http404
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved
    return drawn(to_image(dreamt([seed], temperature)[0]))


@require_POST
@limited("kept")
def keep_dream(request: HttpRequest) -> HttpResponse:
    """A dreamt car becomes one of the visitor's own, which nobody else sees until they publish it."""
    try:
        seed, temperature = int(request.POST.get("seed", "")), float(request.POST.get("temperature", ""))
    except ValueError:
        raise BadRequest("seed or temperature is no number") from None
    if not (0 <= seed < ROLL * ROLLS and 0 <= temperature <= MAX_TEMPERATURE):
        raise BadRequest("seed or temperature is beyond its range")
    picture = to_image(dreamt([seed], temperature)[0])
    png = encoded(picture, "PNG")
    return recorded(request, picture, upload_bytes=len(png), public=False, origin=Origin.DREAMT)


@require_safe
def gallery_map(request: HttpRequest) -> HttpResponse:
    """The gallery in two dimensions. Causes a query."""
    return render(request, "map.html", {"sketch": sketch(), "version": ml.serving.runtime.load().version})


@cache_control(public=True, max_age=MAP_LIFETIME_S)
@require_safe
def map_cars(request: HttpRequest) -> JsonResponse:
    """Slug, x and y of all cars on the map, newest first: about 40 bytes a car. Causes a query."""
    rows = mapped().values_list("slug", "place__x", "place__y")[:MAPPED]
    return JsonResponse({"cars": [(slug, round(x, 3), round(y, 3)) for slug, x, y in rows]})


def mapped() -> ReconstructionQuerySet:
    """The cars of the gallery that the current model has placed, newest first."""
    version = ml.serving.runtime.load().version
    in_gallery = Reconstruction.objects.in_gallery().newest_first()
    return in_gallery.filter(place__model_version=version).select_related("place")


def sketch() -> dict[str, Any]:
    """Some of the newest cars, one in each cell of a grid over the map, and the size of the whole. Causes a query."""
    cells: dict[tuple[int, int], Reconstruction] = {}
    for car in mapped()[:SKETCHED]:
        x, y = car.place.x, car.place.y
        if max(abs(x), abs(y)) < MAP_EDGE:
            cells.setdefault((round(x / CELL_WIDTH), round(-y / CELL_HEIGHT)), car)
    columns, rows = {column for column, _ in cells}, {row for _, row in cells}
    left, top = min(columns, default=0), min(rows, default=0)
    return {
        "cars": [(car, TILE[0] * (column - left), TILE[1] * (row - top)) for (column, row), car in cells.items()],
        "width": TILE[0] * (max(columns, default=0) - left + 1),
        "height": TILE[1] * (max(rows, default=0) - top + 1),
    }


def alike(car: Reconstruction) -> list[Reconstruction]:
    """The cars of the gallery that the model finds most like this one, best first. Causes a few queries.

    None where the current model has not placed the car, and fewer than six where the gallery has no more.
    """
    place = Place.objects.current().filter(car=car).first()
    if place is None:
        return []
    found: list[Reconstruction] = []
    for at_most in LOOKED_THROUGH:
        keys = nearest(place, at_most)
        shown = Reconstruction.objects.in_gallery().exclude(pk=car.pk).in_bulk(keys)
        found = [shown[pk] for pk in keys if pk in shown][:ALIKE]
        if len(found) == ALIKE or len(keys) < at_most:
            break
    return found


def dreamt(seeds: range | list[int], temperature: float) -> Array:
    """(N, 3, 128, 128): a car that does not exist for each seed."""
    runtime = ml.serving.runtime.load()
    return runtime.decode(runtime.dream(seeds, temperature))


def seeds_of(roll: int) -> range:
    return range(ROLL * roll, ROLL * (roll + 1))


def roll_or_404(request: HttpRequest) -> int:
    return whole_number_or_404(request, "roll", 0, low=0, high=ROLLS - 1)


def temperature_or_404(request: HttpRequest) -> float:
    return number_or_404(request, "temperature", TEMPERATURE, low=0, high=MAX_TEMPERATURE)

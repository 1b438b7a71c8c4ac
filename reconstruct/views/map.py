"""The map of the gallery: the closer two cars, the more similar are their codes."""

from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ml.serving.runtime import Runtime, load
from ml.serving.transforms import to_image
from reconstruct.models import Reconstruction, ReconstructionQuerySet
from reconstruct.pictures.files import File, png
from reconstruct.views.params import offset_or_400
from reconstruct.views.responses import versioned_picture

MAPPED = 20_000  # the newest cars of the gallery, at most
MAP_LIFETIME_S = 60
SKETCHED = 200  # the newest ones, for the map without JavaScript
CELL_WIDTH, CELL_HEIGHT = 0.3, 0.5  # of its grid, in standard deviations
TILE = (4, 3)  # proportions of a cell on the page
FEW = 60  # cars of which each is shown, if need be beside its cell
MAP_LIMIT = 8.0  # of a place to decode, in standard deviations
MAP_EDGE = 3.0  # of its grid, in standard deviations from the middle


@require_safe
def gallery_map(request: HttpRequest) -> HttpResponse:
    """The gallery in two dimensions. Causes a query."""
    version = load().version
    return render(request, "map.html", {"sketch": sketch(Reconstruction.objects.on_map(version)), "version": version})


@cache_control(public=True, max_age=MAP_LIFETIME_S)
@require_safe
def map_cars(request: HttpRequest) -> JsonResponse:
    """Slug, x and y of all cars on the map, newest first: about 40 bytes a car. Causes a query."""
    cars = Reconstruction.objects.on_map(load().version)
    rows = cars.values_list("slug", "place__x", "place__y")[:MAPPED]
    return JsonResponse({"cars": [(slug, round(x, 3), round(y, 3)) for slug, x, y in rows]})


@versioned_picture(endless=True, x=offset_or_400("x", MAP_LIMIT), y=offset_or_400("y", MAP_LIMIT))
def between(runtime: Runtime, x: float, y: float) -> File:
    """What the model decodes from a place of the map alone: the first level that it stands for, and no other."""
    level = runtime.principal_components.level_at(x, y)
    z = np.zeros((1, sum(grid.channels * grid.size**2 for grid in runtime.grids)), np.float32)
    z[0, : len(level)] = level
    return png(to_image(runtime.decode(z, depth=1)[0]))


def sketch(cars: ReconstructionQuerySet) -> dict[str, Any]:
    """Some of the newest cars, or all of few, one in each cell of a grid over the map, and the size of the whole.

    Causes a query.
    """
    cells: dict[tuple[int, int], Reconstruction] = {}
    newest = list(cars[:SKETCHED])
    for car in newest:
        x, y = (max(-MAP_EDGE, min(MAP_EDGE, at)) for at in (car.place.x, car.place.y))
        column, row = round(x / CELL_WIDTH), round(-y / CELL_HEIGHT)
        while len(newest) <= FEW and (column, row) in cells:
            column += 1
        cells.setdefault((column, row), car)
    columns, rows = {column for column, _ in cells}, {row for _, row in cells}
    left, top = min(columns, default=0), min(rows, default=0)
    return {
        "cars": [(car, TILE[0] * (column - left), TILE[1] * (row - top)) for (column, row), car in cells.items()],
        "width": TILE[0] * (max(columns, default=0) - left + 1),
        "height": TILE[1] * (max(rows, default=0) - top + 1),
    }

"""Reads numbers from addresses. Anything else, or a number out of range, is a 404, or a 400 where the name says so.

What takes a second argument can be a reader of `versioned_picture`, which gives it the part of the route of its name.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest

from ml.serving.runtime import MAX_TEMPERATURE, load
from reconstruct.code_file import PRICE
from reconstruct.orders import ALL, NEWEST, ORDERS, PARTS, Order, Reading
from reconstruct.pictures.circle import MAX_OFFSET, MAX_RADIUS, MAX_SEED, RADIUS, Point, Points
from reconstruct.priced import Stop

MAX_ID = 2**63 - 1
MAX_VALUE = 2**31 - 1  # of what the gallery is ordered by: bytes, decibels, typicality
TEMPERATURE = 0.75


def number_or_404(request: HttpRequest, name: str, default: float, *, low: float, high: float) -> float:
    """The number `name` in the query. Raises Http404 when it is not a number between low and high."""
    try:
        number = float(request.GET.get(name, default))
    except ValueError:
        raise Http404 from None
    if not low <= number <= high:  # True for NaN
        raise Http404
    return number


def whole_number_or_404(request: HttpRequest, name: str, default: int, *, low: int, high: int) -> int:
    """The whole number `name` in the query. Raises Http404 when it is not a whole number between low and high."""
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and low <= int(text) <= high):
        raise Http404
    return int(text)


def cursor_or_404(request: HttpRequest) -> int | None:
    """The id before which the page of older cars starts; None on the first page."""
    return whole_number_or_404(request, "before", 0, low=1, high=MAX_ID) if "before" in request.GET else None


def position_or_404(request: HttpRequest, order: Order) -> tuple[float, int] | None:
    """The value and the id of the car behind which the page starts; None on the first page."""
    text = request.GET.get("before", "")
    if order.column == "id" or not text:
        pk = cursor_or_404(request)
        return None if pk is None else (pk, pk)
    value, _, pk_text = text.partition("~")
    try:
        position = order.number(value), int(pk_text)
    except ValueError:
        raise Http404 from None
    if not (-MAX_VALUE <= position[0] <= MAX_VALUE and 1 <= position[1] <= MAX_ID):  # False for NaN
        raise Http404
    return position


def reading_or_404(request: HttpRequest) -> Reading:
    """In which order the visitor reads the gallery, and which part of it."""
    reading = Reading(request.GET.get("sort", NEWEST), request.GET.get("part", ALL))
    if reading.order not in ORDERS or reading.part not in PARTS:
        raise Http404
    return reading


def within(low: int, high: int) -> Callable[[HttpRequest, int], int]:
    """A reader of a number in the route. It raises Http404 when the number is not between low and high."""

    def read(request: HttpRequest, number: int) -> int:
        if not low <= number <= high:
            raise Http404
        return number

    return read


def depth_or_404(request: HttpRequest, n: int | None = None) -> int:
    """The depth in the route or the query, else full depth. Raises Http404 for one that the model does not have."""
    depths = load().depths
    if n is None:
        return whole_number_or_404(request, "depth", depths, low=1, high=depths)
    return within(1, depths)(request, n)


def price_or_404(request: HttpRequest, _: Any = None) -> float:
    """The price of the code in the query, else PRICE. Raises Http404 for one that the model was not trained at."""
    low, high = load().prices
    return number_or_404(request, "price", PRICE, low=low, high=high)


def stop_or_404(request: HttpRequest) -> Stop:
    """The stop of the slider of prices, from the query of a page."""
    return Stop(price_or_404(request), is_named="price" in request.GET)


def radius_or_404(request: HttpRequest, _: Any = None) -> float:
    return number_or_404(request, "radius", RADIUS, low=0, high=MAX_RADIUS)


def points_or_404(request: HttpRequest) -> Points:
    """The circle's points from the query of a page; the address of a picture has their seed in its route."""
    seed = whole_number_or_404(request, "seed", 0, low=0, high=MAX_SEED)
    return Points(seed, radius_or_404(request), depth_or_404(request), stop_or_404(request).nearest)


def offset_or_400(name: str, limit: float = MAX_OFFSET) -> Callable[..., float]:
    """A reader of an offset of a point, 0 where there is none. It raises BadRequest for one out of range."""

    def read(request: HttpRequest, _: Any = None) -> float:
        try:
            return number_or_404(request, name, 0, low=-limit, high=limit)
        except Http404:
            raise BadRequest(f"{name} must be a number from {-limit:g} to {limit:g}") from None

    return read


x_or_400, y_or_400 = offset_or_400("x"), offset_or_400("y")


def point_or_400(request: HttpRequest) -> Point:
    """The point from the query of a page."""
    return Point(x_or_400(request), y_or_400(request), depth_or_404(request), stop_or_404(request).nearest)


def temperature_or_404(request: HttpRequest, _: Any = None) -> float:
    return number_or_404(request, "temperature", TEMPERATURE, low=0, high=MAX_TEMPERATURE)

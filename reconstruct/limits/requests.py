"""Limits the requests of one visitor, of one address, and of all together, so that the costs are limited.

Who asked too much is answered 429. A bucket's key is a keyed hash: no address and no visitor's name is kept.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from reconstruct.limits import buckets, crowding
from reconstruct.limits.clients import address_of
from reconstruct.visitors import visitor_of

View: TypeAlias = Callable[..., HttpResponseBase]

HOUR_S = 3600
DAY_S = 24 * HOUR_S
STORED = ("uploads", "kept", "codes")  # these create cars, which settings.LIMIT_CARS_PER_DAY limits as well
SHARE = 4  # an address gets a quarter of those, so that one alone cannot take them from all others


def limited(kind: str, *, unless: Callable[..., bool] | None = None) -> Callable[[View], View]:
    """Decorates a view: each request takes a token of this kind, one of settings.LIMITS, or gets a 429.

    Where it creates a car, it gets a 429 as well while too many requests of its address are being worked on.

    `unless` returns whether a request, given with the view's other arguments, takes none.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def limited_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if unless and unless(request, *args, **kwargs):
                return view(request, *args, **kwargs)
            runs_the_model = kind in STORED
            with crowding.admitted(address_of(request)) if runs_the_model else nullcontext(True) as has_room:
                if wait_s := take(request, kind) if has_room else crowding.WAIT_S:
                    return too_many(request, wait_s)
                return view(request, *args, **kwargs)

        return limited_view

    return decorate


def only_looks(request: HttpRequest) -> bool:
    """For `unless`: nothing is sent, so nothing is counted."""
    return request.method != "POST"


def take(request: HttpRequest, kind: str) -> float:
    """Takes a token from each bucket of this request, or from none; returns 0, or seconds until all have one."""
    (by_visitor, by_address), address = settings.LIMITS[kind], address_of(request)
    wanted: list[tuple[str, int, float]] = [(key_of(kind, "address", address), by_address, HOUR_S)]
    if visitor := visitor_of(request):
        wanted.append((key_of(kind, "visitor", visitor), by_visitor, HOUR_S))
    if kind in STORED:
        a_day = settings.LIMIT_CARS_PER_DAY
        wanted.append((key_of("cars", "address", address), math.ceil(a_day / SHARE), DAY_S))
        # Last, because all requests lock this row, and so it is locked for the shortest time.
        wanted.append((key_of("cars", "site", ""), a_day, DAY_S))

    with transaction.atomic():
        for key, capacity, period_s in wanted:
            if wait_s := buckets.take(key, capacity=capacity, period_s=period_s):
                transaction.set_rollback(True)
                return wait_s
    return 0.0


def key_of(kind: str, whose: str, name: str) -> str:
    return salted_hmac("reconstruct.limits", f"{kind} {whose} {name}", algorithm="sha256").hexdigest()


def too_many(request: HttpRequest, wait_s: float) -> HttpResponse:
    response = render(request, "429.html", {"wait": wait_words(wait_s)}, status=429)
    response.headers["Retry-After"] = str(math.ceil(wait_s))
    return response


def wait_words(wait_s: float) -> str:
    minutes = math.ceil(wait_s / 60)
    if minutes == 1:
        return "a minute"
    return f"{minutes} minutes" if minutes < 100 else f"{math.ceil(wait_s / HOUR_S)} hours"

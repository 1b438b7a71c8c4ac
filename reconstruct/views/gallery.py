"""The gallery, in several orders, and the visitor's history: cars page by page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reconstruct.models import Reconstruction, ReconstructionQuerySet
from reconstruct.orders import NEWEST, ORDERS, PARTS, Order
from reconstruct.views.params import position_or_404, reading_or_404
from reconstruct.visitors import key_of, remember, visitor_of

PAGE = 24
FEW = 8  # cars in a gallery that asks for more


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Causes a query."""
    reading = reading_or_404(request)
    order, part = ORDERS[reading.order], PARTS[reading.part]
    context = page_context(request, Reconstruction.objects.gallery(order, part), order, query=reading.query())
    context |= {
        "reading": reading,
        "orders": [(order.label, reading.query(order=name), name == reading.order) for name, order in ORDERS.items()],
        "parts": [(part.label, reading.query(part=name), name == reading.part) for name, part in PARTS.items()],
        "is_small": len(context["cars"]) < FEW and not reading.query() and not context["newest_url"],
    }
    return render(request, "gallery.html", context)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    visitor = visitor_of(request)
    context = page_context(request, Reconstruction.objects.mine(visitor).newest_first(), ORDERS[NEWEST])
    if visitor:  # after a #: what a link has there, no server is told, and no log
        context["key_link"] = f"{request.build_absolute_uri(request.path)}#key={key_of(visitor)}"
    context["keep_private_days"] = settings.KEEP_PRIVATE_DAYS
    response = render(request, "history.html", context)
    if visitor:
        remember(response, visitor)
    return response


def page_context(
    request: HttpRequest, cars: ReconstructionQuerySet, order: Order, *, query: str = ""
) -> dict[str, Any]:
    """One page of cars, which are in this order, and the addresses of the next and of the first. Causes a query."""
    position = position_or_404(request, order)
    if position:
        cars = cars.filter(order.behind(*position))
    page = list(cars[: PAGE + 1])
    more = f"{query}&" if query else "?"
    return {
        "cars": page[:PAGE],
        "older_url": f"{request.path}{more}before={order.position(page[PAGE - 1])}" if len(page) > PAGE else None,
        "newest_url": f"{request.path}{query}" if position else None,
        "position": request.GET["before"] if position else None,
    }

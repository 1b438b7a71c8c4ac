"""The gallery and the visitor's history: cars page by page, newest first."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reconstruct.models import Reconstruction, ReconstructionQuerySet
from reconstruct.views.params import cursor_or_404
from reconstruct.visitors import key_of, remember, visitor_of

PAGE = 24


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery.html", page_context(request, Reconstruction.objects.in_gallery()))


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    visitor = visitor_of(request)
    context = page_context(request, Reconstruction.objects.mine(visitor))
    if visitor:  # after a #: what a link has there, no server is told, and no log
        context["key_link"] = f"{request.build_absolute_uri(request.path)}#key={key_of(visitor)}"
    context["keep_private_days"] = settings.KEEP_PRIVATE_DAYS
    response = render(request, "history.html", context)
    if visitor:
        remember(response, visitor)
    return response


def page_context(request: HttpRequest, cars: ReconstructionQuerySet) -> dict[str, Any]:
    """One page of cars, newest first, and the addresses of older and newest ones. Causes a query."""
    before = cursor_or_404(request)
    page = list(cars.older_than(before)[: PAGE + 1])
    return {
        "cars": page[:PAGE],
        "older_url": f"{request.path}?before={page[PAGE - 1].pk}" if len(page) > PAGE else None,
        "newest_url": request.path if before else None,
    }

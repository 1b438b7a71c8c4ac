"""The pages: guard → form → model → redirect."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

import ml.serving.runtime
from reconstruct.forms import UploadForm
from reconstruct.limits import limited
from reconstruct.models import Origin, Reconstruction, ReconstructionQuerySet
from reconstruct.uploads import recorded
from reconstruct.views.car import workbench
from reconstruct.views.params import cursor_or_404
from reconstruct.visitors import get_car_or_404, get_own_car_or_404, remember, visitor_of

EXAMPLES = 6
LATEST = 8
PAGE = 24

logger = logging.getLogger(__name__)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", home_context(UploadForm()))


@require_POST
@limited("uploads")
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if form.has_error("image", "too_large"):
        return render(request, "413.html", {"max_upload_bytes": settings.MAX_UPLOAD_BYTES}, status=413)
    if not form.is_valid():
        return render(request, "home.html", home_context(form), status=422)

    return recorded(
        request, form.cleaned_data["image"], upload_bytes=form.upload_bytes, public=form.cleaned_data["public"]
    )


@require_safe
def car(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "car.html", workbench(request, get_car_or_404(request, slug)))


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery.html", page_context(request, Reconstruction.objects.in_gallery()))


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    visitor = visitor_of(request)
    response = render(request, "history.html", page_context(request, Reconstruction.objects.mine(visitor)))
    if visitor:
        remember(response, visitor)
    return response


@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    get_own_car_or_404(request, slug).delete()
    messages.success(request, "The car and both its pictures are deleted.")
    return redirect("history")


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    car = get_own_car_or_404(request, slug)
    if request.POST.get("public") not in ("0", "1"):
        raise BadRequest("public is neither 0 nor 1")

    car.public = request.POST["public"] == "1"
    car.save(update_fields=["public"])
    messages.success(request, publish_message(car))
    return redirect(car)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer")
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok", "model": ml.serving.runtime.load().version})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def home_context(form: UploadForm) -> dict[str, Any]:
    """What the home page shows around the form. Causes two queries."""
    in_gallery = Reconstruction.objects.in_gallery().newest_first()
    return {
        "form": form,
        "examples": list(in_gallery.examples()[:EXAMPLES]),
        "latest": list(in_gallery.exclude(origin=Origin.EXAMPLE)[:LATEST]),
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
    }


def page_context(request: HttpRequest, cars: ReconstructionQuerySet) -> dict[str, Any]:
    """One page of cars, newest first, and the way to its neighbours. Causes a query."""
    before = cursor_or_404(request)
    found = list(cars.older_than(before)[: PAGE + 1])
    return {
        "cars": found[:PAGE],
        "older_url": f"{request.path}?before={found[PAGE - 1].pk}" if len(found) > PAGE else None,
        "newest_url": request.path if before else None,
    }


def publish_message(car: Reconstruction) -> str:
    if not car.public:
        return "Only you can see this car now."
    if not car.approved:
        return "This car will be in the gallery as soon as someone of us has looked at it."
    return "This car is in the gallery now."

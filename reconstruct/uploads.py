"""A picture becomes a visitor's car: what every page does that lets them have one."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from PIL import Image

import ml.serving.runtime
from reconstruct.models import NotSavedError, Reconstruction
from reconstruct.visitors import new_visitor, remember, visitor_of

logger = logging.getLogger(__name__)


def record(picture: Image.Image, **columns: Any) -> Reconstruction:
    """A new car: the picture, and what the model makes of it. Raises NotSavedError, which is in the log by then."""
    try:
        return Reconstruction.objects.record(picture, ml.serving.runtime.load().reconstruct(picture), **columns)
    except NotSavedError:
        logger.exception("A car could not be stored")
        raise


def recorded(request: HttpRequest, picture: Image.Image, **columns: Any) -> HttpResponse:
    """The way to the page of a new car, which is the visitor's; or a page that says that it could not be stored."""
    visitor = visitor_of(request) or new_visitor()
    try:
        car = record(picture, visitor=visitor, **columns)
    except NotSavedError:
        return render(request, "503.html", status=503)

    response = HttpResponseRedirect(car.get_absolute_url(), status=303)
    remember(response, visitor)
    return response

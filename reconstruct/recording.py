"""A picture becomes a visitor's car: what every page does that lets them have one."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from PIL import Image

import ml.runtime
from reconstruct.access import new_visitor, remember, visitor_of
from reconstruct.models import NotSavedError, Reconstruction

logger = logging.getLogger(__name__)


def recorded(request: HttpRequest, picture: Image.Image, **columns: Any) -> HttpResponse:
    """The way to the page of a new car, which is the visitor's; or a page that says that it could not be stored."""
    visitor = visitor_of(request) or new_visitor()
    try:
        result = ml.runtime.load().reconstruct(picture)
        car = Reconstruction.objects.record(picture, result, visitor=visitor, **columns)
    except NotSavedError:
        logger.exception("A car could not be stored")
        return render(request, "503.html", status=503)

    response = HttpResponseRedirect(car.get_absolute_url(), status=303)
    remember(response, visitor)
    return response

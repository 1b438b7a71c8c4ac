"""The home page, and the upload."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ml.serving.transforms import IMAGE_SIZE
from reconstruct import uploads
from reconstruct.forms import UploadForm
from reconstruct.limits.requests import limited, only_looks
from reconstruct.models import Origin, Reconstruction
from reconstruct.views.responses import created
from reconstruct.visitors import visitor_of

EXAMPLES = 6
LATEST = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", home_context(UploadForm()))


@require_http_methods(["GET", "HEAD", "POST"])
@limited("uploads", unless=only_looks)
def upload(request: HttpRequest) -> HttpResponse:
    """Redirects to the visitor's car of this photograph: a new one, unless they have sent the photograph before.

    A script is told where that is, 201 for a new one and 200 for the other: it would follow a redirect, and load the
    page for nothing. Who opens this address again after a refusal gets the form.
    """
    if request.method != "POST":
        return redirect("home")
    form = UploadForm(request.POST, request.FILES)
    if form.has_error("image", "too_large"):
        return render(request, "413.html", {"max_upload_bytes": settings.MAX_UPLOAD_BYTES}, status=413)
    if not form.is_valid():
        return render(request, "home.html", home_context(form), status=422)

    picture, public, size = form.cleaned_data["image"], form.cleaned_data["public"], form.upload_bytes
    car = uploads.earlier(picture, upload_bytes=size, visitor=visitor_of(request))
    if car:
        response: HttpResponse = HttpResponseRedirect(car.get_absolute_url(), status=303)
    else:
        response = created(request, picture, upload_bytes=size, public=public)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest" and response.has_header("Location"):
        response.status_code = 200 if car else 201
    elif car:
        messages.info(request, "You have sent this photograph before, and this is the car that it became.")
    return response


def home_context(form: UploadForm) -> dict[str, Any]:
    """The context of the home page. Causes two queries."""
    in_gallery = Reconstruction.objects.in_gallery().newest_first()
    return {
        "form": form,
        "examples": list(in_gallery.examples()[:EXAMPLES]),
        "latest": list(in_gallery.exclude(origin=Origin.EXAMPLE)[:LATEST]),
        "converts_heic": settings.CONVERTS_HEIC,
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
        "side": IMAGE_SIZE,
    }

"""The home page, and the upload."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ml.serving.transforms import IMAGE_SIZE
from reconstruct.forms import UploadForm
from reconstruct.limits.requests import limited
from reconstruct.models import Origin, Reconstruction
from reconstruct.views.responses import created

EXAMPLES = 6
LATEST = 8


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

    image, public = form.cleaned_data["image"], form.cleaned_data["public"]
    return created(request, image, query="?new", upload_bytes=form.upload_bytes, public=public)


def home_context(form: UploadForm) -> dict[str, Any]:
    """The context of the home page. Causes two queries."""
    in_gallery = Reconstruction.objects.in_gallery().newest_first()
    return {
        "form": form,
        "examples": list(in_gallery.examples()[:EXAMPLES]),
        "latest": list(in_gallery.exclude(origin=Origin.EXAMPLE)[:LATEST]),
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
        "side": IMAGE_SIZE,
    }

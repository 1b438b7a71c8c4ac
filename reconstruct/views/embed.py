"""A car of the gallery, for other sites to show in a frame. It is the one page that a frame may hold."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from ml.serving.runtime import load
from reconstruct.addresses import versioned
from reconstruct.visitors import get_gallery_car_or_404

PICTURES = ("depths", "seen", "webp")  # by the names of their routes


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # its types know views without a slug alone
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The comparison alone, without a form: a click that another site steals does nothing here."""
    car = get_gallery_car_or_404(request, slug)
    version = load().version
    pictures = {f"{name}_url": versioned(name, slug, version=version) for name in PICTURES}
    return render(request, "embed.html", {"car": car} | pictures)

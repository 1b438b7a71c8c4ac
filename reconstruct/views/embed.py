"""A car of the gallery, for other sites to show in a frame. It is the one page that a frame may hold."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from ml.serving.runtime import load
from reconstruct.addresses import versioned
from reconstruct.visitors import get_gallery_car_or_404


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # its types know views without a slug alone
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The comparison alone, without a form: a click that another site steals does nothing here."""
    car = get_gallery_car_or_404(request, slug)
    return render(request, "embed.html", {"car": car, "depths_url": versioned("depths", slug, version=load().version)})

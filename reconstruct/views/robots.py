"""For search engines: what they may read, and where the cars of the gallery are."""

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as listed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reconstruct.models import Reconstruction

PAGES = ("home", "gallery", "map", "how", "open_code", "api", "privacy")
CARS = 5000  # the newest of the gallery: about 1 MB of XML
LIFETIME_S = 300  # that a hidden car may stay in it


class Pages(Sitemap):  # type: ignore[type-arg]  # generic in the stubs alone
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Cars(Sitemap):  # type: ignore[type-arg]
    def items(self) -> QuerySet[Reconstruction]:
        return Reconstruction.objects.in_gallery().newest_first().only("slug", "created_at")[:CARS]

    def lastmod(self, item: Reconstruction) -> object:
        return item.created_at


@cache_control(public=True, max_age=LIFETIME_S)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=LIFETIME_S)
@require_safe
def sitemap(request: HttpRequest) -> TemplateResponse:
    """Causes two queries."""
    return listed(request, {"pages": Pages, "cars": Cars})

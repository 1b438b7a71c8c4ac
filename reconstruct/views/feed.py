"""The gallery as an Atom feed, for those who want to hear of new cars."""

import datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reconstruct.models import Reconstruction

CARS = 30
LIFETIME_S = 300  # that a hidden car may stay in it


class GalleryFeed(Feed):  # type: ignore[type-arg]  # generic in the stubs alone
    feed_type = Atom1Feed
    title = "auto·encoder: the gallery"
    subtitle = "Photographs of cars, each rebuilt from a few hundred bytes."
    link = reverse_lazy("gallery")

    def items(self) -> list[Reconstruction]:
        """Causes a query."""
        return list(Reconstruction.objects.in_gallery().newest_first()[:CARS])

    def item_title(self, item: Reconstruction) -> str:
        return item.title

    def item_pubdate(self, item: Reconstruction) -> datetime.datetime:
        return item.created_at

    def item_description(self, item: Reconstruction) -> str:
        return item.verdict


gallery_feed = cache_control(public=True, max_age=LIFETIME_S)(require_safe(GalleryFeed()))

"""The admin's own pages: its name, its log-in, its front page."""

import datetime
import shutil
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from reconstruct.limits.requests import take, too_many
from reconstruct.models import Reconstruction, today

DAYS = 7  # on the front page


class SiteAdmin(AdminSite):
    site_header = site_title = "auto·encoder"
    enable_nav_sidebar = False  # there is hardly anything else to go to, and the list needs its room

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Takes a token for each password, right or wrong."""
        if request.method == "POST" and (wait_s := take(request, "logins")):
            return too_many(request, wait_s)
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Shows the number of waiting cars to staff who may decide on them, and to all staff how full the site gets."""
        waiting = None
        if request.user.has_perm("reconstruct.change_reconstruction"):
            waiting = Reconstruction.objects.in_queue().count()
        shown = {"waiting": waiting, "days": new_cars_by_day(), "disk": disk()}
        return super().index(request, {**(extra_context or {}), **shown})


def new_cars_by_day() -> list[tuple[datetime.date, int]]:
    """How many cars there are of each of the last days, today first. Causes a query."""
    days = [today() - datetime.timedelta(days=n) for n in range(DAYS)]
    since = datetime.datetime.combine(days[-1], datetime.time(), datetime.UTC)  # a date would ask no index
    counted = (
        Reconstruction.objects.filter(created_at__gte=since)
        .values_list("created_at__date")
        .annotate(Count("id"))
        .order_by()
    )
    cars = dict(counted)
    return [(day, cars.get(day, 0)) for day in days]


def disk() -> dict[str, int] | None:
    """How many bytes of the disk with the pictures are in use, and how many it has; None where a bucket has them."""
    if settings.S3_BUCKET:
        return None
    folder = next(folder for folder in (settings.MEDIA_ROOT, *settings.MEDIA_ROOT.parents) if folder.exists())
    usage = shutil.disk_usage(folder)
    return {"used": usage.used, "total": usage.total}

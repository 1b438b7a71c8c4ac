"""The admin's own pages: its name, its log-in, its front page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from reconstruct.limits.requests import take, too_many
from reconstruct.models import Reconstruction


class SiteAdmin(AdminSite):
    site_header = site_title = "auto·encoder"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Takes a token for each password, right or wrong."""
        if request.method == "POST" and (wait_s := take(request, "logins")):
            return too_many(request, wait_s)
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Shows the number of waiting cars to staff who may decide on them."""
        waiting = None
        if request.user.has_perm("reconstruct.change_reconstruction"):
            waiting = Reconstruction.objects.in_queue().count()
        return super().index(request, {**(extra_context or {}), "waiting": waiting})

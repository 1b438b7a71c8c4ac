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
        """Trying a password takes a token, be it right or wrong."""
        if request.method == "POST" and (wait_s := take(request, "logins")):
            return too_many(request, wait_s)
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Says how many cars wait, to those who may decide on them."""
        waiting = None
        if request.user.has_perm("reconstruct.change_reconstruction"):
            waiting = Reconstruction.objects.in_queue().count()
        return super().index(request, {**(extra_context or {}), "waiting": waiting})

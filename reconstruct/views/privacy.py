"""What is kept of visitors, and who sees it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "keep_private_days": settings.KEEP_PRIVATE_DAYS,
        "contact": settings.OPERATOR_CONTACT,
        "requires_approval": settings.GALLERY_REQUIRES_APPROVAL,
    }
    return render(request, "privacy.html", context)

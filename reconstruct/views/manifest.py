"""The manifest: what a phone needs to put the site on its home screen."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

LIFETIME_S = 24 * 3600


@cache_control(public=True, max_age=LIFETIME_S)
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    home = reverse("home")
    content = {
        "id": home,
        "name": "auto·encoder: a car in a thousand bytes",
        "short_name": "auto·encoder",
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",  # the pages need the way back
        "background_color": "#f2f1ed",
        "theme_color": "#171614",
        "icons": [
            {"src": static("icons/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")

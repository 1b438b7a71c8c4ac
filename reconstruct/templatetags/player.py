"""{% player %}: what a page needs so that the browser decodes cars by itself; nothing where the files are missing."""

from typing import Any

from django import template
from django.conf import settings

from ml.serving.runtime import load

register = template.Library()


@register.inclusion_tag("_player.html")
def player() -> dict[str, Any]:
    return {"plays": settings.PLAYS, "version": load().version}

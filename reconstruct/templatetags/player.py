"""{% player %}: what a page needs so that the browser decodes cars by itself; nothing where the files are missing."""

import dataclasses
import json
from typing import Any

from django import template
from django.conf import settings

from ml.serving.runtime import load

register = template.Library()


@register.inclusion_tag("_player.html")
def player() -> dict[str, Any]:
    runtime = load()
    model = {
        "grids": [dataclasses.asdict(grid) for grid in runtime.grids],
        "directions": [{"name": direction.name, "steps": direction.steps} for direction in runtime.directions],
    }
    return {"plays": settings.PLAYS, "model": json.dumps(model)}

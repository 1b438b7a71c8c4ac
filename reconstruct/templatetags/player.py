"""{% player %}: what a page needs so that the browser decodes cars by itself; nothing where the files are missing."""

import dataclasses
import json
from typing import Any

from django import template
from django.conf import settings

from ml.serving.runtime import load
from ml.serving.transforms import IMAGE_SIZE
from reconstruct.pictures import circle, morphs

register = template.Library()


@register.inclusion_tag("_player.html")
def player() -> dict[str, Any]:
    runtime = load()
    model = {
        "grids": [dataclasses.asdict(grid) for grid in runtime.grids],
        "directions": [{"name": direction.name, "steps": direction.steps} for direction in runtime.directions],
        "side": IMAGE_SIZE,
        "circle_cars": circle.CARS,
        "morph_frames": morphs.FRAMES,
    }
    return {"plays": settings.PLAYS, "model": json.dumps(model)}

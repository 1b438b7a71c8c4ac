"""Films: pictures one after the other, in a file that repeats without end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image

from reconstruct.pictures.files import File, encoded

SIDE = 256  # pixels
FORMATS: dict[str, dict[str, Any]] = {"webp": {"quality": 80, "method": 0}, "gif": {}}  # and their options


def frames(pictures: Sequence[Image.Image], format: str) -> list[Image.Image]:
    """The pictures as frames of a film in one of FORMATS, enlarged to SIDE."""
    enlarged = [to_side(picture) for picture in pictures]
    if format != "gif":
        return enlarged
    # An octree chooses the 256 colours in a fortieth of the time that Pillow's default takes.
    return [frame.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE) for frame in enlarged]


def film(frames: Sequence[Image.Image], waits_ms: Sequence[int], format: str, name: str) -> File:
    """The frames, each shown for so long."""
    options = FORMATS[format] | {"duration": list(waits_ms), "loop": 0}
    content = encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)
    return File(content, f"image/{format}", f'inline; filename="{name}.{format}"')


def to_side(picture: Image.Image) -> Image.Image:
    scale = SIDE / max(picture.size)
    width, height = (round(side * scale) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC)

"""From photograph to array and back, the same in training and serving."""

from __future__ import annotations

import contextlib
import struct
from io import BytesIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

Array: TypeAlias = NDArray[np.float32]
Frame: TypeAlias = tuple[int, int, int, int]

IMAGE_SIZE = 128
# What is looked for in a folder of pictures.
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"}
WHITE = (255, 255, 255)


def flatten(image: Image.Image) -> Image.Image:
    """The picture as a viewer would show it: sRGB, upright by its EXIF orientation, transparency laid on white.

    Returns the same object, not a copy, where nothing has to change.
    """
    # A damaged EXIF block is ignored: the pixels are still good.
    with contextlib.suppress(OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
            image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        image = _from_deep_grey(image)
    if image.mode in ("RGB", "CMYK") and image.info.get("icc_profile"):
        image = _to_srgb(image)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, WHITE)
        image.paste(rgba, mask=rgba)
    if image.mode != "RGB":
        return image.convert("RGB")
    image.load()
    return image


def to_array(image: Image.Image, size: int = IMAGE_SIZE) -> tuple[Array, Frame]:
    """A whole RGB picture in a white square, (3, size, size) float32 in [0, 1], and its frame in that square.

    The frame is (left, top, right, bottom) in pixels.
    """
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    left, top = (size - width) // 2, (size - height) // 2
    square = Image.new("RGB", (size, size), WHITE)
    square.paste(image.resize((width, height), Image.Resampling.LANCZOS), (left, top))
    array = np.asarray(square, dtype=np.float32).transpose(2, 0, 1) / np.float32(255)
    return np.ascontiguousarray(array), (left, top, left + width, top + height)


def turn_around(x: Array) -> Array:
    """Pictures, (…, H, W), as a mirror shows them."""
    return np.ascontiguousarray(x[..., ::-1])


def to_image(array: Array, frame: Frame | None = None) -> Image.Image:
    """(3, H, W) float32, about [0, 1] → RGB picture, with the bars around `frame` cut off again."""
    left, top, right, bottom = frame or (0, 0, array.shape[2], array.shape[1])
    pixels = array[:, top:bottom, left:right].transpose(1, 2, 0) * 255
    return Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8))


def _to_srgb(image: Image.Image) -> Image.Image:
    """The picture converted from its embedded profile: phones write wide-gamut ones. A damaged profile is ignored."""
    from PIL import ImageCms  # noqa: PLC0415 - a library of its own, which most pictures do not need

    with contextlib.suppress(ImageCms.PyCMSError, OSError):
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        image = converted or image
    return image


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """16-bit integers and floats, scaled to 8 bits: Pillow's own conversion would clip them to white."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    peak = float(values.max(initial=0))
    full = 1.0 if peak <= 1 and image.mode == "F" else 255.0 if peak <= 255 else max(peak, 65535.0)
    return Image.fromarray((values / full * 255).clip(0, 255).astype(np.uint8))

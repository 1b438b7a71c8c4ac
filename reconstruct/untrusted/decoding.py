"""A file's bytes → a picture that is as large as the site keeps it. Runs in the decoder's process alone."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from ml.serving.transforms import flatten
from reconstruct.untrusted import parts
from reconstruct.untrusted.limits import Reason, RefusedError

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
MAX_PROPORTION = 10
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx")  # ISO/IEC 23008-12, annex B
KEPT_SIDE = 1600  # of the picture that is kept; at most, in pixels


def decode(content: bytes) -> Image.Image:
    """The file's first picture, RGB, upright, at most KEPT_SIDE pixels long.

    Raises RefusedError; MemoryError where the process may not have as much as it takes.
    """
    if is_heic(content):
        raise RefusedError(Reason.HEIC)
    parts.check(content)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            check_size(*image.size)
            picture = flatten(shrunk(image))
    except (RefusedError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedError(Reason.TOO_MANY_PIXELS) from None
    except Exception as error:  # what a damaged file makes Pillow raise is anything: OSError, SyntaxError, zlib's …
        raise RefusedError(Reason.NOT_A_PICTURE, repr(error)) from error
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
    return picture


def is_heic(content: bytes) -> bool:
    """Whether the file says so in its first box. It is refused by name: nothing here decodes it."""
    brands = content[8 : min(int.from_bytes(content[:4], "big"), 128)]
    return content[4:8] == b"ftyp" and any(brand in brands for brand in HEIC_BRANDS)


def check_size(width: int, height: int) -> None:
    """Looks at the size that the file claims, before its pixels are decoded. Raises RefusedError."""
    if width * height > MAX_PIXELS:
        raise RefusedError(Reason.TOO_MANY_PIXELS)
    if min(width, height) < MIN_SIDE:
        raise RefusedError(Reason.TOO_SMALL)
    if max(width, height) > MAX_PROPORTION * min(width, height):
        raise RefusedError(Reason.TOO_LONG)


def shrunk(image: Image.Image) -> Image.Image:
    """The picture scaled down before anything else copies it: 40 megapixels take 160 MB, once for every step.

    Deep grey stays, because its scale depends on its greatest value.
    """
    if image.mode.startswith(("I", "F")):
        return image
    image.draft(None, (2 * KEPT_SIDE, 2 * KEPT_SIDE))  # of a JPEG, a half or a quarter can be decoded straight away
    image.load()  # only then is it known whether a palette has transparent colours
    if image.has_transparency_data and image.mode != "RGBA":
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):  # an average of two colours need not be in the palette
        image = image.convert("RGB")
    image.thumbnail((KEPT_SIDE, KEPT_SIDE))
    return image

"""The one gate for untrusted bytes: what passes is a clean RGB picture, and nothing else of the file is kept."""

from __future__ import annotations

import logging
from typing import IO, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from PIL import Image

from ml.serving.transforms import flatten
from reconstruct import code_file

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
MAX_PROPORTION = 10
KEPT_SIDE = 1600  # of the picture that is kept; at most, in pixels
MAX_CODE_BYTES = 64 * 1024  # a code's file has about 20 KB

logger = logging.getLogger(__name__)


class PictureField(forms.FileField):
    """A file that cleans to its first picture: PIL, RGB, upright. Its content decides what it is, not its name."""

    widget = forms.ClearableFileInput
    default_error_messages: ClassVar = {
        "required": "Choose a photograph of a car first.",
        "invalid": "The photograph did not arrive. Please choose it again.",
        "missing": "The photograph did not arrive. Please choose it again.",
        "empty": "This file is empty. Choose another photograph.",
        "too_large": "This file is %(size)s, and the limit is %(limit)s. Choose a smaller photograph.",
        "not_a_picture": "This is not a picture that we can read, or it is damaged. Choose a JPEG, PNG, WebP, AVIF, "
        "GIF, BMP or TIFF file.",
        "too_many_pixels": "This picture has more than 40 megapixels. Scale it down and try again.",
        "too_small": "This picture is too small to show a car: each side needs 16 pixels at least.",
        "too_long": "This picture is more than ten times as long as it is wide. Crop it to the car and try again.",
    }

    def to_python(self, data: UploadedFile[bytes] | None) -> Image.Image | None:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > settings.MAX_UPLOAD_BYTES:
            sizes = {"size": filesizeformat(file.size), "limit": filesizeformat(settings.MAX_UPLOAD_BYTES)}
            raise ValidationError(self.error_messages["too_large"], "too_large", sizes)
        return self.decode(file)

    def decode(self, file: IO[bytes]) -> Image.Image:
        """The file's first picture, at most KEPT_SIDE pixels long. Raises ValidationError."""
        try:
            with Image.open(file, formats=FORMATS) as image:
                self.validate_size(*image.size)
                # A JPEG can be decoded straight to a half or a quarter of its size; a no-op for the other formats.
                image.draft(None, (2 * KEPT_SIDE, 2 * KEPT_SIDE))
                picture = flatten(image)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise self.refusal("too_many_pixels") from None
        except ValidationError:
            raise
        except Exception as error:  # what a damaged file makes Pillow raise is anything: OSError, SyntaxError, zlib's …
            logger.info("Not a picture: %r", error)
            raise self.refusal("not_a_picture") from error
        picture.info.clear()  # comments and profiles, which Pillow would write into what it saves
        picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
        return picture

    def validate_size(self, width: int, height: int) -> None:
        """Reads the size that the file claims, before its pixels are decoded. Raises ValidationError."""
        if width * height > MAX_PIXELS:
            raise self.refusal("too_many_pixels")
        if min(width, height) < MIN_SIDE:
            raise self.refusal("too_small")
        if max(width, height) > MAX_PROPORTION * min(width, height):
            raise self.refusal("too_long")

    def refusal(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code)


class UploadForm(forms.Form):
    image = PictureField(label="Photograph of a car")
    public = forms.BooleanField(label="Show it in the gallery", required=False, initial=True)

    @property
    def upload_bytes(self) -> int:
        """Size of the file that the visitor sent."""
        file: Any = self.files["image"]
        return int(file.size)


class CodeField(forms.FileField):
    """A file that cleans to the car that its code describes: PIL, RGB."""

    default_error_messages: ClassVar = {
        "required": "Choose the file of a code first.",
        "invalid": "The code did not arrive. Please choose it again.",
        "missing": "The code did not arrive. Please choose it again.",
        "empty": "This file is empty. Choose a file that a car’s page gave you.",
        "too_large": "This file is %(size)s, and no code is larger than %(limit)s.",
    }

    def to_python(self, data: UploadedFile[bytes] | None) -> Image.Image | None:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > MAX_CODE_BYTES:
            sizes = {"size": filesizeformat(file.size), "limit": filesizeformat(MAX_CODE_BYTES)}
            raise ValidationError(self.error_messages["too_large"], "too_large", sizes)
        try:
            return code_file.read(file.read())
        except code_file.CodeFileError as error:
            raise ValidationError(str(error), "unreadable") from error


class CodeForm(forms.Form):
    code = CodeField(label="The file of a code")
    public = forms.BooleanField(label="Show it in the gallery", required=False)

    @property
    def upload_bytes(self) -> int:
        """Size of the file that the visitor sent."""
        file: Any = self.files["code"]
        return int(file.size)

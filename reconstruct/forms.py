"""Forms for what visitors send: photographs and codes. What is not valid gets an error in plain words."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from PIL import Image

from reconstruct.untrusted.decoder import decoder
from reconstruct.untrusted.limits import RefusedError

MAX_CODE_BYTES = 64 * 1024  # a file has at most 8 KB; the JSON of version 1.0, which is still read, has 20 KB

logger = logging.getLogger(__name__)


class PictureField(forms.FileField):
    """Cleans a file to its first picture: PIL, RGB, upright. The content decides the format, not the name."""

    widget = forms.ClearableFileInput
    default_error_messages: ClassVar = {
        "required": "Choose a photograph of a car first.",
        "invalid": "The photograph did not arrive. Please choose it again.",
        "missing": "The photograph did not arrive. Please choose it again.",
        "empty": "This file is empty. Choose another photograph.",
        "too_large": "This file is %(size)s, and the limit is %(limit)s. Choose a smaller photograph.",
        "not_a_picture": "This is not a picture that we can read, or it is damaged. Choose a JPEG, PNG, WebP, AVIF, "
        "GIF, BMP or TIFF file.",
        "heic": "This is a HEIC photograph. The page converts it before it is sent, if JavaScript is "
        "on. Turn that on, or save the photograph as a JPEG and choose the JPEG.",
        "too_many_pixels": "This picture has more than 40 megapixels. Scale it down and try again.",
        "too_small": "This picture is too small to show a car: each side needs 16 pixels at least.",
        "too_long": "This picture is more than ten times as long as it is wide. Crop it to the car and try again.",
        "too_many_parts": "This file is built of far more parts than a photograph has. Save it anew with another "
        "program and try again.",
        "too_costly": "This picture takes too long to open, or too much memory. Scale it down or save it as a JPEG, "
        "and try again.",
    }

    def to_python(self, data: UploadedFile[bytes] | None) -> Image.Image | None:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > settings.MAX_UPLOAD_BYTES:
            sizes = {"size": filesizeformat(file.size), "limit": filesizeformat(settings.MAX_UPLOAD_BYTES)}
            raise ValidationError(self.error_messages["too_large"], "too_large", sizes)
        return self.decode(file)

    def decode(self, file: File[bytes]) -> Image.Image:
        """Raises ValidationError; DecoderError where the decoder does not work."""
        try:
            return decoder.decode(file.chunks())
        except RefusedError as error:
            logger.info("A picture was refused: %s %s", error.reason, error.detail)
            raise ValidationError(self.error_messages[error.reason], error.reason) from error


class UploadForm(forms.Form):
    image = PictureField(label="Photograph of a car")
    public = forms.BooleanField(label="Show it in the gallery", required=False)

    @property
    def upload_bytes(self) -> int:
        """Size of the file that the visitor sent."""
        file: Any = self.files["image"]
        return int(file.size)


class CodeField(forms.FileField):
    """Cleans a file to its bytes. Whether they are a code is checked when code_file decodes them."""

    default_error_messages: ClassVar = {
        "required": "Choose the file of a code first.",
        "invalid": "The code did not arrive. Please choose it again.",
        "missing": "The code did not arrive. Please choose it again.",
        "empty": "This file is empty. Choose a file that a car’s page gave you.",
        "too_large": "This file is %(size)s, and no code is larger than %(limit)s.",
    }

    def to_python(self, data: UploadedFile[bytes] | None) -> bytes | None:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > MAX_CODE_BYTES:
            sizes = {"size": filesizeformat(file.size), "limit": filesizeformat(MAX_CODE_BYTES)}
            raise ValidationError(self.error_messages["too_large"], "too_large", sizes)
        return bytes(file.read())


class CodeForm(forms.Form):
    code = CodeField(label="The file of a code")
    public = forms.BooleanField(label="Show it in the gallery", required=False)

    @property
    def upload_bytes(self) -> int:
        """Size of the file that the visitor sent."""
        file: Any = self.files["code"]
        return int(file.size)

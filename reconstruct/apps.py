import warnings

from django.apps import AppConfig
from django.contrib import admin
from PIL import Image

import carsite.checks  # noqa: F401  (registers the checks)
from reconstruct.forms import MAX_PIXELS


class ReconstructConfig(AppConfig):
    name = "reconstruct"
    verbose_name = "Cars"

    def ready(self) -> None:
        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        admin.site.site_header = admin.site.site_title = "auto·encoder"

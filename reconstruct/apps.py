import warnings

from django.apps import AppConfig
from django.contrib import admin
from PIL import Image

import carsite.checks  # noqa: F401  (registers the checks)


class ReconstructConfig(AppConfig):
    name = "reconstruct"
    verbose_name = "Cars"

    def ready(self) -> None:
        from reconstruct.forms import MAX_PIXELS  # noqa: PLC0415 - it needs the models, which are loaded by now

        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        admin.site.site_header = admin.site.site_title = "auto·encoder"

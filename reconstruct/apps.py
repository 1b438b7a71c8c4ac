from django.apps import AppConfig
from django.contrib import admin

import carsite.checks  # noqa: F401  (registers the checks)


class ReconstructConfig(AppConfig):
    name = "reconstruct"
    verbose_name = "Cars"

    def ready(self) -> None:
        admin.site.site_header = admin.site.site_title = "auto·encoder"

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

import carsite.checks  # noqa: F401  (registers the checks)


class ReconstructConfig(AppConfig):
    name = "reconstruct"
    verbose_name = "Cars"


class SiteAdminConfig(AdminConfig):
    default_site = "reconstruct.admin_site.SiteAdmin"

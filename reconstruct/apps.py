from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ReconstructConfig(AppConfig):
    name = "reconstruct"
    verbose_name = "Cars"


class SiteAdminConfig(AdminConfig):
    default_site = "reconstruct.admin_site.SiteAdmin"

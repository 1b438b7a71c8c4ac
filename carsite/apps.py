from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "carsite"

    def ready(self) -> None:
        import carsite.checks  # noqa: F401, PLC0415 - registers the checks, once the settings are there

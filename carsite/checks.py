"""System checks: a half-configured deployment does not start, neither by manage.py nor as a WSGI application."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from ml.serving.manifest import WEIGHTS, ModelError, read

DEPLOYMENT = "deployment"
LAMBDA_BODY_BYTES = 4_400_000  # 6 MB of JSON, in which a body travels as base64


@register()
def weights_match(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        read(WEIGHTS)
    except ModelError as error:
        return [Error(str(error), hint="Restore ml/weights, or write it anew: python -m ml.export.", id="carsite.E001")]
    return []


@register(DEPLOYMENT)
def upload_fits_lambda(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.ON_LAMBDA and settings.MAX_UPLOAD_BYTES > LAMBDA_BODY_BYTES:
        message = f"MAX_UPLOAD_BYTES is {settings.MAX_UPLOAD_BYTES}, and Lambda drops requests over 6 MB of JSON."
        return [Error(message, hint=f"Set it to {LAMBDA_BODY_BYTES} or less.", id="carsite.E002")]
    return []


@register(DEPLOYMENT)
def lambda_is_not_local(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.ON_LAMBDA and settings.LOCAL:
        message = "LOCAL or DEBUG is on: cookies travel without TLS, and DEBUG shows settings to visitors."
        return [Error(message, hint="Unset both.", id="carsite.E003")]
    return []


@register(DEPLOYMENT)
def nobody_goes_around_the_cdn(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.ON_LAMBDA and settings.TRUSTED_PROXIES and not settings.ORIGIN_SECRET:
        message = "TRUSTED_PROXIES is set without ORIGIN_SECRET: whoever asks the function itself can forge an address."
        return [Error(message, hint="Set ORIGIN_SECRET, here and in the CDN.", id="carsite.E004")]
    return []


def require_healthy_deployment() -> None:
    """Raises ImproperlyConfigured when a check fails: for servers, which start without manage.py and so run no checks.

    The weights are left out: such a server loads them, which reads and hashes them anyway.
    """
    if errors := run_checks(tags=[DEPLOYMENT]):
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        raise ImproperlyConfigured(
            "The static files, which every page needs, are missing. Run manage.py collectstatic."
        )

import importlib

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler

import carsite.checks


def test_the_site_as_it_is_passes():
    assert run_checks() == []
    assert isinstance(importlib.import_module("carsite.wsgi").application, WSGIHandler)


def test_missing_weights_are_an_error_with_their_path(monkeypatch, tmp_path):
    monkeypatch.setattr(carsite.checks, "WEIGHTS", tmp_path)
    (error,) = run_checks()
    assert "model.json" in error.msg


def test_lambda_refuses_uploads_that_it_would_drop(settings):
    settings.ON_LAMBDA, settings.LOCAL, settings.MAX_UPLOAD_BYTES = True, False, 5_000_000
    assert [error.id for error in run_checks(tags=["deployment"])] == ["carsite.E002"]


def test_lambda_is_nobodys_own_machine(settings):
    settings.ON_LAMBDA, settings.MAX_UPLOAD_BYTES, settings.LOCAL = True, 4_000_000, True
    assert [error.id for error in run_checks(tags=["deployment"])] == ["carsite.E003"]


def test_a_proxy_that_one_can_go_around_is_not_trusted(settings):
    settings.ON_LAMBDA, settings.LOCAL, settings.MAX_UPLOAD_BYTES = True, False, 4_000_000
    settings.TRUSTED_PROXIES = 1
    assert [error.id for error in run_checks(tags=["deployment"])] == ["carsite.E004"]
    settings.ORIGIN_SECRET = "from the CDN"
    assert run_checks(tags=["deployment"]) == []


def test_static_files_have_to_be_collected(settings, tmp_path):
    backend = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STATIC_ROOT, settings.STORAGES = tmp_path, settings.STORAGES | {"staticfiles": backend}
    with pytest.raises(ImproperlyConfigured, match="collectstatic"):
        carsite.checks.require_healthy_deployment()

import pytest
from django.test import Client
from django.urls import path

from reconstruct.models import Reconstruction


def test_an_unknown_page_is_a_404_page_of_the_site(stranger, db):
    response = stranger.get("/no-such-page")
    assert response.status_code == 404
    assert "404.html" in [template.name for template in response.templates]


def test_an_unknown_host_is_a_400_page_of_the_site(stranger, db):
    response = stranger.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "400.html" in [template.name for template in response.templates]


def test_an_error_of_ours_is_a_500_page_that_needs_nothing(db, monkeypatch):
    def fail(*args):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Reconstruction.objects, "gallery", fail)
    response = Client(raise_request_exception=False).get("/gallery/")
    assert response.status_code == 500
    assert "500.html" in [template.name for template in response.templates]
    assert b"a bug" not in response.content


def forbidden(request):
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied


urlpatterns = [path("forbidden", forbidden), path("", forbidden, name="home")]
for name in ("api", "explore", "gallery", "history", "how", "manifest", "privacy", "upload"):
    urlpatterns.append(path(f"{name}/", forbidden, name=name))


@pytest.mark.urls("tests.site.test_errors")
def test_a_forbidden_page_is_a_403_page_of_the_site(stranger, db):
    response = stranger.get("/forbidden")
    assert response.status_code == 403
    assert "403.html" in [template.name for template in response.templates]

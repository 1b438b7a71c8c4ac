"""A CDN asks the site by another name than visitors know, and adds a secret that nobody else has."""

import re

import pytest
from django.test import Client

SECRET = "0123456789abcdef"


@pytest.fixture
def behind_a_cdn(settings):
    """What docs/deploy.md tells to set, and what the CDN then adds to a visitor's request."""
    settings.ALLOWED_HOSTS = ["x1.lambda-url.eu-west-1.on.aws", "cars.example"]
    settings.USE_X_FORWARDED_HOST = True
    settings.ORIGIN_SECRET = SECRET
    return {
        "host": "x1.lambda-url.eu-west-1.on.aws",
        "x-forwarded-host": "cars.example",
        "x-forwarded-proto": "https",
        "x-origin-secret": SECRET,
    }


def test_a_form_is_sent_and_links_name_the_cdn(db, behind_a_cdn, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client = Client(enforce_csrf_checks=True, headers=behind_a_cdn)
    page = client.get("/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    sent = client.post("/upload/", {"csrfmiddlewaretoken": token}, headers={"origin": "https://cars.example"})
    assert sent.status_code == 422
    assert client.get("/api/openapi.json").json()["servers"][0]["url"].startswith("https://cars.example")


@pytest.mark.parametrize("sent", [{}, {"x-origin-secret": ""}, {"x-origin-secret": "guessed"}])
@pytest.mark.parametrize("address", ["/", "/static/css/base.css", "/healthz", "/no-such-page"])
def test_who_passes_the_cdn_by_gets_nothing(db, behind_a_cdn, sent, address):
    headers = {name: text for name, text in behind_a_cdn.items() if name != "x-origin-secret"}
    response = Client(headers=headers | sent).get(address)
    assert response.status_code == 403
    assert response.content == b"This is not the address of the site."


def test_a_host_that_is_not_the_sites_own_is_refused_there_as_well(db, behind_a_cdn):
    assert Client(headers=behind_a_cdn | {"x-forwarded-host": "evil.example"}).get("/").status_code == 400


def test_without_a_cdn_what_a_visitor_says_of_the_host_counts_for_nothing(db):
    response = Client(headers={"x-forwarded-host": "evil.example"}).get("/api/openapi.json")
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()

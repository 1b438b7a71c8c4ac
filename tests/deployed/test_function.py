"""The packaged function, through both kinds of event: everything that a visitor and staff do, and what goes wrong."""

import re
from io import BytesIO

import numpy as np
import pytest
import requests
from PIL import Image

from tests.cars import as_file, draw_car
from tests.deployed import client, events
from tests.deployed.client import SITE, token_in, upload
from tests.deployed.conftest import STAFF
from tests.deployed.runtime_api import FunctionError


@pytest.fixture
def car(visitor):
    """The address of a private car that the visitor has uploaded."""
    response = upload(visitor, as_file(draw_car()), public=False)
    assert response.status_code == 303, response.text
    return SITE + response.headers["Location"]


def test_the_home_page_is_whole(visitor):
    response = visitor.get(f"{SITE}/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "Reconstruct it" in response.text


def test_static_files_have_hashed_names_and_stay_in_caches(visitor):
    (script,) = re.findall(r'<script type="module" src="([^"]+)"', visitor.get(f"{SITE}/").text)
    assert re.fullmatch(r"/static/js/main\.[0-9a-f]{12}\.js", script)
    response = visitor.get(SITE + script)
    assert response.status_code == 200
    assert "javascript" in response.headers["Content-Type"]
    assert "immutable" in response.headers["Cache-Control"]
    assert "data-behaviour" in response.text


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF"])
def test_a_photograph_of_any_kind_becomes_a_car(visitor, format):
    response = upload(visitor, as_file(draw_car(), format))
    assert response.status_code == 303, response.text
    page = visitor.get(SITE + response.headers["Location"])
    assert "The car as the model rebuilt it" in page.text


def test_every_picture_of_a_cars_page_is_there(visitor, car):
    upload(visitor, as_file(draw_car(paint="blue")), public=False)  # to morph into
    page = visitor.get(f"{car}?shelf=yours").text
    sources = {source.replace("&amp;", "&") for source in re.findall(r'<img[^>]* src="([^"]+)"', page)}
    assert len(sources) >= 7  # and no other car: staff have let none into the gallery
    for source in sources:
        response = visitor.get(SITE + source)
        assert response.status_code == 200, source
        if response.headers["Content-Type"] == "image/svg+xml":
            assert "<svg" in response.text
        else:
            assert max(Image.open(BytesIO(response.content)).size) >= 100


def test_stored_pictures_come_from_the_bucket_and_not_through_the_function(visitor, car, cloud):
    for kind in ("original", "reconstruction"):
        response = visitor.get(f"{car}{kind}")
        assert response.url.startswith(f"{cloud}/pictures/dev/pictures/cars/")
        assert "X-Amz-Signature=" in response.url


def test_a_private_car_is_nobody_elses(visitor, car, function, form):
    assert visitor.get(car).status_code == 200
    assert client.visitor(function, form).get(car).status_code == 404


def test_a_public_car_waits_for_staff_before_it_is_in_the_gallery(visitor, car, function, form):
    public = upload(visitor, as_file(draw_car(paint="blue"))).headers["Location"]
    assert "Waiting for approval" in visitor.get(f"{SITE}{public}").text
    assert public not in client.visitor(function, form).get(f"{SITE}/gallery/").text


def test_the_history_has_all_cars_until_they_are_deleted(visitor, car):
    assert car.removeprefix(SITE) in visitor.get(f"{SITE}/history/").text
    response = visitor.post(f"{car}delete/", data={"csrfmiddlewaretoken": visitor.token})
    assert response.url == f"{SITE}/history/"
    assert "deleted" in response.text
    assert car.removeprefix(SITE) not in response.text
    assert visitor.get(car).status_code == 404


def test_staff_log_in(visitor):
    page = visitor.get(f"{SITE}/admin/login/")
    names = dict(zip(("username", "password"), STAFF.values(), strict=True))
    form = names | {"csrfmiddlewaretoken": token_in(page), "next": "/admin/reconstruct/reconstruction/"}
    response = visitor.post(f"{SITE}/admin/login/", data=form)
    assert response.status_code == 200
    assert "Select car to change" in response.text


def test_a_post_without_a_token_is_refused(visitor):
    visitor.cookies.clear()
    assert upload(visitor, as_file(draw_car())).status_code == 403


def test_a_file_that_is_no_picture_is_explained(visitor):
    response = upload(visitor, b"Dear diary")
    assert response.status_code == 422
    assert "not a picture" in response.text


def test_five_megabytes_are_too_much(visitor):
    response = upload(visitor, np.random.default_rng(0).bytes(5_000_000))
    assert response.status_code == 413
    assert "4\xa0MB" in response.text


def test_the_largest_upload_of_a_visitor_fits_into_an_event(visitor, form):
    largest = b"\xff" * (4 * 2**20)
    body = requests.Request("POST", SITE, files={"image": ("car.jpg", largest)}).prepare().body
    assert events.size_of(form(events.Request("POST", f"{SITE}/upload/", (), body))) < events.MAX_PAYLOAD_BYTES


def test_an_unknown_page_is_the_sites_own(visitor):
    response = visitor.get(f"{SITE}/nowhere/?a=1&a=2")
    assert response.status_code == 404
    assert "auto<span" in response.text


def test_a_strangers_host_is_refused(visitor):
    assert visitor.get(f"{SITE}/", headers={"Host": "evil.example"}).status_code == 400


def test_the_first_page_does_not_wait_for_boto3(start, function):
    def has_imported(name):
        asked = f"import sys; assert {name!r} not in sys.modules"
        try:
            fresh.invoke({"raw_command": asked})
        except FunctionError:
            return True
        return False

    with start() as fresh:
        visitor = client.visitor(fresh, events.function_url)
        assert has_imported("django")
        assert not has_imported("boto3")
        assert not has_imported("botocore")
        assert upload(visitor, as_file(draw_car())).status_code == 303
        assert has_imported("boto3")


def test_management_commands_run(function):
    assert function.invoke({"manage": "migrate --check"}) == {}
    with pytest.raises(FunctionError, match="Unknown command"):
        function.invoke({"manage": "nonsense"})


def test_the_hourly_sweep_runs(function, form, visitor, bucket):
    upload(visitor, as_file(draw_car()))
    rule = "arn:aws:events:us-east-1:123456789012:rule/autoencoder-dev-carsite.hourly.sweep"
    function.invoke({"detail-type": "Scheduled Event", "resources": [rule], "time": "2026-11-24T03:17:00Z"})
    assert "Removed, being older than a day: 0 and 0." in function.log.read_text()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DATABASE_URL": "sqlite:////tmp/cars.sqlite3"}, "DATABASE_URL names SQLite"),
        ({"S3_BUCKET": ""}, "S3_BUCKET is not set"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"MAX_UPLOAD_BYTES": "20000000"}, "MAX_UPLOAD_BYTES is 20000000"),
        ({"DEBUG": "1"}, "LOCAL or DEBUG is on"),
    ],
)
def test_a_half_configured_function_does_not_start(start, changed, words):
    with start(changed) as function, pytest.raises(FunctionError, match=words):
        function.invoke({"manage": "check"})


def test_under_an_api_gateways_stage_all_addresses_carry_it(start):
    site = "https://x1.execute-api.us-east-1.amazonaws.com"
    with start({"FORCE_SCRIPT_NAME": "/dev", "ALLOWED_HOSTS": ".amazonaws.com"}) as function:
        visitor = client.visitor(function, events.rest, site)
        addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', visitor.get(f"{site}/").text)
        assert len(addresses) > 8
        assert all(address.startswith("/dev/") for address in addresses)
        for address in addresses:  # the gateway takes the stage off again
            if address.startswith("/dev/static/"):
                assert visitor.get(site + address.removeprefix("/dev")).status_code == 200, address

"""An iPhone's own kind of photograph, which the browser converts before it is sent."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.photographs import as_upload, photograph, pick, send, uploaded_car


def as_heic(picture, **options):
    file = BytesIO()
    pillow_heif.from_pillow(picture).save(file, **options)
    return file.getvalue()


@pytest.fixture
def heic(settings):
    if not settings.CONVERTS_HEIC:
        pytest.skip("What browsers convert HEIC with is missing: make build/static/player")
    return as_heic(Image.open(BytesIO(photograph((1200, 750)))))


@pytest.mark.packaged
def test_it_is_converted_and_the_page_may_do_no_more_than_before(open_page, heic):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    pick(page, as_upload(photograph(), "plain.jpg"))
    pick(page, as_upload(heic, "IMG_0001.HEIC", ""))
    expect(page.get_by_role("status")).to_have_text("IMG_0001.HEIC is ready.")
    assert not [address for address in asked if "heif" in address]
    send(page)
    car = uploaded_car(page)
    assert [address for address in asked if "libheif" in address]
    assert (car.width, car.height) == (1200, 750)
    red, green, blue = car.open_original().getpixel((600, 470))
    assert red > 150
    assert max(green, blue) < 100
    assert "wasm" not in page.request.get("/").headers["content-security-policy"]


def test_where_it_cannot_be_converted_that_is_said(open_page, heic):
    page = open_page()
    pick(page, as_upload(heic[:1000], "IMG_0001.HEIC", "image/heic"))
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Your browser cannot convert this HEIC file. Save it as a JPEG")
    expect(page.get_by_role("button", name="Reconstruct it")).to_be_enabled()
    assert not Reconstruction.objects.exists()

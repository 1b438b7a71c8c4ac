"""The QR code under a car, read from the screen as a telephone would."""

from io import BytesIO
from urllib.parse import urlsplit

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from ml.serving import coding
from ml.serving.transforms import to_image
from reconstruct.links import content_of
from tests.browser.conftest import DESKTOP, PHONE
from tests.cars import as_file


def read(page):
    """What a QR reader makes of a screenshot of the page."""
    code = page.get_by_alt_text("QR code of a link that holds this car")
    code.scroll_into_view_if_needed()
    code.evaluate("image => image.decode()")
    with Image.open(BytesIO(page.screenshot())) as screenshot:
        return zxingcpp.read_barcode(screenshot.convert("RGB"), formats=zxingcpp.BarcodeFormat.QRCode)


@pytest.mark.parametrize(("viewport", "scale"), [(PHONE, 2), (DESKTOP, 1)], ids=["phone", "desktop"])
def test_the_qr_code_on_the_screen_leads_to_the_same_car(open_page, visitor, store_car, site_url, viewport, scale):
    car = store_car(visitor, as_file(to_image(coding.load().runtime.examples()[0]), "PNG"))
    page = open_page(car.get_absolute_url(), viewport=viewport, device_scale_factor=scale)
    found = read(page)
    assert found.text.startswith(f"{site_url}/c/")
    assert found.ec_level == "M"

    address = urlsplit(found.text).path
    page.goto(address)
    size = len(content_of(address.removeprefix("/c/")))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"A car in {size} bytes")
    picture = page.get_by_alt_text("The car that the link holds")
    response = page.request.get(picture.get_attribute("src"))
    with Image.open(BytesIO(response.body())) as drawn, car.open_original() as original:
        difference = np.abs(np.asarray(drawn, float) - np.asarray(original.resize(drawn.size), float)).mean()
    assert difference < 10


def test_the_link_that_holds_the_car_is_copied(open_page, car, site_url):
    page = open_page(car.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link that holds it").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{site_url}/c/")
    assert coding.load().decode(content_of(urlsplit(copied).path.removeprefix("/c/"))).price >= 1


def test_a_car_in_a_link_is_opened_on_the_workbench(open_page, car):
    page = open_page(f"/cars/{car.slug}/link")
    assert page.locator(".strip-words").evaluate_all("all => all.every(({clientWidth: w}) => w > 100)")  # side by side
    page.get_by_role("button", name="Open it on the workbench").click()
    expect(page.get_by_text("From a code: the model decoded it from a file")).to_be_visible()
    expect(page.get_by_text("Private: only you and staff can see it")).to_be_visible()

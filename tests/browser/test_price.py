"""The price of the code, chosen with a slider, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from ml.serving import coding
from tests.browser.conftest import DESKTOP, PHONE

PRICES = coding.load().prices


@pytest.mark.packaged
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_price_is_in_the_pictures_their_figures_and_the_address(open_page, car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/files?" in request.url else None)
    slider = page.get_by_role("slider", name="Price of the code, β")
    stop = PRICES.index(10) + 1
    slider.fill(str(stop - 1))
    slider.press("ArrowRight")
    words = page.locator("#price [data-words]").filter(has_text="dB")
    expect(words).to_have_text(re.compile(r"^A file of \d+ bytes, [\d.]+ dB$"))
    own, bench = page.locator("[data-priced]"), page.locator(".compare [data-picture=rebuilt] img")
    for picture in (own, bench):
        expect(picture).to_have_attribute("src", re.compile(r"/priced\?price=10&v=\w+&depth=5$"))
    expect(page.locator("[data-webp]")).to_have_attribute("src", re.compile("^data:image/webp"))
    expect(page.locator("[data-picture=webp] figcaption")).to_contain_text("WebP has none so short")
    assert slider.get_attribute("aria-valuetext").startswith(f"β = 10. {words.text_content()}. WebP has none")
    circles = page.locator(".price-circles .sprite")
    assert circles.evaluate("sprite => getComputedStyle(sprite).getPropertyValue('--stop')") == str(stop)
    expect(page).to_have_url(re.compile(r"\?price=10$"))
    assert len(asked) == 1

    page.locator("[data-drawing]").scroll_into_view_if_needed()
    for picture, kind in (
        ("[data-point]", "point"),
        ("[data-drawing]", "drawing"),
        (".circle-cars img >> nth=0", "circle/0"),
    ):
        expect(page.locator(picture)).to_have_attribute("src", re.compile(rf"/{kind}\?.*price=10&v="))

    assert bench.evaluate("img => getComputedStyle(img).objectPosition") == "0px 0px"  # the picture fills its place

    page.get_by_role("slider", name="Depth").fill("2")
    expect(bench).to_have_attribute("src", re.compile("price=10&v=.*depth=2"))
    page.reload()
    expect(bench).to_have_attribute("src", re.compile("price=10&v=.*depth=2"))
    assert slider.input_value() == str(stop)


def test_without_scripts_a_button_shows_the_price(open_page, car):
    page = open_page(car.get_absolute_url(), java_script_enabled=False)
    page.get_by_label("Price of the code, β =").select_option("300")
    page.locator("#price").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"\?.*price=300.*#price$"))
    expect(page.locator("#price [data-words]")).to_have_text(re.compile(r"^A file of \d+ bytes, [\d.]+ dB$"))
    expect(page.locator("[data-priced]")).to_have_attribute("src", re.compile(r"price=300&v="))

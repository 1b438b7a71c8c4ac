"""The balance of the loss, which a visitor drags on the page that explains it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

BOTH = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
LOAD_ALL = """(section) => Promise.all([...section.querySelectorAll("img")].map((image) => {
  image.loading = "eager";
  return image.decode();
}))"""


def shown(page):
    """Which model each row of pictures shows, counted from 1."""
    return page.locator(".balance-rows .sprite").evaluate_all(
        "sprites => sprites.map((sprite) => getComputedStyle(sprite).getPropertyValue('--stop'))"
    )


@pytest.mark.packaged
@BOTH
def test_the_balance_moves_all_rows_but_the_cars_and_loads_nothing(open_page, db, viewport):
    page = open_page("/how/", viewport=viewport)
    slider = page.get_by_role("slider", name="The price of the code, β")
    current = page.locator("tr[aria-current=true]")
    expect(current).to_contain_text(re.compile(r"β = 1\b"))
    page.locator("#balance").evaluate(LOAD_ALL)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/balance/" in request.url else None)

    slider.focus()
    page.keyboard.press("Home")
    assert shown(page) == ["1", "1", "1", "1"]
    expect(current).to_contain_text("β = 0.1")
    page.keyboard.press("End")
    last = slider.get_attribute("max")
    assert shown(page) == ["1", last, last, last]
    expect(current).to_have_count(1)
    expect(page.locator(".balance-figures tr").last).to_have_attribute("aria-current", "true")
    assert slider.get_attribute("aria-valuetext").startswith("β = ")
    expect(page).to_have_url(re.compile(rf"\?balance={last}$"))
    assert asked == []


def test_without_scripts_a_button_shows_the_chosen_price(open_page, db):
    page = open_page("/how/", java_script_enabled=False)
    page.get_by_role("slider", name="The price of the code, β").fill("1")
    page.locator("#balance").get_by_role("button", name="Show").click()
    assert shown(page) == ["1", "1", "1", "1"]
    expect(page).to_have_url(re.compile(r"balance=1"))

"""The pieces of the page that explains the model: the balance of the loss, and what a visitor drags on it."""

import re

import pytest
from django.core.management import call_command
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
    assert shown(page) == ["1"] * 5
    expect(current).to_contain_text("β = 0.1")
    page.keyboard.press("End")
    last = slider.get_attribute("max")
    assert shown(page) == ["1", *[last] * 4]
    expect(current).to_have_count(1)
    expect(page.locator(".balance-figures tr").last).to_have_attribute("aria-current", "true")
    assert re.search(
        r"^β = [\d.]+: a rate of [\d,]+ B, an error of [\d.]+ shades$", slider.get_attribute("aria-valuetext")
    )
    expect(page).to_have_url(re.compile(rf"\?balance={last}$"))
    assert asked == []


def test_without_scripts_a_button_shows_the_chosen_price(open_page, db):
    page = open_page("/how/", java_script_enabled=False)
    page.get_by_role("slider", name="The price of the code, β").fill("1")
    page.locator("#balance").get_by_role("button", name="Show").click()
    assert shown(page) == ["1"] * 5
    expect(page).to_have_url(re.compile(r"balance=1"))


@pytest.fixture
def examples(db, capsys):
    call_command("seed_examples")


@pytest.mark.packaged
@BOTH
def test_points_and_curves_are_dragged_and_moved_by_keys(open_page, examples, viewport):
    page = open_page("/how/", viewport=viewport)

    # The point over the circle.
    page.locator(".circle-drawing").scroll_into_view_if_needed()
    handle = page.get_by_role("button", name="The point in the circle")
    expect(handle).to_be_visible()
    words, decoded = page.locator("[data-point-words]"), page.locator("[data-point]")
    expect(words).to_contain_text("The point is the mean.")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("μ + 0.5 σ")
    expect(words).to_contain_text("Inside 1 σ.")
    expect(decoded).not_to_have_attribute("src", re.compile(r"x=0&y=0&"))
    page.locator("[data-disc=all]").click(position={"x": 5, "y": 60})
    expect(words).to_contain_text("Outside:")
    expect(page).to_have_url(re.compile(r"x=-?\d.*&y="))
    moved = page.url.partition("?")[2]

    # Two Gaussians: the prior itself costs nothing.
    number = page.locator("[data-divergence]")
    before = page.locator("[data-area]").get_attribute("d")
    for name, value in (("Mean of q, μ", "0"), ("Standard deviation of q, σ", "1")):
        page.get_by_role("slider", name=name).fill(value)
    expect(number).to_have_text("0.00 nats = 0.00 bytes")
    assert page.locator("[data-area]").get_attribute("d") != before
    page.get_by_role("button", name="The top of the posterior").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(number).to_have_text("0.13 nats = 0.02 bytes")  # half of 0.5 squared
    assert page.get_by_role("slider", name="Mean of q, μ").get_attribute("aria-valuetext").startswith("0.5: 0.13 nats")

    # The planes: one walk moves both points, a drag moves one.
    places, sheets = page.locator("[data-place]"), page.locator("[data-sheet]")
    page.get_by_role("slider", name="The same walk across both").fill("50")
    for number in range(2):
        expect(places.nth(number)).to_contain_text("0.0, 0.0: ")
        assert sheets.nth(number).evaluate("sheet => sheet.style.left") == "-1600%"
    page.locator(".pad-plane").first.click(position={"x": 2, "y": 2})
    expect(places.first).to_contain_text(re.compile(r"^−\d+\.\d, \d+\.\d: "))
    expect(places.last).to_contain_text("0.0, 0.0: ")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # A link shows the same point.
    page = open_page(f"/how/?{moved}", viewport=viewport)
    page.locator(".circle-drawing").scroll_into_view_if_needed()
    expect(page.locator("[data-point-words]")).to_contain_text("Outside:")

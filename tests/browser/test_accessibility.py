"""Every page before axe-core: no serious barrier, on a phone and on a desk, in the light and in the dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reconstruct.models import Origin, Reconstruction
from tests.browser.conftest import DESKTOP, PHONE

GRAVE = {"serious", "critical"}
PAGES = ["/", "/cars/<slug>/", "/gallery/", "/history/", "/how/", "/explore/?roll=3", "/explore/map/", "/api/"]
PAGES += ["/code/", "/nowhere/", "/cars/<slug>/link"]


@pytest.fixture
def site(car, private_car, visitor, store_car):
    """One with cars of every kind that its pages show."""
    for origin in Origin:
        owner = "" if origin == Origin.EXAMPLE else car.visitor
        Reconstruction.objects.filter(pk=store_car(visitor).pk).update(origin=origin, visitor=owner)
    return car


def barriers(page):
    """What axe-core finds, of any weight that stops somebody."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:120]}: {node['failureSummary']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_barrier(open_page, site, visitor, path, viewport):
    page = open_page(path.replace("<slug>", site.slug), visitor=visitor, viewport=viewport)
    for color_scheme in ("light", "dark"):
        page.emulate_media(color_scheme=color_scheme)
        assert barriers(page) == []


def test_a_form_that_was_refused_has_no_serious_barrier(open_page, site):
    page = open_page()
    page.get_by_label("Drop a photograph").set_input_files(
        {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    page.get_by_role("button", name="Reconstruct it").click()
    page.get_by_role("alert").wait_for()
    assert barriers(page) == []


def test_a_dialog_has_no_serious_barrier(open_page, site, visitor):
    page = open_page(site.get_absolute_url(), visitor=visitor)
    page.get_by_text("Delete…").click()
    page.get_by_role("dialog").wait_for()
    assert barriers(page) == []


def test_sliders_are_said_in_words_and_the_legend_stays_in_a_forced_palette(open_page, site):
    page = open_page(site.get_absolute_url(), forced_colors="active")
    heat, height = page.locator("#heat-range"), page.locator("#steer-height")
    expect(heat).to_have_attribute("aria-valuetext", "60 % of the way from the car to the errors")
    heat.press("Home")
    expect(heat).to_have_attribute("aria-valuetext", "0 % of the way from the car to the errors")
    expect(height).to_have_attribute("aria-valuetext", "as it was")
    height.press("End")
    expect(height).to_have_attribute("aria-valuetext", re.compile(r"100 % \w+"))
    page.get_by_role("button", name="Back to the start").click()
    expect(height).to_have_attribute("aria-valuetext", "as it was")
    expect(page.locator(".legend-colours")).to_have_css("background-image", re.compile("linear-gradient"))
    expect(page.locator(".legend-colours")).to_have_css("forced-color-adjust", "none")


def test_barriers_are_found(open_page, db):
    """That the test above can fail."""
    page = open_page()
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    assert any(barrier.startswith("image-alt") for barrier in barriers(page))

"""The circle around a car's code: its radius, depth and draws."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.workbench import BOTH, RADIUS, depth_slider, hold, slide, until


@pytest.mark.packaged
@BOTH
def test_the_radius_is_in_the_address_and_in_the_pictures(open_page, car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    slide(page, RADIUS, 2.5)
    for picture in (page.locator(".circle-cars img").first, page.locator(".circle-cars img").last):
        expect(picture).to_have_attribute("src", re.compile(r"/circle/0\?radius=2\.5&depth=5"))
    drawing = re.compile(r"/circle/0/drawing\?radius=2\.5&price=1&v=")
    expect(page.locator("[data-drawing]")).to_have_attribute("src", drawing)
    expect(page.locator("[data-radius]")).to_have_text("2.5")
    expect(page.locator("#radius")).to_have_attribute("aria-valuetext", "2.5 standard deviations")
    expect(page).to_have_url(re.compile(r"\?radius=2\.5$"))


@pytest.mark.parametrize("late", ["circle/0?", "circle/0/drawing?"], ids=["cars", "drawing"])
def test_a_late_answer_does_not_put_an_older_circle_over_the_newest(open_page, car, late):
    page = open_page(car.get_absolute_url())
    page.wait_for_load_state("networkidle")
    held = hold(page, lambda url: late in url and "radius=1.1" in url)
    slide(page, RADIUS, 1.1)
    until(page, lambda: held)
    slide(page, RADIUS, 3.9)
    page.wait_for_timeout(200)  # for what does not wait for the late answer
    held[0].continue_()
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile(r"radius=3\.9"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    expect(page.locator("[data-drawing]")).to_have_attribute("src", re.compile(r"radius=3\.9"))


def test_the_circle_is_seen_at_the_chosen_depth(open_page, car):
    page = open_page(car.get_absolute_url())
    depth_slider(page).fill("2")
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile("depth=2"))


def test_a_roll_is_another_eight_and_a_link_shows_the_same(open_page, car):
    page = open_page(car.get_absolute_url())
    page.get_by_role("button", name="Eight others").click()
    expect(page).to_have_url(re.compile(r"seed=\d+"))
    picture = page.locator(".circle-cars img").first
    expect(picture).not_to_have_attribute("src", re.compile("/circle/0"))
    expect(page.locator("#circle [role=status]")).to_contain_text("Eight other draws")
    rolled = picture.get_attribute("src")
    page.reload()
    assert page.locator(".circle-cars img").first.get_attribute("src") == rolled


def test_without_scripts_the_circle_rolls_too(open_page, car):
    page = open_page(f"{car.get_absolute_url()}?radius=2", java_script_enabled=False)
    page.get_by_role("button", name="Eight others").click()
    expect(page).to_have_url(re.compile(r"seed=1.*#circle$"))
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile(r"/circle/1\?radius=2&depth=5"))

"""The morph from a car to another, and the choice of the other."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.workbench import BOTH, RADIUS, hold, sheets, shown, slide, until
from tests.cars import as_file, draw_car


@pytest.mark.packaged
@BOTH
def test_one_walks_from_car_to_car(open_page, car, blue_car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    page.locator("[data-morph]").scroll_into_view_if_needed()
    expect(page.locator("[data-morph] img")).not_to_have_js_property("naturalWidth", 0)
    assert shown(page, "[data-morph] .sprite") == pytest.approx(12, abs=0.1)
    asked = sheets(page, "morph")
    slide(page, "On the way", 24)
    assert shown(page, "[data-morph] .sprite") == pytest.approx(24, abs=0.2)
    expect(page.locator(".morph output")).to_have_text("100 %")
    assert asked == []


@pytest.mark.packaged
def test_another_car_is_chosen_by_keyboard(open_page, car, blue_car, visitor, store_car):
    wide = store_car(visitor, as_file(draw_car((320, 160))))
    page = open_page(car.get_absolute_url())
    expect(page.locator("#morph").get_by_role("radio").first).to_be_checked()
    page.locator("#morph").get_by_role("radio").first.focus()  # the nearest: `wide` has its colour
    page.keyboard.press("ArrowRight")
    strip = page.locator("[data-morph] img")
    expect(strip).to_have_attribute("src", re.compile(f"/morph/{blue_car.slug}/strip"))
    expect(page.locator("[data-morph] svg")).to_have_attribute("viewBox", "0 0 128 128")
    expect(page.locator("a[data-gif]")).to_have_attribute("href", re.compile(f"/morph/{blue_car.slug}/film.gif"))
    expect(page.locator("a[data-other]")).to_have_attribute("href", blue_car.get_absolute_url())
    expect(page).to_have_url(re.compile(f"with={blue_car.slug}"))
    page.reload()
    expect(strip).to_have_attribute("src", re.compile(f"/morph/{blue_car.slug}/strip"))
    assert wide.slug not in page.locator("a[data-other]").get_attribute("href")


def test_a_late_answer_does_not_put_older_choices_over_the_newest(open_page, car, blue_car, visitor, store_car):
    private = store_car(visitor, public=False)
    page = open_page(car.get_absolute_url(), visitor=visitor)
    held = hold(page, "**shelf=gallery**")
    page.get_by_role("link", name="The gallery").click()
    until(page, lambda: held)
    page.get_by_role("link", name="Your cars").click()
    expect(page.locator(f'[name=with][value="{private.slug}"]')).to_be_attached()
    held[0].continue_()
    page.wait_for_timeout(300)
    page.locator(".choices img").evaluate_all("images => Promise.all(images.map((image) => image.decode()))")
    expect(page.locator(f'[name=with][value="{private.slug}"]')).to_be_attached()


def test_older_cars_and_ones_own_come_without_leaving_the_page(open_page, car, visitor, store_car, monkeypatch):
    monkeypatch.setattr("reconstruct.views.car.CHOICES", 1)
    older, private = store_car(visitor), store_car(visitor, public=False)
    store_car(visitor, as_file(draw_car(paint="black")))
    page = open_page(car.get_absolute_url(), visitor=visitor)
    slide(page, RADIUS, 3)
    radios = page.locator("#morph").get_by_role("radio")
    expect(radios).to_have_count(2)  # the nearest and the newest
    page.get_by_role("link", name="Older cars").click()
    expect(radios).to_have_count(1)
    expect(radios).to_have_attribute("value", older.slug)
    page.get_by_role("link", name="Your cars").click()
    page.get_by_role("link", name="Older cars").click()
    expect(radios).to_have_attribute("value", private.slug)
    expect(radios).not_to_be_checked()
    page.locator(".choice").click()
    expect(page.locator("[data-morph] img")).to_have_attribute("src", re.compile(f"/morph/{private.slug}/strip"))
    assert page.get_by_role("slider", name=RADIUS).input_value() == "3"


def test_without_scripts_another_car_is_chosen_too(open_page, car, blue_car, visitor, store_car):
    store_car(visitor)
    page = open_page(car.get_absolute_url(), java_script_enabled=False)
    page.locator("#morph").get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Show the way").click()
    expect(page.locator("[data-morph] img")).to_have_attribute("src", re.compile(f"/morph/{blue_car.slug}/strip"))


@pytest.mark.packaged
@pytest.mark.parametrize("format", ["WebP", "GIF"])
def test_a_film_is_downloaded(open_page, car, blue_car, format):
    page = open_page(car.get_absolute_url())
    with page.expect_download() as download:
        page.locator("#morph").get_by_role("link", name=format).click()
    assert download.value.suggested_filename == f"{car.slug}-to-{blue_car.slug}.{format.lower()}"

"""The depths of a car on its page, and the map of what each of them loses."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.workbench import BOTH, depth_slider, sheets, shown, slide, stop


@BOTH
def test_the_depth_slider_moves_all_pictures_of_the_car_and_loads_none(open_page, car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    assert shown(page, "[data-picture=rebuilt] .sprite") == pytest.approx(4, abs=0.02)
    asked = sheets(page, "depth")
    depth_slider(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert shown(page, "[data-picture=rebuilt] .sprite") == pytest.approx(1, abs=0.02)
    assert shown(page, ".lost .sprite[data-depth]") == pytest.approx(1, abs=0.02)
    assert depth_slider(page).get_attribute("aria-valuetext").startswith("Depth 2:")
    expect(page.locator(".strip [aria-current=true]")).to_contain_text("Its shape")
    expect(page).to_have_url(re.compile(r"\?depth=2$"))
    assert asked == []


def test_a_pressed_step_is_shown_large(open_page, car):
    page = open_page(car.get_absolute_url())
    page.get_by_text("The idea of a car").click()
    assert stop(page, "[data-picture=rebuilt] .sprite") == "1"
    assert depth_slider(page).input_value() == "1"
    expect(page.locator(".strip [aria-current=true]")).to_have_count(1)
    expect(page.locator(".depths [role=status]")).to_contain_text("Depth 1:")


def test_every_step_shows_its_own_picture(open_page, car):
    page = open_page(car.get_absolute_url())
    for number in range(5):
        assert shown(page, f".strip li:nth-child({number + 1}) .sprite") == pytest.approx(number, abs=0.05)


def test_a_link_to_a_depth_shows_it(open_page, car):
    page = open_page(f"{car.get_absolute_url()}?depth=3")
    assert stop(page, "[data-picture=rebuilt] .sprite") == "3"


def test_the_heat_map_fades_in_over_the_car(open_page, car):
    page = open_page(car.get_absolute_url())
    opacities = []
    for value in (0, 100):
        slide(page, "Overlay", value)
        layers = page.locator(".lost-layers .sprite").evaluate_all(
            "all => all.map((one) => getComputedStyle(one).opacity)"
        )
        opacities.append(layers)
    assert opacities == [["1", "0"], ["0", "1"]]

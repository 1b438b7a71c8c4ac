"""Steering a car by sliders, and what happens to pictures that come late or not at all."""

import re

import pytest
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.workbench import BOTH, sheets, slide


@BOTH
def test_a_car_is_steered_and_taken_back(open_page, car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    steered, keep = page.locator("[data-steered]"), page.get_by_role("button", name="Keep it as a new car")
    expect(keep).to_be_disabled()
    slide(page, "Light", 0.5)
    slide(page, "Length", -1)
    expect(steered).to_have_attribute("src", re.compile(r"light=0\.5&length=-1"))
    expect(keep).to_be_enabled()
    page.get_by_role("slider", name="Length").dblclick(position={"x": 1, "y": 20})
    expect(steered).to_have_attribute("src", re.compile(r"light=0\.5$"))
    page.get_by_role("button", name="Back to the start").click()
    expect(steered).not_to_have_attribute("src", re.compile("light"))
    expect(keep).to_be_disabled()


@pytest.mark.packaged
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_steered_car_is_kept_as_a_new_one(open_page, car, visitor, java_script_enabled):
    page = open_page(car.get_absolute_url(), visitor=visitor, java_script_enabled=java_script_enabled)
    page.get_by_role("slider", name="Light").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Keep it as a new car").click()
    expect(page.get_by_text("Steered: another car")).to_be_visible()
    assert Reconstruction.objects.get(origin="steered").parent == car
    page.get_by_role("link", name="See that car").click()
    expect(page).to_have_url(re.compile(car.slug))


def test_a_picture_that_does_not_arrive_is_said_and_the_next_one_is_shown(open_page, car):
    page = open_page(car.get_absolute_url())
    page.route("**/steer?*", lambda route: route.abort())
    slide(page, "Light", 1)
    expect(page.locator("#steer [role=status]")).to_contain_text("did not arrive")
    page.unroute("**/steer?*")
    slide(page, "Light", 0.5)
    expect(page.locator("[data-steered]")).to_have_attribute("src", re.compile(r"light=0\.5"))


def test_a_picture_that_was_lost_with_the_connection_comes_when_it_is_back(open_page, car):
    page = open_page(car.get_absolute_url())
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    slide(page, "Light", 1)
    expect(page.locator("#steer [role=status]")).to_contain_text("did not arrive")
    page.route("**/steer?*", lambda route: route.abort(), times=1)  # the first try after it, as on a real network
    page.context.set_offline(False)
    expect(page.locator("[data-steered]")).to_have_attribute("src", re.compile("light=1$"))
    expect(page.locator("#steer [role=status]")).to_be_empty()


def test_only_the_newest_of_many_pictures_waits(open_page, car):
    page = open_page(car.get_absolute_url())
    asked = sheets(page, "steer?")
    page.get_by_role("slider", name="Light").evaluate(
        """slider => {
          for (let step = 1; step <= 20; step += 1) {
            slider.value = String(step / 20);
            slider.dispatchEvent(new Event("input", { bubbles: true }));
          }
        }"""
    )
    expect(page.locator("[data-steered]")).to_have_attribute("src", re.compile("light=1$"))
    assert len({address for address in asked if "light" in address}) == 2

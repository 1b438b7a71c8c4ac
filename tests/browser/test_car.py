"""What a visitor can do on a car's page."""

import re

import pytest
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.conftest import wait_for_behaviours
from tests.browser.workbench import load_all


def test_link_picture_and_frame_are_copied_and_the_device_shares(open_page, car):
    page = open_page(car.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("navigator.share = async (data) => { window.shared = data; };")
    page.reload()
    wait_for_behaviours(page)
    link = page.locator(".actions [data-behaviour=copy-link]")
    link.click()
    expect(link).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url

    page.get_by_text("Show it on another site").click()
    page.locator("[data-field=frame]").click()
    expect(page.locator("[data-field=frame]")).to_have_text("Copied")
    frame = page.evaluate("navigator.clipboard.readText()")
    assert frame.startswith(f'<iframe src="{page.url}embed" title="A car in {car.code_bytes} bytes"')

    page.locator("[data-behaviour=copy-picture]").click()
    expect(page.locator("[data-behaviour=copy-picture]")).to_have_text("Copied")
    types = page.evaluate("navigator.clipboard.read().then(([item]) => item.types)")
    assert types == ["image/png"]

    page.get_by_role("button", name="Share…").click()
    assert page.evaluate("window.shared.url") == page.url


@pytest.mark.packaged
def test_deleting_asks_in_a_dialog(open_page, car, visitor):
    page = open_page(car.get_absolute_url(), visitor=visitor)
    load_all(page)  # one that is asked for after the deletion is missing
    page.get_by_text("Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert Reconstruction.objects.exists()

    page.get_by_text("Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page).to_have_url(re.compile("/history/$"))
    expect(page.get_by_role("status")).to_contain_text("deleted")
    assert not Reconstruction.objects.exists()


def test_deleting_works_without_scripts(open_page, car, visitor):
    page = open_page(car.get_absolute_url(), visitor=visitor, java_script_enabled=False)
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page).to_have_url(re.compile("/history/$"))
    assert not Reconstruction.objects.exists()


@pytest.mark.packaged
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_car_is_hidden_and_shown_again(open_page, car, visitor, java_script_enabled):
    page = open_page(car.get_absolute_url(), visitor=visitor, java_script_enabled=java_script_enabled)
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".owner-state")).to_have_text("Private: only you and staff can see it")
    page.goto("/gallery/")
    expect(page.get_by_text("No cars here yet")).to_be_visible()

    page.goto(car.get_absolute_url())
    page.get_by_role("button", name="Show in the gallery").click()
    expect(page.get_by_role("button", name="Hide")).to_be_visible()
    page.goto("/gallery/")
    expect(page.get_by_role("link", name="A photograph of a car")).to_be_visible()


def test_a_stranger_has_no_say(open_page, car):
    page = open_page(car.get_absolute_url())
    expect(page.get_by_role("button", name="Hide")).to_have_count(0)
    expect(page.get_by_text("Delete…")).to_have_count(0)


@pytest.mark.packaged
def test_a_public_car_tells_other_sites_what_it_is(open_page, car, site_url):
    page = open_page(car.get_absolute_url())
    image = page.locator("meta[property='og:image']").get_attribute("content")
    assert image == site_url + car.card_url
    assert page.request.get(image).ok


def test_a_private_car_tells_other_sites_nothing(open_page, private_car, visitor):
    page = open_page(private_car.get_absolute_url(), visitor=visitor)
    expect(page.locator("meta[property^='og:']")).to_have_count(0)
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")

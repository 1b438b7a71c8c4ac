"""A photograph's way from the visitor's hand to the car's page."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.photographs import as_upload, photograph, pick, send, uploaded_car
from tests.cars import as_file


@pytest.mark.packaged
def test_a_picked_photograph_is_shown_and_then_reconstructed(open_page):
    page = open_page()
    pick(page, as_upload(photograph()))
    expect(page.get_by_alt_text("The photograph you chose")).to_be_visible()
    send(page)
    assert not uploaded_car(page).public
    expect(page.get_by_text("Private: only you and staff can see it")).to_be_visible()
    assert page.get_by_alt_text("The car as the model rebuilt it").evaluate("image => image.decode()") is None


@pytest.mark.packaged
def test_a_large_photograph_is_scaled_down_before_it_is_sent(open_page):
    large = photograph((3200, 2000), quality=95)
    page = open_page()
    pick(page, as_upload(large))
    send(page)
    car = uploaded_car(page)
    assert (car.width, car.height) == (1600, 1000)
    assert car.upload_bytes < len(large) / 2


def test_scaling_keeps_a_photograph_upright(open_page):
    lying = Image.Exif()
    lying[0x0112] = 6
    page = open_page()
    pick(page, as_upload(photograph((2400, 1500), exif=lying)))
    send(page)
    car = uploaded_car(page)
    assert (car.width, car.height) == (1000, 1600)


def test_scaling_lays_transparency_on_white(open_page):
    clear = as_file(Image.new("RGBA", (2000, 1000), (0, 0, 0, 0)), "PNG")
    page = open_page()
    pick(page, as_upload(clear, "clear.png", "image/png"))
    send(page)
    assert min(uploaded_car(page).open_original().getpixel((800, 400))) > 250


def test_a_small_photograph_is_sent_as_it_is(open_page):
    small = photograph()
    page = open_page()
    pick(page, as_upload(small))
    send(page)
    assert uploaded_car(page).upload_bytes == len(small)


@pytest.mark.packaged
def test_what_the_browser_cannot_decode_is_left_to_the_server(open_page):
    tiff = photograph((1200, 750), "TIFF")
    page = open_page()
    pick(page, as_upload(tiff, "car.tif", "image/tiff"))
    send(page)
    assert uploaded_car(page).upload_bytes == len(tiff)


def test_what_is_too_large_and_cannot_be_scaled_is_not_sent(open_page, settings):
    settings.MAX_UPLOAD_BYTES = 2 * 2**20
    page = open_page()
    pick(page, as_upload(photograph((900, 800), "TIFF"), "car.tif", "image/tiff"))  # 2.16 MB
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("too large")
    expect(page.get_by_role("button", name="Reconstruct")).to_be_enabled()
    assert not Reconstruction.objects.exists()


@pytest.mark.packaged
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_bad_file_is_explained_where_the_eye_is(open_page, java_script_enabled):
    page = open_page(java_script_enabled=java_script_enabled)
    pick(page, as_upload(b"This is not a picture.", "car.jpg", "image/jpeg"))
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("not a picture")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#id_image")).to_have_accessible_description(re.compile("not a picture"))
    assert not Reconstruction.objects.exists()


def test_sending_nothing_asks_for_a_photograph(open_page):
    page = open_page()
    send(page)
    expect(page.get_by_role("status")).to_have_text("Choose a photograph first.")
    expect(page.locator("#id_image")).to_be_focused()


@pytest.mark.packaged
def test_without_scripts_a_photograph_is_reconstructed_too(open_page):
    page = open_page(java_script_enabled=False)
    expect(page.get_by_text("paste it")).to_be_hidden()
    pick(page, as_upload(photograph()))
    send(page)
    uploaded_car(page)
    expect(page.locator(".compare-range")).to_be_hidden()
    original, rebuilt = (page.locator(".compare .sprite:visible").nth(n).bounding_box() for n in (0, 1))
    assert original["x"] + original["width"] <= rebuilt["x"]

"""A photograph's way from the visitor's hand to the car's page."""

import base64
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car

CAR_PAGE = re.compile(r"/cars/[\w-]+/(\?new)?$")
TRANSFER = """([name, mimeType, base64]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type: mimeType }));
  return transfer;
}"""


def photograph(size=(320, 200), format="JPEG", **options):
    """A drawing of a car with some grain, so that it takes as many bytes as a photograph does."""
    picture = np.asarray(draw_car(size)).astype(int)
    grain = np.random.default_rng(0).integers(-20, 20, picture.shape)
    return as_file(Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8)), format, **options)


def as_upload(content, name="car.jpg", mime_type="image/jpeg"):
    return {"name": name, "mimeType": mime_type, "buffer": content}


def pick(page, upload):
    page.get_by_label("Drop a photograph").set_input_files(upload)


def transfer(page, upload):
    content = base64.b64encode(upload["buffer"]).decode()
    return page.evaluate_handle(TRANSFER, [upload["name"], upload["mimeType"], content])


def send(page):
    page.get_by_role("button", name="Reconstruct it").click()


def uploaded_car(page):
    expect(page).to_have_url(CAR_PAGE)
    # To the model, a drawing is none; tests.conftest has it otherwise, except on a site that runs elsewhere.
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("A car in|This may not be a car"))
    return Reconstruction.objects.get()


@pytest.mark.packaged
def test_a_picked_photograph_is_shown_and_then_reconstructed(open_page):
    page = open_page()
    pick(page, as_upload(photograph()))
    expect(page.get_by_alt_text("The photograph you chose")).to_be_visible()
    send(page)
    assert uploaded_car(page).public
    assert page.get_by_alt_text("The car as the model rebuilt it").evaluate("image => image.decode()") is None


@pytest.mark.packaged
def test_a_dropped_photograph_waits_until_the_visitor_could_keep_it_private(open_page):
    page = open_page()
    dropped = transfer(page, as_upload(photograph()))
    page.dispatch_event("body", "dragover", {"dataTransfer": dropped})
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("status")).to_have_text("car.jpg is ready.")
    expect(page.get_by_role("button", name="Reconstruct it")).to_be_focused()
    page.get_by_label("Show it in the gallery").uncheck()
    send(page)
    car = uploaded_car(page)
    assert (car.width, car.public) == (320, False)


def test_of_two_dropped_photographs_the_first_is_taken_and_that_is_said(open_page):
    page = open_page()
    dropped = transfer(page, as_upload(photograph(), name="first.jpg"))
    dropped.evaluate("transfer => transfer.items.add(new File(['second'], 'second.jpg', { type: 'image/jpeg' }))")
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("status")).to_have_text("2 files came, and one at a time is taken: first.jpg.")
    send(page)
    uploaded_car(page)


def test_a_pasted_photograph_waits_for_the_button(open_page):
    page = open_page()
    pasted = transfer(page, as_upload(photograph(), name="image.png"))
    page.evaluate("data => document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data}))", pasted)
    expect(page.get_by_role("button", name="Reconstruct it")).to_be_focused()
    page.keyboard.press("Enter")
    assert uploaded_car(page).width == 320


@pytest.mark.packaged
def test_unticked_the_car_is_private(open_page):
    page = open_page()
    pick(page, as_upload(photograph()))
    page.get_by_label("Show it in the gallery").uncheck()
    send(page)
    assert not uploaded_car(page).public
    expect(page.get_by_text("Private: only you and staff can see it")).to_be_visible()


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


def test_what_is_too_large_and_cannot_be_scaled_is_not_sent(open_page):
    page = open_page()
    pick(page, as_upload(photograph((2800, 2600), "TIFF"), "car.tif", "image/tiff"))  # 21.8 MB
    send(page)
    expect(page.locator("[data-status]")).to_contain_text("too large")
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


def test_a_dropped_text_is_not_sent(open_page):
    page = open_page()
    dropped = transfer(page, as_upload(b"Dear diary", "diary.txt", "text/plain"))
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("status")).to_contain_text("diary.txt is not a picture")
    expect(page).to_have_url(re.compile("/$"))


def test_sending_nothing_asks_for_a_photograph(open_page):
    page = open_page()
    send(page)
    expect(page.get_by_role("status")).to_have_text("Choose a photograph first.")
    expect(page.locator("#id_image")).to_be_focused()


def test_the_button_waits_while_sending_and_wakes_when_the_page_comes_back(open_page):
    page = open_page()
    page.evaluate("() => { window.sent = 0; HTMLFormElement.prototype.submit = () => { window.sent += 1; }; }")
    pick(page, as_upload(photograph()))
    page.locator("form").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    expect(page.get_by_role("button", name="Squeezing…")).to_be_disabled()
    page.wait_for_function("() => window.sent > 0")
    assert page.evaluate("window.sent") == 1
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.get_by_role("button", name="Reconstruct it")).to_be_enabled()


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

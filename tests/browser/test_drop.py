"""Photographs that are dropped and pasted, on the page with the form and on every other."""

import pytest
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.photographs import as_upload, photograph, send, transfer, uploaded_car

PASTE = "data => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }))"
LINK = """() => {
  const transfer = new DataTransfer();
  transfer.setData("text/uri-list", "https://example.org/car.jpg");
  return transfer;
}"""


def drop(page, dropped):
    page.dispatch_event("body", "dragover", {"dataTransfer": dropped})
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})


@pytest.mark.packaged
def test_a_dropped_photograph_waits_until_the_visitor_could_say_who_sees_it(open_page):
    page = open_page()
    drop(page, transfer(page, as_upload(photograph())))
    expect(page.get_by_role("status")).to_have_text("car.jpg is ready.")
    expect(page.get_by_role("button", name="Reconstruct it")).to_be_focused()
    expect(page.get_by_label("Show it in the gallery")).not_to_be_checked()
    page.get_by_label("Show it in the gallery").check()
    send(page)
    car = uploaded_car(page)
    assert (car.width, car.public) == (320, True)


def test_what_is_no_picture_is_refused_when_it_is_chosen_and_the_choice_before_stays(open_page):
    page = open_page()
    drop(page, transfer(page, as_upload(b"Dear diary", "diary.txt", "")))
    expect(page.get_by_role("status")).to_have_text("diary.txt is not a picture. Choose a photograph of a car.")
    page.locator("#id_image").set_input_files(as_upload(photograph(), "first.jpg"))
    page.locator("#id_image").set_input_files(as_upload(b"Dear diary", "diary.txt", "text/plain"))
    expect(page.get_by_role("status")).to_contain_text("diary.txt is not a picture")
    expect(page.get_by_role("status")).to_contain_text("first.jpg is ready.")
    page.get_by_role("button", name="Reconstruct it").click()
    uploaded_car(page)


def test_a_link_is_told_why_it_is_not_taken(open_page, db):
    page = open_page()
    drop(page, page.evaluate_handle(LINK))
    expect(page.get_by_role("status")).to_contain_text("That is a link, and not a photograph.")
    page.goto("/privacy/")
    page.locator("html[data-ready]").wait_for(state="attached")
    drop(page, page.evaluate_handle(LINK))
    expect(page.get_by_role("status")).to_contain_text("That is a link, and not a photograph.")


def test_on_every_other_page_they_lead_to_the_form_and_wait_for_the_button(open_page):
    page = open_page("/privacy/")
    drop(page, transfer(page, as_upload(b"Dear diary", "diary.txt", "text/plain")))
    expect(page.get_by_role("status")).to_contain_text("diary.txt is not a picture")
    page.evaluate(PASTE, transfer(page, as_upload(photograph(), "my car (1).jpg")))
    expect(page.get_by_text("my car (1).jpg is ready.")).to_be_visible()
    expect(page.get_by_alt_text("The photograph you chose")).to_be_visible()
    expect(page.get_by_role("button", name="Reconstruct it")).to_be_focused()
    assert not Reconstruction.objects.exists()
    page.keyboard.press("Enter")
    assert uploaded_car(page).width == 320
    page.goto("/")
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.evaluate("caches.keys()") == []

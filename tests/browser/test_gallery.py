"""From car to car with the keyboard, and several of one's own cars at once."""

import re

from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.conftest import wait_for_behaviours


def test_the_arrows_lead_through_the_gallery_unless_a_slider_has_the_focus(open_page, visitor, store_car):
    for psnr_db in (31, 25, 28):
        Reconstruction.objects.filter(pk=store_car(visitor).pk).update(psnr_db=psnr_db)
    first, second, _ = Reconstruction.objects.order_by("-psnr_db")
    page = open_page("/gallery/?sort=closest")
    page.locator(".card").first.click()
    expect(page).to_have_url(f"{first.get_absolute_url()}?sort=closest")
    wait_for_behaviours(page)
    page.locator("#depth input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(second.slug))
    wait_for_behaviours(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(first.slug))


def test_several_cars_are_ticked_and_deleted_at_once(open_page, visitor, store_car):
    kept, *_ = [store_car(visitor, public=False) for _ in range(3)]
    page = open_page("/history/", visitor=visitor)
    bar = page.get_by_role("form", name="The cars that are ticked")
    expect(bar.get_by_role("button", name="Hide")).to_be_disabled()
    bar.get_by_role("button", name="Tick all").click()
    page.locator(f"input[value='{kept.slug}']").uncheck()
    expect(bar.get_by_role("status")).to_have_text("2 of 3 ticked")
    bar.get_by_text("Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep them").click()
    assert Reconstruction.objects.count() == 3
    bar.get_by_text("Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Deleted, with both their pictures: 2.")).to_be_visible()
    assert Reconstruction.objects.get() == kept

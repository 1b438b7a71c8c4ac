"""Photographs on their way to the server: progress, cancelled, lost, refused, and several of them."""

import re

import pytest
from playwright.sync_api import expect

from reconstruct.limits.buckets import TokenBucket
from reconstruct.models import Reconstruction
from tests.browser.photographs import as_upload, photograph, pick, send, uploaded_car

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000}  # bytes a second
UNLIMITED = SLOW | {"uploadThroughput": -1}


def line(page, name):
    return page.get_by_role("listitem").filter(has=page.get_by_role("progressbar", name=name))


def assert_idle(page, words="Try again"):
    expect(page.get_by_role("button", name=words)).to_be_enabled()
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    expect(page.locator("form[aria-busy=true]")).to_have_count(0)


def throttle(page, conditions):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)
    return session


def test_progress_is_shown_and_what_was_stopped_can_be_sent_again(open_page):
    page = open_page()
    line_to_server = throttle(page, SLOW)
    pick(page, as_upload(photograph((1200, 750), quality=95)))
    stops = (
        lambda: page.get_by_role("button", name="Cancel").click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.evaluate("window.stop()"),
        lambda: page.evaluate("dispatchEvent(new Event('offline'))"),
    )
    for stop in stops:
        page.get_by_role("button", name=re.compile("Reconstruct it|Try again")).click()
        expect(page.get_by_role("button", name="Squeezing…")).to_be_disabled()
        expect(line(page, "car.jpg")).to_contain_text(re.compile(r"[1-9]\d? %"))
        stop()
        expect(page.get_by_role("alert")).to_contain_text("What has not arrived is still chosen")
        assert_idle(page)
    expect(page.get_by_role("alert")).to_contain_text("The connection was lost")
    assert not Reconstruction.objects.exists()
    line_to_server.send("Network.emulateNetworkConditions", UNLIMITED)
    page.get_by_role("button", name="Try again").click()
    uploaded_car(page)


@pytest.mark.packaged
def test_several_go_up_one_after_another_each_with_its_line(open_page):
    page = open_page()
    names = ("one.jpg", "two.jpg", "three.jpg")
    pick(
        page,
        [
            as_upload(photograph(), names[0]),
            as_upload(b"no picture", names[1]),
            as_upload(photograph((300, 200)), names[2]),
        ],
    )
    expect(page.get_by_role("status")).to_have_text("3 photographs are ready.")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("two.jpg: This is not a picture that we can read")
    for name, words in zip(names, ("Done", "Not stored", "Done"), strict=True):
        expect(line(page, name)).to_contain_text(words)
    assert Reconstruction.objects.count() == 2
    assert_idle(page, "Reconstruct it")

    pick(page, [as_upload(photograph(), "again.jpg"), as_upload(photograph((280, 200)), "four.jpg")])
    expect(page.get_by_role("progressbar")).to_have_count(0)
    send(page)
    expect(page).to_have_url(re.compile("/history/$"))
    assert Reconstruction.objects.count() == 3


def test_where_the_limit_is_reached_the_rest_waits_and_that_is_said(open_page, settings):
    settings.LIMITS = settings.LIMITS | {"uploads": (1, 100)}
    page = open_page()
    pick(page, as_upload(photograph()))
    send(page)
    uploaded_car(page)
    page.goto("/")
    page.locator("html[data-ready]").wait_for(state="attached")
    TokenBucket.objects.all().delete()
    pick(page, [as_upload(photograph((300 + n, 200)), f"{n}.jpg") for n in range(3)])
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Please try again in 60 minutes")
    for name, words in (("0.jpg", "Done"), ("1.jpg", "Not stored"), ("2.jpg", "Waiting")):
        expect(line(page, name)).to_contain_text(words)
    TokenBucket.objects.all().delete()
    settings.LIMITS = settings.LIMITS | {"uploads": (10, 100)}
    page.get_by_role("button", name="Try again").click()
    expect(page).to_have_url(re.compile("/history/$"))
    assert Reconstruction.objects.count() == 4


def test_the_same_photograph_is_offered_the_car_that_exists_and_back_shows_the_choice(open_page, tmp_path):
    (tmp_path / "car.jpg").write_bytes(photograph())
    page = open_page()
    pick(page, tmp_path / "car.jpg")
    send(page)
    car = uploaded_car(page)
    page.go_back()
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.get_by_alt_text("The photograph you chose")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("car.jpg is ready.")
    page.locator("form").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    expect(page.get_by_role("status")).to_have_text("You have sent this photograph before.")
    expect(page.get_by_role("link", name="Sent before: open its car")).to_be_focused()
    assert_idle(page, "Reconstruct it")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(car.get_absolute_url()))
    assert Reconstruction.objects.count() == 1

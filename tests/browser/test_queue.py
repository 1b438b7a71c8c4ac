"""The queue of the admin by keyboard and by mouse."""

import pytest
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.conftest import DESKTOP, PHONE

QUEUE = "/admin/reconstruct/reconstruction/queue/"


@pytest.fixture
def waiting(visitor, upload_car, settings):
    """Three cars, the strangest first."""
    settings.GALLERY_REQUIRES_APPROVAL = True
    cars = [upload_car(visitor) for _ in range(3)]
    for number, car in enumerate(cars):
        Reconstruction.objects.filter(pk=car.pk).update(typicality=0.1 * number)
    return cars


def approved():
    return list(Reconstruction.objects.filter(approved=True).order_by("id"))


def test_staff_work_through_it_with_the_keyboard_alone(open_page, waiting, staff):
    page = open_page(QUEUE, visitor=staff)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.locator("[data-car]")).to_have_count(2)
    assert approved() == [waiting[1]]
    page.keyboard.press("h")
    expect(page.locator("[data-car]")).to_have_count(1)
    assert Reconstruction.objects.get(hidden_at__isnull=False) == waiting[2]
    assert page.inner_text("#waiting") == "1"
    page.keyboard.press("a")
    page.wait_for_selector("text=Nothing waits")
    assert approved() == waiting[:2]


def test_all_are_ticked_and_approved_at_once(open_page, waiting, staff):
    page = open_page(QUEUE, visitor=staff)
    page.click("text=Tick all")
    page.click("text=Approve those ticked")
    page.wait_for_selector("text=Approved: 3.")
    assert approved() == waiting


def test_a_decision_that_does_not_arrive_leaves_its_car_where_it_was(open_page, waiting, staff):
    page = open_page(QUEUE, visitor=staff)
    page.route(f"**{QUEUE}", lambda route: route.abort())
    page.keyboard.press("a")
    page.wait_for_selector("text=That did not arrive")
    assert page.locator("[data-car]:visible").count() == 3
    assert approved() == []


def test_it_works_without_scripts(open_page, waiting, staff):
    page = open_page(QUEUE, visitor=staff, java_script_enabled=False)
    page.click("[data-car]:nth-child(2) >> text=Approve")
    assert approved() == [waiting[1]]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_reaches_over_the_edge(open_page, waiting, staff, viewport):
    page = open_page(QUEUE, visitor=staff, viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""The comparison at the top of a car's page: divider, switch, magnifier, and the reveal of a new car."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import wait_for_behaviours


def divider(page):
    return page.get_by_role("slider", name="Divider")


def split(page):
    """Where the divider stands, in percent of the picture's width."""
    return page.locator(".compare").evaluate("figure => parseFloat(figure.style.getPropertyValue('--split'))")


def scale(page):
    """How much larger than it was laid out a picture is drawn."""
    return page.locator("[data-side=left] .sprite").evaluate(
        "sprite => new DOMMatrix(getComputedStyle(sprite).transform).a"
    )


def test_the_divider_follows_the_keyboard_and_says_what_is_seen(open_page, car):
    page = open_page(car.get_absolute_url())
    divider(page).focus()
    page.keyboard.press("ArrowRight")
    assert split(page) == 51
    assert divider(page).get_attribute("aria-valuetext") == "51 % Photograph, 49 % Rebuilt"
    page.keyboard.press("Home")
    assert split(page) == 0


def test_the_divider_follows_the_mouse(open_page, car):
    page = open_page(car.get_absolute_url())
    box = page.locator(".compare").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, middle, steps=4)
    page.mouse.up()
    assert split(page) == 25
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    assert split(page) == 25
    assert divider(page).input_value() == "25"
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 300, middle)
    assert split(page) == 100


def test_any_two_pictures_are_compared_and_enlarged_alike(open_page, car):
    page = open_page(car.get_absolute_url())
    left, right = page.get_by_role("group", name="Left"), page.get_by_role("group", name="Right")
    left.get_by_role("radio", name="What the model saw").check()
    seen = page.get_by_alt_text("The photograph as the model saw it")
    expect(seen).to_have_js_property("naturalWidth", 128)
    expect(page.locator("[data-side=left]")).to_contain_text("What the model saw")

    right.get_by_role("radio", name="What the model saw").check()  # so the sides change theirs
    expect(left.get_by_role("radio", name="Rebuilt")).to_be_checked()
    expect(page.locator("[data-side]:visible")).to_have_count(2)

    right.get_by_role("radio", name="Rebuilt").press("ArrowRight")
    expect(page.locator("[data-side=right]")).to_contain_text(re.compile(r"WebP: \d+ bytes, [\d.]+ dB"))
    expect(page.locator("[data-status]").first).to_contain_text(f"{car.psnr_db:.1f} dB")
    assert re.fullmatch(r"50 % Rebuilt, 50 % WebP: .*", divider(page).get_attribute("aria-valuetext"))

    page.get_by_role("button", name="Larger").click()
    assert scale(page) == 1.5
    divider(page).focus()
    page.locator(".compare").hover()
    page.mouse.wheel(0, -100)
    page.wait_for_function("document.querySelector('[data-scale]').textContent === '2.1 ×'")
    page.mouse.wheel(0, 500)
    page.wait_for_function("document.querySelector('[data-scale]').textContent === '1.5 ×'")

    type(car).objects.update(code_bytes=20)
    page.reload()
    left.get_by_role("radio", name="WebP").check()
    expect(page.locator("[data-status]").first).to_contain_text("WebP cannot write these pixels into 20 bytes")


def as_new(page):
    """Opens the car's page again, as an upload would: with the cookie that says so."""
    page.evaluate("document.cookie = `new_car=1; path=${location.pathname}`")
    page.reload()
    return page.locator("[data-picture=rebuilt] figcaption")


def test_a_new_car_is_revealed_once_and_not_to_whom_motion_disturbs(open_page, car, visitor):
    page = open_page(car.get_absolute_url(), visitor=visitor)
    caption = as_new(page)
    expect(caption).to_contain_text("Depth 2:")
    page.keyboard.press("Escape")
    expect(caption).to_have_text("Rebuilt")
    assert split(page) == 50
    assert "new_car" not in page.evaluate("document.cookie")

    page.emulate_media(reduced_motion="reduce")
    caption = as_new(page)
    wait_for_behaviours(page)
    expect(caption).to_have_text("Rebuilt")
    assert "new_car" not in page.evaluate("document.cookie")

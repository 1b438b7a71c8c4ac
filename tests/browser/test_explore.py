"""What a visitor can do with dreams and on the map."""

import re

import pytest
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.conftest import DESKTOP, PHONE
from tests.cars import as_file, draw_car

DREAM = "Dream 1: open it on the workbench"
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


def shown(page):
    """The sheet that the tiles show."""
    sheets = page.locator(".dreamt img").evaluate_all("images => images.map((image) => image.src)")
    assert len(set(sheets)) == 1
    return sheets[0]


def move(page, presses, key="ArrowRight"):
    page.get_by_role("slider").focus()
    for _ in range(presses):
        page.keyboard.press(key)


@SIZES
def test_the_temperature_changes_the_cars_and_the_link(open_page, db, viewport):
    page = open_page("/explore/?roll=3", viewport=viewport)
    before = shown(page)
    move(page, 2)
    expect(page.locator("output")).to_have_text("1.25")
    expect(page).to_have_url(re.compile(r"\?roll=3&temperature=1.25$"))
    expect(page.locator(".dreamt img").first).to_have_attribute("src", re.compile("temperature=1.25"))
    assert shown(page) != before
    page.reload()
    expect(page.get_by_role("slider")).to_have_value("1.25")


def test_only_the_last_of_many_moves_is_shown(open_page, db):
    page = open_page("/explore/?roll=3")
    move(page, 6, "ArrowLeft")
    move(page, 5)
    expect(page.locator(".dreamt img").first).to_have_attribute("src", re.compile("temperature=1.25"))
    page.wait_for_timeout(300)
    assert "temperature=1.25" in shown(page)


@pytest.mark.packaged
@SIZES
def test_each_roll_shows_twelve_others_and_back_leads_to_the_last(open_page, db, viewport):
    page = open_page("/explore/?roll=3", viewport=viewport)
    first = shown(page)
    page.get_by_role("link", name="Twelve others").click()
    expect(page).not_to_have_url(re.compile(r"roll=3(&|$)"))
    expect(page.locator(".dreamt img").first).not_to_have_js_property("src", first)
    roll = re.search(r"roll=(\d+)", page.url)[1]
    expect(page.locator(".dreamt").first).to_have_attribute("value", str(12 * int(roll)))
    page.go_back()
    expect(page.locator(".dreamt img").first).to_have_js_property("src", first)


def test_a_sheet_that_does_not_arrive_is_said_and_the_last_one_stays(open_page, db):
    page = open_page("/explore/?roll=3")
    first = shown(page)
    page.route("**/explore/dreams**", lambda route: route.abort())
    page.get_by_role("link", name="Twelve others").click()
    expect(page.get_by_text("did not arrive")).to_be_visible()
    assert shown(page) == first


@pytest.mark.packaged
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_dream_is_taken_to_the_workbench(open_page, db, java_script_enabled):
    page = open_page("/explore/?roll=3&temperature=1", java_script_enabled=java_script_enabled)
    page.get_by_role("button", name=DREAM, exact=True).click()
    expect(page).to_have_url(re.compile(r"/cars/[\w-]+/$"))
    car = Reconstruction.objects.get()
    assert (car.origin, car.public) == ("dreamt", False)
    expect(page.get_by_text("Private: only you and staff can see it")).to_be_visible()


def test_the_dream_that_is_taken_is_the_one_that_is_shown(open_page, db):
    sent = []
    page = open_page("/explore/?roll=3")
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    move(page, 1)
    expect(page.locator(".dreamt img").first).to_have_attribute("src", re.compile("temperature=1&"))
    page.get_by_role("button", name="Dream 12: open it on the workbench").click()
    expect(page).to_have_url(re.compile(r"/cars/[\w-]+/$"))
    assert sent[0].endswith("&temperature=1&seed=47")


def test_without_scripts_the_temperature_is_sent_by_a_button(open_page, db):
    page = open_page("/explore/?roll=3", java_script_enabled=False)
    move(page, 3, "ArrowLeft")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"\?roll=3&temperature=0$"))
    assert "temperature=0&" in shown(page)
    page.get_by_role("link", name="Twelve others").click()
    expect(page).to_have_url(re.compile(r"temperature=0&roll=\d+$"))


# The map

# How many pixels of the canvas are drawn on: six dots would be 54.
DRAWN = """canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
  .filter((value, index) => index % 4 === 3 && value === 255).length"""


@pytest.fixture
def cars(visitor, store_car):
    paints = ("firebrick", "navy", "seagreen", "gold", "black", "silver")
    return [store_car(visitor, as_file(draw_car(paint=paint))) for paint in paints]


@pytest.fixture
def canvas(open_page, cars):
    """The map's canvas, with its cars on it."""
    page = open_page("/explore/map/")
    expect(page.get_by_role("status")).to_have_text("6 cars")
    page.wait_for_load_state("networkidle")  # the pictures of the cars are there
    return page.get_by_role("application")


def looks(canvas):
    """What is on the canvas, to compare."""
    canvas.page.wait_for_timeout(150)
    return canvas.evaluate("canvas => canvas.toDataURL()")


def test_the_map_shows_pictures_of_the_cars(open_page, cars):
    asked = []
    page = open_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/explore/map/", wait_until="networkidle")  # which the pictures on the canvas are loaded by
    assert all(any(f"/cars/{car.slug}/reconstruction" in url for url in asked) for car in cars)
    assert page.get_by_role("application").evaluate(DRAWN) > 1000


def test_the_map_is_dragged_and_zoomed_by_mouse(canvas):
    box, mouse = canvas.bounding_box(), canvas.page.mouse
    whole = looks(canvas)
    mouse.move(box["x"] + 300, box["y"] + 200)
    mouse.wheel(0, -400)
    near = looks(canvas)
    assert near != whole
    mouse.down()
    mouse.move(box["x"] + 400, box["y"] + 260, steps=3)
    mouse.up()
    assert looks(canvas) != near
    expect(canvas.page).to_have_url(re.compile("/explore/map/$"))
    canvas.page.get_by_role("button", name="Whole map").click()
    assert looks(canvas) == whole


def test_a_place_between_the_cars_is_decoded_until_the_map_moves(canvas):
    page, figure = canvas.page, canvas.page.locator(".map-between")
    canvas.click(position={"x": 8, "y": 8})
    expect(figure).to_be_visible()
    expect(figure.locator("img")).to_have_attribute("src", re.compile(r"/explore/map/at\?v=.*&x=-?\d.*&y=-?\d"))
    expect(page.get_by_role("status")).to_have_text("Decoded from this place")
    page.get_by_role("button", name="Zoom in").click()
    expect(figure).to_be_hidden()
    expect(page).to_have_url(re.compile("/explore/map/$"))


def test_the_buttons_zoom(canvas):
    whole = looks(canvas)
    canvas.page.get_by_role("button", name="Zoom in").click()
    assert looks(canvas) != whole
    canvas.page.get_by_role("button", name="Zoom out").click()
    assert looks(canvas) == whole


def test_two_fingers_zoom(open_page, cars):
    page = open_page("/explore/map/", viewport=PHONE, has_touch=True)
    page.wait_for_load_state("networkidle")
    canvas = page.get_by_role("application")
    whole, box = looks(canvas), canvas.bounding_box()
    session = page.context.new_cdp_session(page)

    def touch(kind, *xs):
        points = [{"x": box["x"] + x, "y": box["y"] + 150, "id": n} for n, x in enumerate(xs)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 120, 180)
    touch("touchMove", 100, 200)
    touch("touchMove", 60, 260)
    touch("touchEnd")
    assert looks(canvas) != whole
    expect(page).to_have_url(re.compile("/explore/map/$"))


@pytest.mark.packaged
def test_a_pressed_car_opens(canvas, cars):
    canvas.focus()
    page = canvas.page
    page.keyboard.press("ArrowRight")
    number = int(re.search(r"Car (\d+) of 6", page.get_by_role("status").inner_text())[1])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(cars[-number].get_absolute_url()))


def test_a_car_opens_by_mouse(open_page, car):
    page = open_page("/explore/map/")
    page.get_by_role("application").click()  # in its middle, where the only car is
    expect(page).to_have_url(re.compile(car.get_absolute_url()))


def test_the_keyboard_walks_from_car_to_car(canvas):
    canvas.focus()
    seen = set()
    for key in [
        "ArrowRight",
        "ArrowDown",
        "ArrowLeft",
        "ArrowLeft",
        "ArrowUp",
        "ArrowUp",
        "ArrowRight",
        "+",
        "ArrowDown",
    ]:
        canvas.page.keyboard.press(key)
        seen.add(canvas.page.get_by_role("status").inner_text())
    assert len(seen) > 2


def test_a_map_that_does_not_arrive_is_said(open_page, car):
    page = open_page()
    page.route("**/cars.json", lambda route: route.abort())
    page.goto("/explore/map/")
    expect(page.get_by_role("status")).to_contain_text("did not arrive")


def test_without_scripts_the_cars_are_links_in_a_picture(open_page, cars):
    page = open_page("/explore/map/", java_script_enabled=False)
    expect(page.get_by_role("application")).to_be_hidden()
    links = page.locator(".map-sketch a")
    assert links.count() > 0
    links.first.click()
    expect(page).to_have_url(re.compile(r"/cars/[\w-]+/$"))


@pytest.mark.packaged
def test_the_six_alike_are_on_the_cars_page(open_page, cars):
    page = open_page(cars[0].get_absolute_url())
    section = page.get_by_role("region", name="Cars alike")
    expect(section.get_by_role("link", name="A photograph of a car")).to_have_count(5)
    section.get_by_role("link", name="A photograph of a car").first.click()
    expect(page).not_to_have_url(re.compile(cars[0].slug))

"""What a visitor can do with a car on its page: depth, difference, circle, steering, morphing, keeping."""

import re

import pytest
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.browser.conftest import DESKTOP, PHONE
from tests.cars import as_file, draw_car

RADIUS = "Standard deviation, σ ×"
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def blue_car(visitor, store_car):
    return store_car(visitor, as_file(draw_car((200, 200), paint=(20, 60, 160))))


def slide(page, name, value):
    """Moves a slider as a hand does: by input events, and a change at the end."""
    page.get_by_role("slider", name=name, exact=True).fill(str(value))


def depth_slider(page):
    return page.get_by_role("slider", name="Depth")


def stop(page, selector):
    """Which picture of its sheet is shown."""
    return page.locator(selector).first.evaluate("sprite => getComputedStyle(sprite).getPropertyValue('--stop')")


def shown(page, selector):
    """Which picture of its sheet a window shows, counted from 0, as far as it is laid out."""
    return page.locator(selector).first.evaluate(
        "sprite => -parseFloat(getComputedStyle(sprite.querySelector('img')).objectPosition) / sprite.clientWidth"
    )


def sheets(page, kind):
    """The addresses of that kind that the page asks for from now on, when it has all that it shows at first."""
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if f"/{kind}" in request.url else None)
    return asked


def hold(page, address):
    """The requests to that address from now on, which nobody answers until the test lets them continue."""
    held = []

    def keep(route):
        held.append(route)

    page.route(address, keep)
    return held


def until(page, happened):
    """Lets the page go on until then."""
    while not happened():
        page.wait_for_timeout(20)


@BOTH
def test_the_depth_slider_moves_all_pictures_of_the_car_and_loads_none(open_page, car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    assert shown(page, ".compare-rebuilt .sprite") == pytest.approx(4, abs=0.02)
    asked = sheets(page, "depth")
    depth_slider(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert shown(page, ".compare-rebuilt .sprite") == pytest.approx(1, abs=0.02)
    assert shown(page, ".lost .sprite[data-depth]") == pytest.approx(1, abs=0.02)
    assert depth_slider(page).get_attribute("aria-valuetext").startswith("Depth 2:")
    expect(page.locator(".strip [aria-current=true]")).to_contain_text("Its shape")
    expect(page).to_have_url(re.compile(r"\?depth=2$"))
    assert asked == []


def test_a_pressed_step_is_shown_large(open_page, car):
    page = open_page(car.get_absolute_url())
    page.get_by_text("The idea of a car").click()
    assert stop(page, ".compare-rebuilt .sprite") == "1"
    assert depth_slider(page).input_value() == "1"
    expect(page.locator(".strip [aria-current=true]")).to_have_count(1)
    expect(page.locator(".depths [role=status]")).to_contain_text("Depth 1:")


def test_every_step_shows_its_own_picture(open_page, car):
    page = open_page(car.get_absolute_url())
    for number in range(5):
        assert shown(page, f".strip li:nth-child({number + 1}) .sprite") == pytest.approx(number, abs=0.05)


def test_a_link_to_a_depth_shows_it(open_page, car):
    page = open_page(f"{car.get_absolute_url()}?depth=3")
    assert stop(page, ".compare-rebuilt .sprite") == "3"


def test_the_heat_map_fades_in_over_the_car(open_page, car):
    page = open_page(car.get_absolute_url())
    opacities = []
    for value in (0, 100):
        slide(page, "Overlay", value)
        layers = page.locator(".lost-layers .sprite").evaluate_all(
            "all => all.map((one) => getComputedStyle(one).opacity)"
        )
        opacities.append(layers)
    assert opacities == [["1", "0"], ["0", "1"]]


@pytest.mark.packaged
@BOTH
def test_the_radius_is_in_the_address_and_in_the_pictures(open_page, car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    slide(page, RADIUS, 2.5)
    for picture in (page.locator(".circle-cars img").first, page.locator(".circle-cars img").last):
        expect(picture).to_have_attribute("src", re.compile(r"/circle/0\?radius=2\.5&depth=5"))
    expect(page.locator("[data-drawing]")).to_have_attribute("src", re.compile(r"/circle/0/drawing\?radius=2\.5&v="))
    expect(page.locator("[data-radius]")).to_have_text("2.5")
    expect(page.locator("#radius")).to_have_attribute("aria-valuetext", "2.5 standard deviations")
    expect(page).to_have_url(re.compile(r"\?radius=2\.5$"))


@pytest.mark.parametrize("late", ["circle/0?", "circle/0/drawing?"], ids=["cars", "drawing"])
def test_a_late_answer_does_not_put_an_older_circle_over_the_newest(open_page, car, late):
    page = open_page(car.get_absolute_url())
    page.wait_for_load_state("networkidle")
    held = hold(page, lambda url: late in url and "radius=1.1" in url)
    slide(page, RADIUS, 1.1)
    until(page, lambda: held)
    slide(page, RADIUS, 3.9)
    page.wait_for_timeout(200)  # for what does not wait for the late answer
    held[0].continue_()
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile(r"radius=3\.9"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    expect(page.locator("[data-drawing]")).to_have_attribute("src", re.compile(r"radius=3\.9"))


def test_a_late_answer_does_not_put_older_choices_over_the_newest(open_page, car, blue_car, visitor, store_car):
    private = store_car(visitor, public=False)
    page = open_page(car.get_absolute_url(), visitor=visitor)
    held = hold(page, "**shelf=gallery**")
    page.get_by_role("link", name="The gallery").click()
    until(page, lambda: held)
    page.get_by_role("link", name="Your cars").click()
    expect(page.locator(f'[name=with][value="{private.slug}"]')).to_be_attached()
    held[0].continue_()
    page.wait_for_timeout(300)
    page.locator(".choices img").evaluate_all("images => Promise.all(images.map((image) => image.decode()))")
    expect(page.locator(f'[name=with][value="{private.slug}"]')).to_be_attached()


def test_the_circle_is_seen_at_the_chosen_depth(open_page, car):
    page = open_page(car.get_absolute_url())
    depth_slider(page).fill("2")
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile("depth=2"))


def test_a_roll_is_another_eight_and_a_link_shows_the_same(open_page, car):
    page = open_page(car.get_absolute_url())
    page.get_by_role("button", name="Eight others").click()
    expect(page).to_have_url(re.compile(r"seed=\d+"))
    picture = page.locator(".circle-cars img").first
    expect(picture).not_to_have_attribute("src", re.compile("/circle/0"))
    expect(page.locator("#circle [role=status]")).to_contain_text("Eight other draws")
    rolled = picture.get_attribute("src")
    page.reload()
    assert page.locator(".circle-cars img").first.get_attribute("src") == rolled


def test_without_scripts_the_circle_rolls_too(open_page, car):
    page = open_page(f"{car.get_absolute_url()}?radius=2", java_script_enabled=False)
    page.get_by_role("button", name="Eight others").click()
    expect(page).to_have_url(re.compile(r"seed=1.*#circle$"))
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile(r"/circle/1\?radius=2&depth=5"))


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


@pytest.mark.packaged
@BOTH
def test_one_walks_from_car_to_car(open_page, car, blue_car, viewport):
    page = open_page(car.get_absolute_url(), viewport=viewport)
    page.locator("[data-morph]").scroll_into_view_if_needed()
    expect(page.locator("[data-morph] img")).not_to_have_js_property("naturalWidth", 0)
    assert shown(page, "[data-morph] .sprite") == pytest.approx(12, abs=0.1)
    asked = sheets(page, "morph")
    slide(page, "On the way", 24)
    assert shown(page, "[data-morph] .sprite") == pytest.approx(24, abs=0.2)
    expect(page.locator(".morph output")).to_have_text("100 %")
    assert asked == []


@pytest.mark.packaged
def test_another_car_is_chosen_by_keyboard(open_page, car, blue_car, visitor, store_car):
    wide = store_car(visitor, as_file(draw_car((320, 160))))
    page = open_page(car.get_absolute_url())
    expect(page.get_by_role("radio").first).to_be_checked()
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    strip = page.locator("[data-morph] img")
    expect(strip).to_have_attribute("src", re.compile(f"/morph/{blue_car.slug}/strip"))
    expect(page.locator("[data-morph] svg")).to_have_attribute("viewBox", "0 0 128 128")
    expect(page.locator("a[data-gif]")).to_have_attribute("href", re.compile(f"/morph/{blue_car.slug}/film.gif"))
    expect(page.locator("a[data-other]")).to_have_attribute("href", blue_car.get_absolute_url())
    expect(page).to_have_url(re.compile(f"with={blue_car.slug}"))
    page.reload()
    expect(strip).to_have_attribute("src", re.compile(f"/morph/{blue_car.slug}/strip"))
    assert wide.slug not in page.locator("a[data-other]").get_attribute("href")


def test_older_cars_and_ones_own_come_without_leaving_the_page(open_page, car, visitor, store_car, monkeypatch):
    monkeypatch.setattr("reconstruct.views.car.CHOICES", 1)
    older, private = store_car(visitor), store_car(visitor, public=False)
    store_car(visitor)
    page = open_page(car.get_absolute_url(), visitor=visitor)
    slide(page, RADIUS, 3)
    page.get_by_role("link", name="Older cars").click()
    expect(page.get_by_role("radio")).to_have_attribute("value", older.slug)
    page.get_by_role("link", name="Your cars").click()
    page.get_by_role("link", name="Older cars").click()
    expect(page.get_by_role("radio")).to_have_attribute("value", private.slug)
    expect(page.get_by_role("radio")).not_to_be_checked()
    page.locator(".choice").click()
    expect(page.locator("[data-morph] img")).to_have_attribute("src", re.compile(f"/morph/{private.slug}/strip"))
    assert page.get_by_role("slider", name=RADIUS).input_value() == "3"


def test_without_scripts_another_car_is_chosen_too(open_page, car, blue_car, visitor, store_car):
    store_car(visitor)
    page = open_page(car.get_absolute_url(), java_script_enabled=False)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Show the way").click()
    expect(page.locator("[data-morph] img")).to_have_attribute("src", re.compile(f"/morph/{blue_car.slug}/strip"))


@pytest.mark.packaged
@pytest.mark.parametrize("format", ["WebP", "GIF"])
def test_a_film_is_downloaded(open_page, car, blue_car, format):
    page = open_page(car.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name=format).click()
    assert download.value.suggested_filename == f"{car.slug}-to-{blue_car.slug}.{format.lower()}"


@pytest.mark.packaged
def test_a_code_is_downloaded_and_opened_again(open_page, car, tmp_path):
    page = open_page(car.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="Its file").click()
    assert download.value.suggested_filename == f"{car.slug}.vae"
    download.value.save_as(tmp_path / "car.vae")
    assert (tmp_path / "car.vae").stat().st_size == car.code_bytes

    page.get_by_role("link", name="the car can be painted again").click()
    page.get_by_label("The file of a code").set_input_files(tmp_path / "car.vae")
    page.get_by_role("button", name="Paint it").click()
    expect(page.get_by_text("From a code")).to_be_visible()


@pytest.mark.packaged
def test_a_file_that_is_no_code_is_refused_in_place(open_page, db):
    page = open_page("/code/")
    page.get_by_label("The file of a code").set_input_files(
        {"name": "car.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    page.get_by_role("button", name="Paint it").click()
    expect(page.get_by_role("alert")).to_contain_text("not a code that we can read")


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

"""The browser decodes cars itself: what it decodes is what the server decodes, which it no longer asks."""

import base64
import re
import time
from io import BytesIO

import numpy as np
import pytest
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import expect

from ml.serving import coding
from ml.serving.runtime import load
from ml.serving.transforms import to_image
from reconstruct.code_file import file_of
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures import morphs
from reconstruct.pictures.circle import Point, Points
from reconstruct.pictures.files import side_by_side
from tests.browser.workbench import hold, until
from tests.cars import as_file, draw_car

SUMMON = "async () => (await import('player/player')).summon()"
PLAYER = "async () => { await import('player/pictures'); }"
DECODE = """async ({ z, depth, price }) => {
  const { decode } = await import("player/player");
  return [...(await decode({ z: Float32Array.from(z), depth, price })).data];
}"""
NORMALS = "async (seed) => [...(await import('player/normals')).normals(seed)(20000)]"
# What an image shows, as a PNG; nothing until there is a picture of that address.
PICTURE = """(image, address) => {
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!image.dataset.address?.includes(address) || !image.complete) return "";
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL().split(",")[1];
}"""
RENDER = """async (svg) => {
  const image = Object.assign(new Image(), { src: `data:image/svg+xml,${encodeURIComponent(svg)}` });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL().split(",")[1];
}"""
SOON_S = 60


def pixels_in(text):
    return np.asarray(Image.open(BytesIO(base64.b64decode(text))).convert("RGB"), int) if text else np.zeros(0)


def pixels(page, selector, address):
    return pixels_in(page.locator(selector).first.evaluate(PICTURE, address))


def is_shown(page, selector, address, expected):
    """Whether the image shows this picture soon, to one step of 255: sheets are decoded car by car."""
    page.locator(selector).first.scroll_into_view_if_needed()
    expected, started = np.asarray(expected, int), time.monotonic()
    while time.monotonic() < started + SOON_S:
        decoded = pixels(page, selector, address)
        if decoded.shape == expected.shape and np.abs(decoded - expected).max() <= 1:
            return True
        page.wait_for_timeout(50)
    return False


def slide(page, name, value):
    page.get_by_role("slider", name=name, exact=True).fill(str(value))


@pytest.fixture
def open_player(open_page, settings):
    """A function that opens a page and touches a slider of it: its decoder is loaded, and all that it then fetches."""
    if not settings.PLAYS:
        pytest.skip("What browsers decode with is missing: make build/static/player")

    def open_player(path, slider, *fetched):
        page, asked = open_page(path, plays=True), []
        page.on("requestfinished", lambda request: asked.append(request.url))
        page.locator(slider).focus()
        assert page.evaluate(SUMMON)
        page.evaluate(PLAYER)
        started = time.monotonic()
        while not all(any(part in url for url in asked) for part in fetched):
            assert time.monotonic() < started + SOON_S, asked
            page.wait_for_timeout(50)
        return page

    return open_player


@pytest.mark.packaged
def test_every_depth_and_price_is_decoded_as_by_the_server(open_player, car):
    page = open_player(car.get_absolute_url(), "#radius")
    code = code_of(car, load())
    for depth, price in ((1, 1.0), (3, 1.0), (5, 1.0), (5, 0.1), (4, 30.0), (5, 400.0)):
        z = code.runtime.encode(code.x[None], price)[0]
        decoded = page.evaluate(DECODE, {"z": z[0].tolist(), "depth": depth, "price": price})
        decoded = np.array(decoded).reshape(128, 128, 4)[..., :3]
        expected = np.asarray(to_image(code.runtime.decode(z, depth, price)[0]), int)
        assert np.abs(decoded - expected).max() <= 1
        assert decoded.std() > 10


def test_the_server_paints_where_the_decoder_does_not_arrive(open_page, car):
    page = open_page(car.get_absolute_url(), plays=True)
    page.route("**/decoder-odd*", lambda route: route.abort())
    slide(page, "Standard deviation, σ ×", 2.5)
    assert page.evaluate(SUMMON) is False
    slide(page, "Standard deviation, σ ×", 3)
    expect(page.locator(".circle-cars img").first).to_have_attribute("src", re.compile(r"/circle/0\?radius=3&"))


def test_the_draws_of_a_seed_are_numpys(open_page, car):
    page = open_page(car.get_absolute_url())
    for seed in (0, 999_999):
        drawn = np.array(page.evaluate(NORMALS, seed))
        assert np.abs(drawn - np.random.default_rng(seed).standard_normal(20000, np.float32)).max() < 1e-6


def test_what_is_steered_is_what_the_server_steers(open_player, car):
    page = open_player(car.get_absolute_url(), "#steer-paint", "/latents?", "/code/directions?")
    page.context.set_offline(True)
    code = code_of(car, load())
    slide(page, "Length", -0.35)
    slide(page, "Paint", 1)
    z = code.runtime.steer(code.mean, {"length": -0.35, "paint": 1})
    assert is_shown(page, "[data-steered]", "paint=1", code.decoded(z)[0])


def test_another_car_is_morphed_into(open_player, car, visitor, store_car):
    wide, _ = store_car(visitor, as_file(draw_car((320, 160)))), store_car(visitor)
    page = open_player(car.get_absolute_url(), "#radius", "/latents?")
    page.route("**/strip?*", lambda route: route.abort())  # or the server's may come before the other car's code
    page.locator(f"[name=with][value='{wide.slug}']").check()
    frames = morphs.frames(code_of(car, load()), code_of(wide, load()))
    assert is_shown(page, "[data-morph] img", f"/{wide.slug}/strip", side_by_side(frames, len(frames)))


def test_a_roll_of_dreams_is_asked_for_once(open_player, db):
    page = open_player("/explore/?roll=3", "#temperature", "/dreams/codes?")
    page.context.set_offline(True)
    page.get_by_role("slider").fill("1.5")
    dreamt = [to_image(x) for x in load().decode(load().dream(range(36, 48), 1.5))]
    assert is_shown(page, ".dreamt img", "temperature=1.5", side_by_side(dreamt, 4))
    assert page.locator("form.dreams [name=temperature]").input_value() == "1.5"


def test_the_circle_goes_on_without_the_server(open_player, car):
    page = open_player(car.get_absolute_url(), "#radius", "/latents?", "/drawing?", "/posterior?")
    page.context.set_offline(True)
    slide(page, "Standard deviation, σ ×", 2.5)
    cars = side_by_side(Points(0, 2.5, 5, 1).cars(car, load()), 8)
    assert is_shown(page, ".circle-cars img", "radius=2.5&depth=5", cars)
    page.get_by_role("slider", name="Depth").fill("2")
    cars = side_by_side(Points(0, 2.5, 2, 1).cars(car, load()), 8)
    assert is_shown(page, ".circle-cars img", "radius=2.5&depth=2", cars)
    assert is_shown(page, "[data-point]", "depth=2", Point(0, 0, 2, 1).decoded(car, load()))
    drawing = page.locator("[data-drawing]")
    expect(drawing).to_have_attribute("data-address", re.compile(r"radius=2\.5"))
    expect(drawing).to_have_attribute("src", re.compile("^blob:"))


def test_the_first_price_does_not_wait_for_the_files_of_all(open_player, car):
    page = open_player(car.get_absolute_url(), "#radius", "/latents?", "/code/tables?")
    held = hold(page, "**/files?*")
    slide(page, "Price of the code, β", 3)
    own, words = page.locator("[data-priced]"), page.locator("#price [data-words]")
    expect(own).to_have_attribute("src", re.compile(r"/priced\?price=0\.3&"))
    expect(words).to_have_text("Its file has not arrived yet")
    until(page, lambda: held)
    held[0].continue_()
    expect(words).to_have_text(re.compile(r"^A file of [\d,]+ bytes"))
    page.context.set_offline(True)
    slide(page, "Price of the code, β", 9)
    expect(own).to_have_attribute("src", re.compile("^blob:"))


def test_the_price_goes_on_without_the_server(open_player, visitor, store_car):
    car = store_car(visitor, as_file(draw_car((203, 320))))  # of an odd width, and seen in a mirror
    Reconstruction.objects.update(mirrored=True)
    car.refresh_from_db()
    page = open_player(car.get_absolute_url(), "#radius", "/code/tables?", "/posteriors?", "/posterior?")
    with page.expect_event("requestfinished", lambda request: "/files?" in request.url):
        page.locator("#price-range").focus()
    page.context.set_offline(True)
    coder = coding.load()
    for price in (30, 0.1):
        number = coder.nearest(price)
        slide(page, "Price of the code, β", number + 1)
        expected = coder.draw(coder.decode(file_of(car, price)))
        for picture in ("[data-priced]", ".compare [data-picture=rebuilt] img"):
            assert is_shown(page, picture, f"price={price}&", expected)
        assert f"{len(file_of(car, price)):,} bytes" in page.locator("#price [data-words]").text_content()
        circle = side_by_side(Points(0, 1, 5, price).cars(car, load()), 8)
        assert is_shown(page, ".circle-cars img", f"&price={price}&", circle)
        assert is_shown(page, "[data-point]", f"&price={price}&", Point(0, 0, 5, price).decoded(car, load()))
        drawing = page.locator("[data-drawing]")
        expect(drawing).to_have_attribute("data-address", re.compile(f"&price={price}&"))
        expect(drawing).to_have_attribute("src", re.compile("^blob:"))
        expected = render_to_string("circle.svg", Points(0, 1, 5, price).drawing(car, load()))
        drawn = pixels(page, "[data-drawing]", f"&price={price}&")
        assert np.abs(drawn - pixels_in(page.evaluate(RENDER, expected))).mean() < 0.1

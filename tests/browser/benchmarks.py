"""How fast the workbench and Explore are, where no test should wait: pytest tests/browser/benchmarks.py -q -s"""

import sys
import time

import numpy as np
import pytest

from ml.serving.runtime import load
from reconstruct.similarity import ALIKE, alike, index
from tests.cars import as_file, draw_car
from tests.crowd import crowd

# Sixty frames while the wheel turns or the mouse drags: milliseconds from each to the next.
FRAMES = """async (kind) => {
  const canvas = document.querySelector("canvas"), at = { clientX: 640, clientY: 500, bubbles: true, pointerId: 1 };
  const times = [];
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  for (let i = 0; i < 60; i += 1) {
    const deltaY = i < 30 ? -60 : 60;
    if (kind === "zoom") canvas.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, cancelable: true }));
    else document.querySelector(`[data-zoom="${i % 2 ? 2 : 0.5}"]`).click();
    times.push(await frame());
  }
  return times.slice(1).map((time, i) => time - times[i]);
}"""
# Moves the slider to each of its stops: milliseconds until all twelve cars are the new ones.
ANSWERS = """async () => {
  const range = document.querySelector("#temperature"), image = document.querySelector(".dreamt img");
  const times = [];
  for (const stop of range.list.options) {
    if (stop.value === range.value) continue;
    const shown = new Promise((resolve) => { image.addEventListener("load", resolve, { once: true }); });
    const started = performance.now();
    range.value = stop.value;
    range.dispatchEvent(new Event("input"));
    await shown;
    times.push(performance.now() - started);
  }
  return times;
}"""
# Moves a slider in twenty steps: milliseconds from each to the frame after which its picture is drawn.
STEPS = """async ([slider, picture]) => {
  const range = document.querySelector(slider), image = document.querySelector(picture);
  image.scrollIntoView();
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  const times = [];
  for (let step = 1; step <= 20; step += 1) {
    const source = image.src, started = performance.now();
    range.value = String(Number(range.min) + ((Number(range.max) - Number(range.min)) * step) / 21);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    const local = range.matches("#depth-range, #way, #heat-range, #balance-range");
    while (!local && image.src === source) await new Promise((resolve) => { setTimeout(resolve, 1); });
    await image.decode();
    await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
    times.push(performance.now() - started);
  }
  return times;
}"""


# Moves a slider of a page that plays to twenty places, and waits each time until all parts of its sheet are decoded:
# milliseconds to the first frame that shows a new part, and to the last.
PLAYED = """async ([slider, picture, parts]) => {
  const range = document.querySelector(slider), image = document.querySelector(picture);
  const times = [];
  for (let step = 1; step <= 20; step += 1) {
    const frames = [], started = performance.now();
    const seen = new MutationObserver(async () => {
      await image.decode().catch(() => {});
      requestAnimationFrame(() => setTimeout(() => frames.push(performance.now() - started)));
    });
    seen.observe(image, { attributeFilter: ["src"] });
    range.value = String(Number(range.min) + ((Number(range.max) - Number(range.min)) * step) / 21);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    while (frames.length < parts) await new Promise((resolve) => { setTimeout(resolve, 5); });
    seen.disconnect();
    times.push([frames[0], frames.at(-1)]);
  }
  return times;
}"""


def say(name, milliseconds):
    median, high, most = np.percentile(milliseconds, [50, 95, 100])
    sys.stdout.write(f"\n{name}: median {median:.1f} ms, 95 % {high:.1f} ms, most {most:.1f} ms")


def test_alike_at_100_000_cars(car):
    cars = crowd(car, 100_000)[::2000]
    index.clear()
    for name, asked in (("first", cars[:1]), ("then", cars)):
        times = []
        for one in asked:
            started = time.perf_counter()
            assert len(alike(one, load())) == ALIKE
            times.append(1000 * (time.perf_counter() - started))
        say(f"six alike of 100,000, {name}", times)


def test_the_map_at_10_000_cars(open_page, visitor, store_car):
    crowd(store_car(visitor, as_file(draw_car())), 10_000)
    started = time.perf_counter()
    page = open_page("/explore/map/")
    page.get_by_text("10,001 cars").wait_for()
    say("map of 10,000, loaded", [1000 * (time.perf_counter() - started)])
    for kind in ("zoom", "jump"):
        say(f"map of 10,000, frame to frame, {kind}", page.evaluate(FRAMES, kind))


@pytest.mark.parametrize("approached", [False, True])
def test_the_temperature(open_page, db, approached):
    page = open_page("/explore/?roll=3")
    if approached:
        page.locator("#temperature").hover()
        page.wait_for_timeout(3000)
    say(
        f"temperature, {'sheets fetched beforehand' if approached else 'sheets not fetched yet'}",
        page.evaluate(ANSWERS),
    )


@pytest.mark.parametrize(
    ("slider", "picture"),
    [
        ("#depth-range", "[data-picture=rebuilt] img"),
        ("#heat-range", ".lost [data-depth] img"),
        ("#radius", ".circle-cars img"),
        ("#steer-paint", "[data-steered]"),
        ("#way", "[data-morph] img"),
    ],
)
def test_the_workbench(open_page, visitor, store_car, slider, picture):
    store_car(visitor)
    page = open_page(store_car(visitor, as_file(draw_car((1600, 1000)))).get_absolute_url())
    say(f"workbench, {slider}", page.evaluate(STEPS, [slider, picture]))


def test_the_balance(open_page, db):
    page = open_page("/how/")
    say("how it works, #balance-range", page.evaluate(STEPS, ["#balance-range", ".balance-rows img"]))


@pytest.mark.parametrize(
    ("slider", "picture", "parts"),
    [
        ("#price-range", "[data-priced]", 1),
        ("#radius", ".circle-cars img", 8),
        ("#steer-paint", "[data-steered]", 1),
        ("#temperature", ".dreamt img", 12),
    ],
)
def test_the_player(open_page, visitor, store_car, slider, picture, parts):
    car = store_car(visitor, as_file(draw_car((1600, 1000))))
    page = open_page("/explore/?roll=3" if slider == "#temperature" else car.get_absolute_url(), plays=True)
    started = time.perf_counter()
    page.locator(slider).focus()
    assert page.evaluate("async () => (await import('player/player')).summon()")
    say(f"player, {slider}, loaded", [1000 * (time.perf_counter() - started)])
    page.locator(picture).first.scroll_into_view_if_needed()
    page.wait_for_timeout(3000)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    first, last = zip(*page.evaluate(PLAYED, [slider, picture, parts]), strict=True)
    say(f"player, {slider}, first frame", first)
    say(f"player, {slider}, all {parts}", last)
    sys.stdout.write(f"\nplayer, {slider}, requests to the server: {len(asked)}")

"""What the tests of a car's page do with it: sliders, sheets, and requests that wait."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE

RADIUS = "Standard deviation, σ ×"
LOAD_ALL = """() => {
  const images = [...document.images].filter((image) => image.src);
  for (const image of images) image.loading = "eager";
  return Promise.allSettled(images.map((image) => image.decode()));
}"""
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


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


def load_all(page):
    """Lets every picture arrive, those further down as well."""
    page.evaluate(LOAD_ALL)


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

"""Every page, on a phone and on a desk, in the light and in the dark: nothing is missing, shifts or sticks out."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.workbench import load_all

LAYOUT_SHIFT = """() => new Promise((resolve) => {
  let shift = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(shift), 200);
})"""
PAGES = ["/", "/cars/<slug>/", "/gallery/", "/gallery/?before=1", "/history/", "/code/", "/how/", "/explore/?roll=3"]
PAGES += ["/explore/map/", "/api/", "/nowhere/", "/cars/<slug>/link"]


@pytest.mark.packaged
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("viewport", "color_scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
def test_a_page_is_whole(open_page, car, visitor, path, viewport, color_scheme):
    path = path.replace("<slug>", car.slug)
    page = open_page(path, visitor=visitor, viewport=viewport, color_scheme=color_scheme)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    load_all(page)

    assert page.evaluate(LAYOUT_SHIFT) < 0.02
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.locator("h1").count() == 1
    assert page.evaluate("[...document.images].filter((image) => image.src && !image.naturalWidth).length") == 0
    assert page.locator("img:not([alt])").count() == 0


@pytest.mark.parametrize(("path", "boxes"), [("/cars/<slug>/", ".switch label"), ("/how/", ".formula-box, .table-box")])
def test_nothing_sticks_out_where_there_is_little_room(open_page, car, path, boxes):
    page = open_page(path.replace("<slug>", car.slug))
    for width in (320, 1000):  # the narrowest phone, and the least for two columns
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        hidden = page.locator(boxes).evaluate_all("boxes => boxes.map((box) => box.scrollWidth - box.clientWidth)")
        assert hidden
        assert not any(hidden)


def test_the_first_tab_stop_leads_past_the_menu(open_page, db):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_touch_targets_are_large_enough(open_page, car, visitor):
    page = open_page(car.get_absolute_url(), visitor=visitor, viewport=PHONE)
    heights = page.locator("button:visible, summary:visible, .menu a, a.button").evaluate_all(
        "elements => elements.map((element) => element.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 44


def test_a_script_that_misses_its_element_says_which(open_page):
    """TypeScript checks that a script asks for a kind of element, and only the page whether it is there."""
    message = open_page("/").evaluate(
        """async () => {
          const { find } = await import("find");
          try { return find(document, "main", HTMLInputElement).value; } catch (error) { return error.message; }
        }"""
    )
    assert message == "The page has no HTMLInputElement that matches main."

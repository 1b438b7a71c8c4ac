"""Takes the pictures of the pages that README shows: python -m tests.browser.photograph http://127.0.0.1:8000

The site should have the example cars and no others: a picture in the repository shows no photograph.
"""

import argparse
import dataclasses
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, wait_for_behaviours

DOCS = Path(__file__).parents[2] / "docs"
CAR = "the first car of the gallery"
MARGIN = 24


@dataclasses.dataclass(frozen=True)
class Shot:
    """The part of a page from the top of one element to the end of another."""

    file: str
    path: str
    first: str = "body"
    last: str = "main"
    width: int = 1040


SHOTS = (
    Shot("car.png", CAR, last=".car-top"),
    Shot("workbench.jpg", CAR, first="#steer", last="#circle"),
    Shot("gallery.jpg", "/gallery/?sort=smallest", width=1280),
    Shot("explore.jpg", "/explore/?roll=3", width=1280),
    Shot("map.jpg", "/explore/map/", first=".map", last=".map", width=1280),
    Shot("how.jpg", "/how/", last="section.band >> nth=0", width=1280),
    Shot("gap.jpg", "/how/", first="#gap", last="#gap"),
    Shot("balance.jpg", "/how/", first="#balance", last="#balance"),
)


def take(page, shot):
    page.set_viewport_size({"width": shot.width, "height": 900})
    page.goto("/gallery/" if shot.path == CAR else shot.path)
    if shot.path == CAR:
        page.goto(page.locator(".card").first.get_attribute("href"))
    wait_for_behaviours(page)
    page.locator("img[loading=lazy]").evaluate_all("images => images.forEach((image) => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    top, end = page.locator(shot.first).first.bounding_box(), page.locator(shot.last).first.bounding_box()
    above = max(0, top["y"] - MARGIN)
    clip = {"x": 0, "y": above, "width": shot.width, "height": end["y"] + end["height"] + MARGIN - above}
    with Image.open(BytesIO(page.screenshot(full_page=True, clip=clip))) as picture:
        options = {"quality": 85} if shot.file.endswith("jpg") else {"optimize": True}
        picture.convert("RGB").save(DOCS / shot.file, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(base_url=parser.parse_args().site, color_scheme="light", reduced_motion="reduce")
        for shot in SHOTS:
            take(page, shot)
        browser.close()


if __name__ == "__main__":
    main()

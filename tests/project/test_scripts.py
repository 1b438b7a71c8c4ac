"""The scripts of the pages: what TypeScript does not see of them."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "static" / "js"
# main begins, and a worker has no import map.
MODULES = {path.relative_to(SCRIPTS).with_suffix("").as_posix() for path in SCRIPTS.rglob("*.js")} - {
    "main",
    "player/worker",
    "upload/heic-worker",
}


def imported_names(html):
    (text,) = re.findall(r'<script type="importmap"[^>]*>(.*?)</script>', html, re.DOTALL)
    return json.loads(text)["imports"]


@pytest.mark.django_db
def test_a_page_has_the_address_of_every_module(visitor):
    addresses = imported_names(visitor.get("/").content.decode())
    assert set(addresses) == MODULES
    assert all(address.endswith(f"/js/{name}.js") for name, address in addresses.items())


def test_every_behaviour_that_a_page_asks_for_is_a_module():
    texts = [re.sub("{%.*?%}", "", path.read_text()) for path in (ROOT / "templates").rglob("*.html")]
    behaviours = {
        name
        for text in texts
        for names in re.findall(r'data-behaviour="([^"]+)"', text)
        for name in re.sub("{%.*?%}", " ", names).split()
    }
    assert "upload/choose" in behaviours
    assert behaviours <= MODULES

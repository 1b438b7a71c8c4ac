"""What search engines, phones, feed readers and other sites are told."""

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from reconstruct.models import Reconstruction

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
OUTSIDE = ("/robots.txt", "/sitemap.xml", "/gallery/feed.xml", "/manifest.webmanifest")


def icon(address):
    return finders.find(address.removeprefix("/static/"))


def test_robots_are_led_to_the_map_of_the_site_by_the_name_that_they_asked(stranger, db):
    response = stranger.get("/robots.txt", headers={"host": "cars.localhost"})
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://cars.localhost/sitemap.xml" in text
    assert "Disallow: /history/\n" in text
    assert not re.search(r"Disallow: /(cars/|gallery/)?\n", text)


def test_the_sitemap_has_the_pages_and_the_cars_of_the_gallery_alone(stranger, visitor, store_car, private_car):
    shown, hidden = store_car(visitor), store_car(visitor)
    Reconstruction.objects.filter(pk=hidden.pk).update(approved=False)
    document = ElementTree.fromstring(stranger.get("/sitemap.xml").content)
    addresses = {location.text for location in document.iterfind("s:url/s:loc", SITEMAP)}
    assert {"http://testserver/", "http://testserver/how/", f"http://testserver{shown.get_absolute_url()}"} <= addresses
    assert not any(car.slug in " ".join(addresses) for car in (hidden, private_car))
    assert all(stranger.get(urlsplit(address).path).status_code == 200 for address in addresses)


def test_the_sitemap_ends_where_it_would_get_too_long(stranger, visitor, store_car, monkeypatch):
    monkeypatch.setattr("reconstruct.views.robots.CARS", 1)
    older, newer = store_car(visitor), store_car(visitor)
    text = stranger.get("/sitemap.xml").content.decode()
    assert newer.slug in text
    assert older.slug not in text


def test_the_feed_has_the_newest_cars_of_the_gallery(stranger, visitor, store_car, private_car):
    cars = [store_car(visitor) for _ in range(2)]
    response = stranger.get("/gallery/feed.xml")
    assert response["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(response.content).findall("a:entry", ATOM)
    links = [entry.find("a:link", ATOM).attrib["href"] for entry in entries]
    assert links == [f"http://testserver{car.get_absolute_url()}" for car in reversed(cars)]
    assert entries[0].find("a:title", ATOM).text == cars[1].title


def test_a_feed_of_an_empty_gallery_is_one(stranger, db):
    assert ElementTree.fromstring(stranger.get("/gallery/feed.xml").content).findall("a:entry", ATOM) == []


def test_the_manifest_names_icons_of_the_size_that_they_have(stranger, db):
    response = stranger.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["start_url"] == manifest["scope"] == "/"
    for entry in manifest["icons"]:
        if entry["type"] == "image/png":
            with Image.open(icon(entry["src"])) as image:
                assert entry["sizes"] == f"{image.width}x{image.height}"
    assert {entry.get("purpose") for entry in manifest["icons"]} == {None, "maskable"}


@pytest.mark.parametrize("address", ["/", "/gallery/"])
def test_a_link_to_it_elsewhere_has_a_card(stranger, db, address):
    html = stranger.get(address, headers={"host": "cars.localhost"}).content.decode()
    assert f'<meta property="og:url" content="http://cars.localhost{address}">' in html
    card = urlsplit(re.search(r'property="og:image" content="([^"]+)"', html)[1])
    assert card.netloc == "cars.localhost"
    with Image.open(icon(card.path)) as image:
        assert image.size == (1200, 630)
    assert f'<link rel="canonical" href="http://cars.localhost{address}">' in html
    assert 'rel="manifest" href="/manifest.webmanifest"' in html


def test_the_gallery_names_its_feed(stranger, db):
    assert 'type="application/atom+xml" href="/gallery/feed.xml"' in stranger.get("/gallery/").content.decode()


@pytest.mark.parametrize("address", OUTSIDE)
def test_they_may_be_kept_for_a_while_and_not_posted_to(stranger, db, address):
    assert "public" in stranger.get(address)["Cache-Control"]
    assert stranger.post(address).status_code == 405

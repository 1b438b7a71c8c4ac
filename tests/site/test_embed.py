"""A car in a frame on another site."""

import pytest


def test_a_car_of_the_gallery_may_be_shown_in_a_frame(stranger, car):
    response = stranger.get(f"/cars/{car.slug}/embed")
    html = response.content.decode()
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert "<form" not in html
    assert car.original_url.replace("&", "&amp;") in html
    assert f'href="{car.get_absolute_url()}" target="_blank"' in html


@pytest.mark.parametrize("address", ["", "share", "/gallery/", "/"])
def test_no_other_page_may(visitor, car, address):
    response = visitor.get(address if address.startswith("/") else car.get_absolute_url() + address)
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_a_car_that_is_not_in_the_gallery_is_in_no_frame(visitor, stranger, staff, private_car):
    for public in ("0", "link"):
        visitor.post(f"/cars/{private_car.slug}/publish/", {"public": public})
        for client in (visitor, stranger, staff):
            response = client.get(f"/cars/{private_car.slug}/embed")
            assert response.status_code == 404
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_it_rejects_post(stranger, car):
    assert stranger.post(f"/cars/{car.slug}/embed").status_code == 405

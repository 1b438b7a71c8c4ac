"""Text is sent compressed, to those who can read it so."""

import gzip
from contextlib import closing

import pytest

READS_GZIP = {"accept-encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "address", ["/", "/gallery/", "/sitemap.xml", "/api/openapi.json", "/manifest.webmanifest", "/no-such-page"]
)
def test_text_is_compressed(stranger, db, address):
    response = stranger.get(address, headers=READS_GZIP)
    plain = stranger.get(address)
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert len(response.content) < len(plain.content)
    assert len(gzip.decompress(response.content)) >= len(plain.content) - 200  # but for its nonce and tokens, the same


def test_pictures_are_not_compressed_again(stranger, car):
    for address in (car.reconstruction_url, car.thumbnail_url, car.card_url):
        with closing(stranger.get(address, headers=READS_GZIP)) as response:
            assert response.status_code == 200
            assert "Content-Encoding" not in response.headers


def test_the_same_page_has_another_token_and_another_length_each_time(visitor, car):
    pages = [visitor.get("/history/", headers=READS_GZIP) for _ in range(8)]
    tokens = [str(page.context["csrf_token"]) for page in pages]
    assert len(set(tokens)) == len(tokens)
    assert len({len(page.content) for page in pages}) > 1

import re
from contextlib import closing

import pytest
from django.test import Client

PAGES = ["/", "/api/", "/code/", "/explore/?roll=3", "/explore/map/", "/gallery/", "/history/", "/how/", "/privacy/"]
PAGES += ["/no-such-page", "/admin/login/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_policy_that_allows_nothing_inline(stranger, db, address):
    policy = stranger.get(address)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("worker", ["player/worker", "upload/heic-worker"])
def test_only_the_workers_may_compile_webassembly(stranger, worker):
    with closing(stranger.get(f"/static/js/{worker}.js")) as script:
        policy = script["Content-Security-Policy"]
        assert policy == "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    with closing(stranger.get("/static/js/player/player.js")) as other:
        assert "Content-Security-Policy" not in other.headers


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_private_unframed_and_not_sniffed(stranger, db, address):
    response = stranger.get(address)
    assert "private" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", "/gallery/", "/no-such-page"])
def test_the_import_map_alone_is_inline_and_carries_the_nonce(stranger, db, address):
    response = stranger.get(address)
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
    html = response.content.decode()
    inline = [tag for tag in re.findall(r"<script[^>]*>", html) if " src=" not in tag]
    assert len(inline) == 1
    assert 'type="importmap"' in inline[0]
    assert f'nonce="{nonce}"' in inline[0]
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", html)


def test_two_answers_never_share_a_nonce(stranger, db):
    assert stranger.get("/")["Content-Security-Policy"] != stranger.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/upload/", "/cars/x/delete/", "/cars/x/publish/", "/cars/x/steer/keep/"])
def test_a_form_without_its_token_is_a_403_page(db, address):
    response = Client(enforce_csrf_checks=True).post(address)
    assert response.status_code == 403
    assert "403_csrf.html" in [template.name for template in response.templates]


def test_a_form_with_its_token_is_accepted(db):
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/").content.decode())[1]
    assert client.post("/upload/", {"csrfmiddlewaretoken": token}).status_code == 422

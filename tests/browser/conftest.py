"""A real browser in front of the site: Debian's Chromium, driven by Playwright. Nothing is downloaded.

LIVE_SITE_URL names a site that runs elsewhere, on the database and the storage that tests.settings has been given.
"""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from django.core.handlers.base import BaseHandler

from tests.cars import as_file, draw_car

# The shell is Chromium without its own windows, menus and tabs: opening a page takes a quarter of the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# No sandbox inside a container, and no calls home.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
HERE = Path(__file__).parent
SOON_MS = 30_000  # what a page may take to show what is expected, on a busy machine; Playwright's own is five seconds
SAVES_DATA = "Object.defineProperty(NetworkInformation.prototype, 'saveData', { get: () => true })"
WAITING = []  # requests that the test's server has not answered yet


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("no_cover")


@pytest.fixture(scope="package")
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium-headless-shell")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SOON_MS)
    # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package", autouse=True)
def one_request_at_a_time():
    """The threads of the test's server share one connection to SQLite, on which only one may have a transaction."""
    answer, turn = BaseHandler.get_response, threading.Lock()

    def answer_in_turn(handler, request):
        WAITING.append(request)
        try:
            with turn:
                return answer(handler, request)
        finally:
            WAITING.remove(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", answer_in_turn)
        yield


@pytest.fixture
def site_url(live_server):
    return os.environ.get("LIVE_SITE_URL", live_server.url)


@pytest.fixture
def blue_car(visitor, store_car):
    return store_car(visitor, as_file(draw_car((200, 200), paint=(20, 60, 160))))


@pytest.fixture
def open_page(chromium, site_url):
    """A function that opens a path in a fresh browser, or in a visitor's. No page may break its CSP or log an error.

    The server makes the pictures, as for a visitor who saves data, unless the page `plays`.
    """
    contexts, errors = [], []

    def watch(page):
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if is_error(message) else None)
        page.on("response", lambda response: errors.append(response.url) if is_missing(response) else None)

    def open_page(path="/", *, visitor=None, viewport=DESKTOP, plays=False, **options):
        options |= {"base_url": site_url, "viewport": viewport, "ignore_https_errors": True}
        context = chromium.new_context(**options)
        if not plays:
            context.add_init_script(SAVES_DATA)
        contexts.append(context)
        context.on("page", watch)
        if visitor:
            context.add_cookies(
                [{"name": name, "value": morsel.value, "url": site_url} for name, morsel in visitor.cookies.items()]
            )
        page = context.new_page()
        page.goto(path)
        if options.get("java_script_enabled", True):
            wait_for_behaviours(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    while WAITING:  # what a closed page still asked for uses the database, which is about to be emptied
        time.sleep(0.05)
    assert errors == []


def wait_for_behaviours(page):
    """Until what the page's scripts do is attached to it: main.js says so."""
    page.locator("html[data-ready]").wait_for(state="attached")


def is_error(message):
    """Failed resources are reported by their response, which has the address; the console message has not."""
    return message.type in ("error", "warning") and not message.text.startswith("Failed to load resource")


def is_missing(response):
    """A page may answer with an error, and so may what a form is sent to; the resources of a page may not."""
    return response.status >= 400 and response.request.resource_type not in ("document", "xhr")

"""A visitor whose requests reach the function as events, and everyone else over HTTP."""

import http.client
from io import BytesIO
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

from tests.deployed import events

SITE = "https://cars.example"
CSRF_FIELD = 'name="csrfmiddlewaretoken" value="'


class EventAdapter(BaseAdapter):
    """`form`: events.function_url or events.rest."""

    def __init__(self, function, form):
        super().__init__()
        self.function, self.form = function, form

    def send(self, request, **options):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers = {"Host": urlsplit(request.url).netloc} | dict(request.headers)
        sent = events.Request(request.method, request.url, tuple(headers.items()), body)
        answer = events.answer_of(self.function.invoke(self.form(sent)))
        message = http.client.HTTPMessage()
        for name, text in answer.headers:
            message.add_header(name, text)
        raw = urllib3.HTTPResponse(
            BytesIO(answer.body),
            headers=urllib3.HTTPHeaderDict(answer.headers),
            status=answer.status,
            preload_content=False,
            original_response=type("Original", (), {"msg": message, "isclosed": lambda self: True})(),
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self):
        pass


def session(function, form, site=SITE):
    """A visitor who has not been here."""
    session = requests.Session()
    session.mount(site, EventAdapter(function, form))
    session.headers["Referer"] = f"{site}/"
    return session


def visitor(function, form, site=SITE):
    """A visitor who has seen the home page, and may send its form."""
    visitor = session(function, form, site)
    visitor.token = token_in(visitor.get(f"{site}/"))
    return visitor


def token_in(page):
    return page.text.split(CSRF_FIELD)[1].split('"')[0]


def upload(session, content, *, public=True):
    """The answer to an upload of these bytes, before the redirect."""
    data = {"csrfmiddlewaretoken": session.token} | ({"public": "on"} if public else {})
    files = {"image": ("car.jpg", content)}
    return session.post(f"{SITE}/upload/", data=data, files=files, allow_redirects=False)

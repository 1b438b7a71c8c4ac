"""Middleware: compression, headers, 503 where a service does not answer, limits of what a request may hold."""

import contextlib
import logging
import re
from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseForbidden, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.crypto import constant_time_compare

from reconstruct.unavailable import UnavailableError

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase]

# Of a form around its picture: boundaries, the CSRF token, the checkbox.
FORM_OVERHEAD_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024
RETRY_AFTER_S = 60
TEXT = re.compile(r"^text/|json$|xml$")

logger = logging.getLogger(__name__)


def origin_secret(get_response: GetResponse) -> GetResponse:
    """Answers 403 to a request that did not come through the CDN: without ORIGIN_SECRET, if that is set."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        sent, secret = request.headers.get("X-Origin-Secret", ""), settings.ORIGIN_SECRET
        if secret and not constant_time_compare(sent, secret):
            return HttpResponseForbidden("This is not the address of the site.", content_type="text/plain")
        return get_response(request)

    return middleware


class Compression(GZipMiddleware):
    """Compresses text. Pictures are compressed already, and whitenoise serves the static files with their .gz.

    A compressed page tells by its length how much of what an attacker put into it repeats a secret in it (BREACH). Here
    that does not lead far: Django masks each page's CSRF token anew and makes each page up to 100 random bytes longer;
    visitors' cookies are not sent along with another site's requests; and the page with a visitor's key repeats nothing
    of its address but a number.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if TEXT.search(media_type) else response


def response_headers(get_response: GetResponse) -> GetResponse:
    """Keeps pages out of shared caches, because they are the visitor's own, unless their view allows it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def clean_text(get_response: GetResponse) -> GetResponse:
    """Answers 400 to an address or a cookie with a NUL in it: PostgreSQL fails when it is asked for one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        texts = [request.path, *request.COOKIES.values(), *request.GET.keys()]
        texts += [text for _, values in request.GET.lists() for text in values]
        if any("\0" in text for text in texts):
            raise BadRequest("there is a NUL in the address")
        return get_response(request)

    return middleware


class Unavailable:
    """Answers 503 where the database, the bucket or the decoder does not answer, on reads as on writes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, (UnavailableError, OperationalError, InterfaceError)):
            return None
        logger.error("%s could not be answered", request.path, exc_info=exception)
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response


def upload_limit(get_response: GetResponse) -> GetResponse:
    """Answers 413 to a body over MAX_UPLOAD_BYTES, by its Content-Length, before anything reads or stores it.

    Answers 411 to a body without Content-Length, which Django would read as empty.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return render(request, "411.html", status=411)
        if announced_bytes(request) <= settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD_BYTES:
            return get_response(request)
        drain(request, at_most=4 * settings.MAX_UPLOAD_BYTES)
        return render(request, "413.html", {"max_upload_bytes": settings.MAX_UPLOAD_BYTES}, status=413)

    return middleware


def announced_bytes(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def drain(request: HttpRequest, at_most: int) -> None:
    """Reads and drops the body: a browser that is cut off while it sends shows a broken connection, not our page."""
    with contextlib.suppress(UnreadablePostError):
        while at_most > 0 and (chunk := request.read(CHUNK_BYTES)):
            at_most -= len(chunk)

"""Errors for programs: application/problem+json, RFC 9457."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/v1/"
KEPT_HEADERS = ("Allow", "Retry-After")

DETAILS = {
    400: "The request was garbled on its way here. Nothing was stored.",
    401: "The key is not one that we gave. Send it as it came: Authorization: Bearer, a space, the key.",
    403: "You are not allowed to do this.",
    404: "The address is wrong, or the car was deleted, or it is private and belongs to somebody else.",
    405: "This address does not answer requests of this method.",
    411: "Say how long the body is: send Content-Length, and no Transfer-Encoding.",
    422: "What was sent is not what is asked for; the answer says what is wrong with it.",
    429: "That was a lot at once. Nothing was stored. Wait as many seconds as Retry-After says, then go on.",
    413: "At most {limit} fit through here, and nothing was stored. Save the photograph smaller.",
    500: "The fault is ours, and it has been written down. Send the request again in a minute.",
    503: "The database or the place where pictures are kept did not answer. Nothing was saved. Try again in a minute.",
}


def problem(status: int, detail: str = "", **more: Any) -> JsonResponse:
    """The answer that says so; `more` are members of its own."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail or words(status)}
    return JsonResponse(body | more, status=status, content_type=MEDIA_TYPE)


def words(status: int) -> str:
    """What a refusal of this status says where there is nothing more to say."""
    return DETAILS.get(status, "").format(limit=filesizeformat(settings.MAX_UPLOAD_BYTES))


def problems(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: turns every error under PREFIX into a problem, wherever in the site it comes from."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400 or not request.path_info.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        replaced = problem(response.status_code)
        for name in KEPT_HEADERS:
            if name in response.headers:
                replaced.headers[name] = response.headers[name]
        return replaced

    return middleware

"""HTTP requests as the two kinds of event that a Lambda function gets, and its answers as HTTP again.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
"""

import base64
import dataclasses
import json
from urllib.parse import parse_qs, unquote, urlsplit

MAX_PAYLOAD_BYTES = 6 * 2**20


@dataclasses.dataclass(frozen=True)
class Request:
    """`headers`: pairs of name and text."""

    method: str
    url: str
    headers: tuple
    body: bytes = b""


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: list
    body: bytes


def function_url(request):
    """The event of a function URL: payload format 2.0."""
    address = urlsplit(request.url)
    headers = {name.lower(): text for name, text in request.headers if name.lower() != "cookie"}
    headers |= {"x-forwarded-proto": "https", "x-forwarded-port": "443", "x-forwarded-for": "203.0.113.7"}
    cookies = [text for name, text in request.headers if name.lower() == "cookie"]
    query = parse_qs(address.query, keep_blank_values=True)
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": address.path,
        "rawQueryString": address.query,
        "cookies": [cookie for text in cookies for cookie in text.split("; ")],
        "headers": headers,
        "queryStringParameters": {name: ",".join(texts) for name, texts in query.items()},
        "requestContext": {
            "accountId": "anonymous",
            "domainName": headers.get("host"),
            "http": {"method": request.method, "path": unquote(address.path), "sourceIp": "203.0.113.7"},
            "stage": "$default",
        },
        "body": base64.b64encode(request.body).decode(),
        "isBase64Encoded": True,
    }


def rest(request):
    """The event of an API Gateway REST API, on a domain of one's own: payload format 1.0."""
    address = urlsplit(request.url)
    headers = {name.title(): [text] for name, text in request.headers}
    headers |= {"X-Forwarded-Proto": ["https"], "X-Forwarded-Port": ["443"], "X-Forwarded-For": ["203.0.113.7"]}
    query = parse_qs(address.query, keep_blank_values=True)
    return {
        "resource": "/{proxy+}",
        "path": unquote(address.path),
        "httpMethod": request.method,
        "headers": {name: texts[-1] for name, texts in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: texts[-1] for name, texts in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": {"stage": "dev", "identity": {"sourceIp": "203.0.113.7"}},
        "body": base64.b64encode(request.body).decode(),
        "isBase64Encoded": True,
    }


def answer_of(payload):
    """What a browser gets of the function's answer, in either format."""
    headers = {name: [text] for name, text in (payload.get("headers") or {}).items()}
    headers |= payload.get("multiValueHeaders") or {}
    pairs = [(name, text) for name, texts in headers.items() for text in texts]
    pairs += [("set-cookie", cookie) for cookie in payload.get("cookies") or ()]
    body = payload.get("body") or ""
    decoded = base64.b64decode(body) if payload.get("isBase64Encoded") else body.encode()
    return Answer(payload["statusCode"], pairs, decoded)


def size_of(event):
    """Bytes of JSON, of which Lambda takes MAX_PAYLOAD_BYTES at most."""
    return len(json.dumps(event))

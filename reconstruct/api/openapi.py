"""Describes an API's operations once; Django's routes and the OpenAPI document are both built from that."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from ml.serving.runtime import Runtime
from reconstruct.api import problem

View: TypeAlias = Callable[..., HttpResponseBase]
Schema: TypeAlias = dict[str, Any]

TOO_MANY = 429
PLACEHOLDER = re.compile(r"<(\w+):(\w+)>")
PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, in plain words."},
        "errors": {"type": "object", "description": "The same by field of the form, where there is one."},
    },
}


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter in the path or the query of an address; `limits` adds to its schema what depends on the model."""

    name: str
    description: str
    schema: Schema
    limits: Callable[[Runtime], Schema] | None = None

    def limited(self, runtime: Runtime) -> Parameter:
        if self.limits is None:
            return self
        return dataclasses.replace(self, schema=self.schema | self.limits(runtime), limits=None)


VERSION = Parameter("v", "The model’s version, as the redirect without it names it.", {"type": "string"})
REDIRECT: Schema = {
    "description": "To this address with the model’s version in it, which caches may keep for a year.",
    "headers": {"Location": {"required": True, "schema": {"type": "string", "format": "uri-reference"}}},
}


@dataclasses.dataclass(frozen=True)
class Operation:
    """`route` is Django's, below the API's prefix; `view` takes the request and what is named in the route.

    `answer` is a media type and its schema, `body` one or several of them to choose from; `refusals` are the statuses
    of its possible problems. A `versioned` operation first redirects to the address that names the model, so that
    caches may keep the answer.
    """

    id: str
    method: str
    route: str
    view: View
    summary: str
    answer: tuple[str, Schema]
    description: str = ""
    status: int = 200
    query: tuple[Parameter, ...] = ()
    body: Mapping[str, Schema] = dataclasses.field(default_factory=dict)
    refusals: tuple[int, ...] = (404,)
    needs_key: bool = False
    versioned: bool = False

    @property
    def address(self) -> str:
        """The route as OpenAPI writes it."""
        return problem.PREFIX + PLACEHOLDER.sub(r"{\2}", self.route)

    def limited(self, runtime: Runtime) -> Operation:
        return dataclasses.replace(self, query=tuple(parameter.limited(runtime) for parameter in self.query))


def routes(operations: Iterable[Operation]) -> list[URLPattern]:
    """A view for each route, which answers all of its methods."""
    by_route = groupby(operations, key=lambda operation: operation.route)
    return [path(problem.PREFIX.lstrip("/") + route, dispatcher(*together)) for route, together in by_route]


def dispatcher(*operations: Operation) -> View:
    views = {operation.method: operation.view for operation in operations}

    # No operation changes anything by a cookie, so another site's page cannot make a browser do so.
    @csrf_exempt
    def dispatch(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else request.method
        if view := views.get(str(method)):
            return view(request, **arguments)
        return HttpResponseNotAllowed(views)

    return dispatch


def document(
    operations: Iterable[Operation],
    *,
    title: str,
    description: str,
    server: str,
    schemas: dict[str, Schema],
    in_routes: dict[str, Parameter],
    key: str,
) -> Schema:
    """The OpenAPI document, version 3.1: `schemas` by the names they are referred to, `key` how programs get one."""
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.address, {})[operation.method.lower()] = described(operation, in_routes)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": description},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA, **schemas},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": key}},
        },
    }


def described(operation: Operation, in_routes: dict[str, Parameter]) -> Schema:
    in_path = [in_routes[name] for _, name in PLACEHOLDER.findall(operation.route)]
    query = (*operation.query, VERSION) if operation.versioned else operation.query
    media_type, schema = operation.answer
    responses = {str(operation.status): {"description": operation.summary, **content(media_type, schema)}}
    if operation.versioned:
        responses["302"] = REDIRECT
    for status in operation.refusals:
        words: Schema = {"description": problem.words(status)}
        if status == TOO_MANY:
            words["headers"] = {"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}}
        responses[str(status)] = words | content(problem.MEDIA_TYPE, ref("Problem"))
    described: Schema = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [parameter(p, "path") for p in in_path] + [parameter(p, "query") for p in query],
        "responses": responses,
        "security": [{"key": []}] if operation.needs_key else [{}, {"key": []}],
    }
    if operation.body:
        bodies = {media_type: {"schema": schema} for media_type, schema in operation.body.items()}
        described["requestBody"] = {"required": True, "content": bodies}
    return described


def parameter(parameter: Parameter, place: str) -> Schema:
    described = {"name": parameter.name, "in": place, "description": parameter.description, "schema": parameter.schema}
    return described | ({"required": True} if place == "path" else {})


def content(media_type: str, schema: Schema) -> Schema:
    return {"content": {media_type: {"schema": schema}}} if media_type else {}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def number(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}

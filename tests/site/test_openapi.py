"""The OpenAPI document: it is valid, complete, and says what the site does."""

import json
import re

import pytest
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate

import ml.serving.runtime
from tests.cars import draw_car
from tests.site.programs import assert_fits, assert_problem, send
from tests.site.test_code_json import code_of as old_code


def test_the_document_is_valid_openapi(document):
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_the_document_names_every_operation_once(document):
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) == 12


def test_every_address_of_the_document_is_there(program, document):
    for path, operations in document["paths"].items():
        address = path.format(slug="none", other="none", n=1, seed=1, percent=1)
        for method in operations:
            assert program.generic(method.upper(), address).status_code != 405, (method, path)
        assert_problem(program.put(address), 405)


def test_the_page_shows_every_operation(program, document):
    html = program.get("/api/").content.decode()
    assert all(path in html for path in document["paths"])
    assert "/api/openapi.json" in html


def test_the_document_knows_the_limits_of_the_model(document):
    depth = document["paths"]["/api/v1/decode"]["post"]["parameters"][0]["schema"]
    assert depth["maximum"] == ml.serving.runtime.load().depths


def test_every_operation_has_a_name_of_its_own(document):
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) == 12
    assert all(re.fullmatch(r"(list|read|sample|decode|delete|reconstruct)[A-Z][a-zA-Z]+", name) for name in names)


def test_the_document_has_the_redirects_that_are_answered_first(program, car, document):
    redirecting = set()
    for address, methods in document["paths"].items():
        if "get" in methods:
            response = program.get(address.format(slug=car.slug, other=car.slug, n=1, seed=3, percent=40))
            redirecting |= {address} if response.status_code == 302 else set()
            assert ("302" in methods["get"]["responses"]) == (response.status_code == 302), address
    assert len(redirecting) == 6


def test_the_document_refuses_what_the_site_refuses(program, document):
    code = json.loads(json.dumps(old_code(draw_car(), mirrored=False)))
    for refused in (
        {"model": "older"},
        {"mean": code["mean"][:-4]},
        {"frame": [0, 0, 129, 80]},
        {"frame": [0, 0, 0, 0]},
    ):
        with pytest.raises(ValidationError):
            assert_fits(document, "Code", code | refused)
    form = document["paths"]["/api/v1/cars"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    with pytest.raises(ValidationError):
        Draft202012Validator(form).validate({"image": ""})
    assert_problem(send(program, b""), 422, "empty")

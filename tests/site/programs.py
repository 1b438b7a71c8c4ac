"""How a program uses the API, and what it is answered."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from jsonschema import Draft202012Validator
from PIL import Image

from tests.cars import as_file, draw_car

CARS = "/api/v1/cars"


def send(client, content=None, *, key=None, **data):
    content = as_file(draw_car()) if content is None else content
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return client.post(CARS, {"image": SimpleUploadedFile("car.jpg", content)} | data, headers=headers)


def assert_problem(response, status, words=""):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert words in problem["detail"]
    return problem


def assert_fits(document, name, instance):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(instance)


def picture(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    with Image.open(BytesIO(response.body)) as image:
        return image.convert("RGB")


def follow(client, address, query=None, **headers):
    """The answer to a GET at the end of its redirects, with its bytes as `body`."""
    response = client.get(address, query, follow=True, headers=headers)
    response.body = b"".join(response)
    return response

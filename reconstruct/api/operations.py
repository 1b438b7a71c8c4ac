"""The API's operations, and their OpenAPI document."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ml.serving.runtime import MAX_TEMPERATURE, load
from reconstruct import code_file
from reconstruct.api import openapi, schemas, views
from reconstruct.api.openapi import Operation, Parameter, Schema, number, ref
from reconstruct.api.schemas import FILE, PICTURE, UPLOAD, prices, up_to_depths
from reconstruct.pictures.circle import MAX_RADIUS
from reconstruct.views import circle, code, depth, explore, morph, params

KEY_WORDS = (
    "The answer to an upload holds a key. A program that sends it as a bearer token may see and delete that car; sent "
    "with another upload, it is the key of that car too. Cookies are ignored where something is changed."
)
IN_ROUTES = {
    parameter.name: parameter
    for parameter in (
        Parameter("slug", "The car.", {"type": "string"}),
        Parameter("other", "The car at the other end.", {"type": "string"}),
        Parameter("n", "How many levels of the code.", {"type": "integer", "minimum": 1}, up_to_depths),
        Parameter("seed", "Which one: the same seed, the same car.", {"type": "integer", "minimum": 0}),
        Parameter("percent", "How far along.", {"type": "integer", "minimum": 0, "maximum": 100}),
    )
}
DEPTH = Parameter(
    "depth", "How many levels of the code; all without it.", {"type": "integer", "minimum": 1}, up_to_depths
)
RADIUS = Parameter(
    "radius",
    "How far from the car, in standard deviations of its code.",
    number("", minimum=0, maximum=MAX_RADIUS, default=1),
)
TEMPERATURE = Parameter(
    "temperature",
    "How far from the cars that the model knows.",
    number("", minimum=0, maximum=MAX_TEMPERATURE, default=params.TEMPERATURE),
)
PRICE = Parameter(
    "price",
    "β, the weight of the rate: the higher, the fewer bytes. The nearest price that the model has tables for is taken.",
    number("", default=code_file.PRICE),
    prices,
)
BEFORE = Parameter(
    "before", "As in the address that the answer before gave for older cars.", {"type": "integer", "minimum": 1}
)
LIMIT = Parameter(
    "limit", "How many.", {"type": "integer", "minimum": 1, "maximum": views.MOST_LISTED, "default": views.LISTED}
)

CAR_ANSWER = ("application/json", ref("Car"))
CARS_ANSWER = ("application/json", ref("Cars"))
PICTURE_ANSWER = ("image/png", PICTURE)
OPERATIONS = (
    Operation(
        "reconstructPicture",
        "POST",
        "cars",
        views.reconstruct,
        "Reconstruct a picture",
        CAR_ANSWER,
        "The picture goes through the model and is kept, with its reconstruction, as a new car.",
        status=201,
        body={"multipart/form-data": UPLOAD},
        refusals=(401, 413, 422, 429, 503),
    ),
    Operation(
        "listGallery",
        "GET",
        "cars",
        views.list_cars,
        "List the gallery, newest first",
        CARS_ANSWER,
        query=(BEFORE, LIMIT),
    ),
    Operation("readCar", "GET", "cars/<slug:slug>", views.read_car, "Read a car", CAR_ANSWER),
    Operation(
        "deleteCar",
        "DELETE",
        "cars/<slug:slug>",
        views.delete_car,
        "Delete a car of one’s own",
        ("", {}),
        "The row and both pictures are gone for good.",
        status=204,
        refusals=(401, 404),
        needs_key=True,
    ),
    Operation(
        "listSimilarCars",
        "GET",
        "cars/<slug:slug>/alike",
        views.find_alike,
        "List the six cars of the gallery most like it",
        CARS_ANSWER,
    ),
    Operation(
        "readCode",
        "GET",
        "cars/<slug:slug>/code",
        code.code,
        "Read its code as a file",
        (code_file.MEDIA_TYPE, FILE),
        "A file of a few hundred bytes, as docs/format.md describes it. Only the model that wrote it can read it.",
        query=(PRICE,),
        refusals=(404, 429),
        versioned=True,
    ),
    Operation(
        "readDepth",
        "GET",
        "cars/<slug:slug>/depth/<int:n>",
        depth.depth,
        "Decode it at a depth",
        PICTURE_ANSWER,
        versioned=True,
    ),
    Operation(
        "readDifference",
        "GET",
        "cars/<slug:slug>/difference",
        depth.difference,
        "Show the errors of its reconstruction",
        PICTURE_ANSWER,
        versioned=True,
    ),
    Operation(
        "sampleVariation",
        "GET",
        "cars/<slug:slug>/variation/<int:seed>",
        circle.variation,
        "Sample a car from the circle around it",
        PICTURE_ANSWER,
        query=(RADIUS,),
        refusals=(404, 429),
        versioned=True,
    ),
    Operation(
        "readMorph",
        "GET",
        "cars/<slug:slug>/morph/<slug:other>/<int:percent>",
        morph.morph,
        "Morph it into another car",
        PICTURE_ANSWER,
        refusals=(404, 429),
        versioned=True,
    ),
    Operation(
        "decodeCode",
        "POST",
        "decode",
        views.decode_code,
        "Decode a code at a depth",
        PICTURE_ANSWER,
        "JSON is what version 1.0 gave for a code. Version 2.0 will not take it any more.",
        query=(DEPTH,),
        body={code_file.MEDIA_TYPE: FILE, "application/json": ref("Code")},
        refusals=(404, 413, 422, 429),
    ),
    Operation(
        "sampleDream",
        "GET",
        "dreams/<int:seed>",
        explore.dream,
        "Sample a car that does not exist",
        PICTURE_ANSWER,
        query=(TEMPERATURE,),
        refusals=(404, 429),
        versioned=True,
    ),
)
urlpatterns = openapi.routes(OPERATIONS)


@require_safe
def openapi_json(request: HttpRequest) -> JsonResponse:
    return JsonResponse(openapi_document(request), json_dumps_params={"indent": 1})


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """The document, to be read by people."""
    operations = [operation.limited(load()) for operation in OPERATIONS]
    context = {"operations": operations, "key_words": KEY_WORDS, "site": site(request)}
    return render(request, "api.html", context)


def openapi_document(request: HttpRequest) -> Schema:
    runtime = load()
    return openapi.document(
        [operation.limited(runtime) for operation in OPERATIONS],
        title="auto·encoder",
        description="Photographs of cars through a variational autoencoder, and cars out of it.",
        server=site(request),
        schemas={"Car": schemas.CAR, "Cars": schemas.CARS, "Code": schemas.code(runtime)},
        in_routes={name: parameter.limited(runtime) for name, parameter in IN_ROUTES.items()},
        key=KEY_WORDS,
    )


def site(request: HttpRequest) -> str:
    """The address that all others begin with, without a slash at its end."""
    return request.build_absolute_uri(reverse("home")).rstrip("/")

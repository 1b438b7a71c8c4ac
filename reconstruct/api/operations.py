"""What programs can ask of the site: the API's operations, and their document."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ml.serving.runtime import MAX_TEMPERATURE
from reconstruct import code_file
from reconstruct.api import openapi, views
from reconstruct.api.openapi import Operation, Parameter, Schema, number, ref, text
from reconstruct.models import Origin
from reconstruct.views import explore, pictures, share

KEY_WORDS = (
    "The answer to an upload holds a key. Who sends it as a bearer token may see and delete that car; sent along with "
    "another upload, it is the key of that one too. Cookies count for nothing where something is changed."
)
PICTURE: Schema = {"type": "string", "contentMediaType": "image/png"}
CAR: Schema = {
    "type": "object",
    "properties": {
        "slug": text("What the car is called in addresses."),
        "url": text("Its page.", format="uri"),
        "created_at": text("When it was recorded.", format="date-time"),
        "origin": text("Where its picture comes from.", enum=Origin.values),
        "in_gallery": {"type": "boolean", "description": "Whether everyone may see it."},
        "width": {"type": "integer", "description": "Of the stored original, in pixels."},
        "height": {"type": "integer", "description": "Of the stored original, in pixels."},
        "upload_bytes": {"type": "integer", "description": "Size of the file that was sent."},
        "bytes_by_depth": {"type": "array", "items": number("Bytes of the code up to this depth.")},
        "psnr_db": number("How close the reconstruction is, in decibels."),
        "ssim": number("How alike lines and textures are; 1 is identical."),
        "typicality": number("How much it looks like the cars that the model knows.", minimum=0, maximum=1),
        "mirrored": {"type": "boolean", "description": "Whether the model looked at it in a mirror."},
        "verdict": text("How close the reconstruction is, in words."),
        "familiarity_words": text("How much it looks like the cars that the model knows, in words."),
        "elapsed_ms": number("Time that the model took, in milliseconds."),
        "model_version": text("The model that rebuilt it."),
        "pictures": {
            "type": "object",
            "properties": {
                name: text(words, format="uri")
                for name, words in {
                    "original": "The photograph, as it is stored.",
                    "reconstruction": "What came back.",
                    "thumbnail": "The photograph, small.",
                }.items()
            },
        },
        "key": text("Only in the answer to an upload: what opens the car."),
    },
}
CAR |= {"required": [name for name in CAR["properties"] if name != "key"], "additionalProperties": False}
CARS: Schema = {
    "type": "object",
    "required": ["cars"],
    "properties": {
        "cars": {"type": "array", "items": ref("Car")},
        "older": {"type": ["string", "null"], "format": "uri", "description": "The address of the cars before these."},
    },
}
CODE: Schema = {
    "type": "object",
    "description": "A code as a car’s page and this API give it. Only the model that wrote it can read it.",
    "required": ["format", "model", "frame", "mirrored", "encoding", "mean"],
    "properties": {
        "format": {"const": code_file.FORMAT},
        "model": text("The version of the model that wrote it."),
        "level_sizes": {"type": "array", "items": {"type": "integer"}},
        "frame": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
        "mirrored": {"type": "boolean"},
        "encoding": {"const": code_file.MEAN},
        "mean": text("The numbers themselves.", contentEncoding="base64"),
    },
}
UPLOAD: Schema = {
    "type": "object",
    "required": ["image"],
    "properties": {
        "image": text("JPEG, PNG, WebP, AVIF, GIF, BMP or TIFF.", contentMediaType="application/octet-stream"),
        "public": text("Whether the gallery shows it.", enum=["true", "false"], default="false"),
    },
}
IN_ROUTES = {
    parameter.name: parameter
    for parameter in (
        Parameter("slug", "The car.", {"type": "string"}),
        Parameter("other", "The car at the other end.", {"type": "string"}),
        Parameter("n", "How many levels of the code.", {"type": "integer", "minimum": 1, "maximum": 5}),
        Parameter("seed", "Which one: the same seed, the same car.", {"type": "integer", "minimum": 0}),
        Parameter("percent", "How far along.", {"type": "integer", "minimum": 0, "maximum": 100}),
    )
}
DEPTH = Parameter(
    "depth", "How many levels of the code; all without it.", {"type": "integer", "minimum": 1, "maximum": 5}
)
RADIUS = Parameter(
    "radius",
    "How far from the car, in standard deviations of its code.",
    number("", minimum=0, maximum=pictures.MAX_RADIUS, default=1),
)
TEMPERATURE = Parameter(
    "temperature",
    "How far from the cars that the model knows.",
    number("", minimum=0, maximum=MAX_TEMPERATURE, default=explore.TEMPERATURE),
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
        "POST",
        "cars",
        views.reconstruct,
        "Reconstruct a picture",
        CAR_ANSWER,
        "The picture goes through the model and is kept, with its reconstruction, as a new car.",
        status=201,
        body=("multipart/form-data", UPLOAD),
        refusals=(401, 413, 422, 429, 503),
    ),
    Operation("GET", "cars", views.list_cars, "List the gallery, newest first", CARS_ANSWER, query=(BEFORE, LIMIT)),
    Operation("GET", "cars/<slug:slug>", views.read_car, "Read a car", CAR_ANSWER),
    Operation(
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
        "GET", "cars/<slug:slug>/alike", views.find_alike, "List the six cars of the gallery most like it", CARS_ANSWER
    ),
    Operation("GET", "cars/<slug:slug>/code", share.code, "Read its code", ("application/json", ref("Code"))),
    Operation(
        "GET",
        "cars/<slug:slug>/depth/<int:n>",
        pictures.depth,
        "Paint it from the first levels of its code",
        PICTURE_ANSWER,
    ),
    Operation(
        "GET", "cars/<slug:slug>/difference", pictures.difference, "See where it came back wrong", PICTURE_ANSWER
    ),
    Operation(
        "GET",
        "cars/<slug:slug>/variation/<int:seed>",
        pictures.variation,
        "Paint a car from the circle around it",
        PICTURE_ANSWER,
        query=(RADIUS,),
        refusals=(404, 429),
    ),
    Operation(
        "GET",
        "cars/<slug:slug>/morph/<slug:other>/<int:percent>",
        pictures.morph,
        "Paint it on its way to another car",
        PICTURE_ANSWER,
        refusals=(404, 429),
    ),
    Operation(
        "POST",
        "decode",
        views.decode_code,
        "Decode a code at a depth",
        PICTURE_ANSWER,
        query=(DEPTH,),
        body=("application/json", ref("Code")),
        refusals=(404, 413, 422, 429),
    ),
    Operation(
        "GET",
        "dreams/<int:seed>",
        explore.dream,
        "Sample a car that does not exist",
        PICTURE_ANSWER,
        query=(TEMPERATURE,),
        refusals=(404, 429),
    ),
)
urlpatterns = openapi.routes(OPERATIONS)


@require_safe
def openapi_json(request: HttpRequest) -> JsonResponse:
    return JsonResponse(openapi_document(request), json_dumps_params={"indent": 1})


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """The document, to be read by people."""
    context = {"operations": OPERATIONS, "key_words": KEY_WORDS, "site": site(request)}
    return render(request, "api.html", context)


def openapi_document(request: HttpRequest) -> Schema:
    return openapi.document(
        OPERATIONS,
        title="auto·encoder",
        description="Photographs of cars through a variational autoencoder, and cars out of it.",
        server=site(request),
        schemas={"Car": CAR, "Cars": CARS, "Code": CODE},
        in_routes=IN_ROUTES,
        key=KEY_WORDS,
    )


def site(request: HttpRequest) -> str:
    """The address that all others begin with, without a slash at its end."""
    return request.build_absolute_uri(reverse("home")).rstrip("/")

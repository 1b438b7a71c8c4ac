"""The views of the API, which answer in JSON. `operations` lists all of them."""

from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from ml.serving.runtime import load
from reconstruct import code_file, uploads
from reconstruct.addresses import versioned
from reconstruct.api.problem import problem
from reconstruct.forms import MAX_CODE_BYTES, UploadForm
from reconstruct.limits.requests import limited
from reconstruct.models import Reconstruction
from reconstruct.pictures.files import png
from reconstruct.similarity import alike
from reconstruct.views.params import cursor_or_404, depth_or_404, whole_number_or_404
from reconstruct.views.responses import respond
from reconstruct.visitors import get_car_or_404, key_of, keyholder_of, new_visitor, see

LISTED = 24  # cars in one answer, if not asked for more
MOST_LISTED = 100

FIELDS = (  # of a car, under the names of its columns and properties
    "slug",
    "created_at",
    "origin",
    "in_gallery",
    "width",
    "height",
    "upload_bytes",
    "bytes_by_depth",
    "code_bytes",
    "psnr_db",
    "ssim",
    "typicality",
    "mirrored",
    "verdict",
    "familiarity_words",
    "elapsed_ms",
    "model_version",
)


class TrueOrFalse(forms.BooleanField):
    """`true` or `false`, false if missing: a plain checkbox would count any value as true, even 0."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> bool:
        if value not in (None, "", "true", "false"):
            raise forms.ValidationError("public is either true or false.", "invalid")
        return bool(value == "true")


class ApiUploadForm(UploadForm):
    public = TrueOrFalse(required=False)


@limited("uploads")
def reconstruct(request: HttpRequest) -> JsonResponse:
    owner = keyholder_of(request)
    if owner is None and "Authorization" in request.headers:
        return problem(401)
    form = ApiUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return problem(413 if form.has_error("image", "too_large") else 422, **refusal(form))

    picture, public, owner = form.cleaned_data["image"], form.cleaned_data["public"], owner or new_visitor()
    car = uploads.create(picture, upload_bytes=form.upload_bytes, visitor=owner, public=public)
    see(owner)
    answer = JsonResponse(described(request, car) | {"key": key_of(owner)}, status=201)
    answer.headers["Location"] = f"{request.path}/{car.slug}"
    return answer


def list_cars(request: HttpRequest) -> JsonResponse:
    limit = whole_number_or_404(request, "limit", LISTED, low=1, high=MOST_LISTED)
    page = list(Reconstruction.objects.in_gallery().older_than(cursor_or_404(request))[: limit + 1])
    older = f"{request.path}?before={page[limit - 1].pk}&limit={limit}" if len(page) > limit else None
    return JsonResponse(
        {
            "cars": [described(request, car) for car in page[:limit]],
            "older": older and request.build_absolute_uri(older),
        }
    )


def read_car(request: HttpRequest, slug: str) -> JsonResponse:
    car = get_car_or_404(request, slug)
    if owner := keyholder_of(request):
        see(owner)
    return JsonResponse(described(request, car))


def delete_car(request: HttpRequest, slug: str) -> HttpResponse:
    owner = keyholder_of(request)
    if owner is None:
        return problem(401)
    get_object_or_404(Reconstruction.objects.mine(owner), slug=slug).delete()
    return HttpResponse(status=204)


def find_alike(request: HttpRequest, slug: str) -> JsonResponse:
    cars = alike(get_car_or_404(request, slug), load())
    return JsonResponse({"cars": [described(request, car) for car in cars]})


@limited("pictures")
def decode_code(request: HttpRequest) -> HttpResponseBase:
    depth = depth_or_404(request)
    try:
        body = request.body
    except RequestDataTooBig:
        return problem(413)
    if len(body) > MAX_CODE_BYTES:
        return problem(413)
    try:
        picture = code_file.picture_in(body, depth)
    except code_file.CodeFileError as error:
        return problem(422, str(error))
    return respond(png(picture))


def described(request: HttpRequest, car: Reconstruction) -> dict[str, Any]:
    """The car as the API answers it."""
    addresses = {
        "original": car.original_url,
        "reconstruction": car.reconstruction_url,
        "thumbnail": car.thumbnail_url,
    }
    return {
        "url": request.build_absolute_uri(car.get_absolute_url()),
        **{name: getattr(car, name) for name in FIELDS},
        "file_url": request.build_absolute_uri(versioned("code", car.slug, version=load().version)),
        "pictures": {name: request.build_absolute_uri(address) for name, address in addresses.items()},
    }


def refusal(form: forms.Form) -> dict[str, Any]:
    """The errors of the form: the first one in `detail`, and all of them by field."""
    errors = {field: [str(error) for error in errors] for field, errors in form.errors.items()}
    return {"detail": next(iter(errors.values()))[0], "errors": errors}

"""The JSON in which version 1.0 gave codes: it is read for one version more."""

import base64
import json

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

import ml.serving.runtime
from ml.serving.transforms import to_array
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car
from tests.site.pictures import get, mean_difference, pixels

LENGTH = sum(ml.serving.runtime.load().level_sizes)


def open_code(client, content, **data):
    return client.post("/code/", {"code": SimpleUploadedFile("car.json", content)} | data)


def code_of(picture, *, mirrored):
    """The fields that version 1.0 wrote for a picture, with the numbers of the model that is served."""
    runtime = ml.serving.runtime.load()
    x, frame = to_array(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else picture)
    return {
        "format": "auto·encoder code, version 1",
        "model": runtime.version,
        "level_sizes": runtime.level_sizes,
        "frame": frame,
        "mirrored": mirrored,
        "encoding": "base64 of 16-bit floats, little-endian, top level first",
        "mean": as_mean(runtime.encode(x[None])[0][0]),
    }


@pytest.fixture
def fields(db):
    return code_of(draw_car(), mirrored=False)


@pytest.mark.parametrize("mirrored", [False, True])
def test_it_is_the_car(visitor, store_car, mirrored):
    picture = draw_car().transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else draw_car()
    content = json.dumps(code_of(picture, mirrored=mirrored)).encode()
    response = open_code(visitor, content, public="on")
    assert response.status_code == 303
    decoded = Reconstruction.objects.get()
    assert (decoded.origin, decoded.in_gallery, decoded.upload_bytes) == ("code", True, len(content))
    car = store_car(visitor, as_file(picture))
    Reconstruction.objects.filter(pk=car.pk).update(mirrored=mirrored)
    rebuilt = pixels(get(visitor, car, "depth/5"))
    assert mean_difference(np.asarray(decoded.open_original(), float), rebuilt) < 2


def changed(**changes):
    return lambda fields: json.dumps(fields | changes).encode()


def as_mean(values, kind="<f2"):
    return base64.b64encode(np.asarray(values).astype(kind).tobytes()).decode()


def with_one(value):
    numbers = np.zeros(LENGTH)
    numbers[7] = value
    return as_mean(numbers)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(changed(model="0123456789abcdef"), "another version of the model (0123456789ab)", id="model"),
        pytest.param(changed(format="auto·encoder code, version 2"), "not a code", id="format"),
        pytest.param(changed(encoding="rot13"), "not a code", id="encoding"),
        pytest.param(changed(mean=None), "not a code", id="no mean"),
        pytest.param(changed(mean=[0.0] * LENGTH), "not a code", id="a mean of numbers"),
        pytest.param(changed(mean=""), "not a code", id="an empty mean"),
        pytest.param(changed(mean="ä" * 8), "not a code", id="not base64"),
        pytest.param(changed(mean="AAA"), "not a code", id="broken base64"),
        pytest.param(changed(mean=as_mean(np.zeros(LENGTH - 1))), "not a code", id="one too few"),
        pytest.param(changed(mean=as_mean(np.zeros(LENGTH + 1))), "not a code", id="one too many"),
        pytest.param(changed(mean=as_mean(np.zeros(LENGTH), "<f4")), "not a code", id="of wider floats"),
        pytest.param(changed(mean=with_one(np.nan)), "not a code", id="nan"),
        pytest.param(changed(mean=with_one(-np.inf)), "not a code", id="infinite"),
        pytest.param(changed(mean=with_one(51)), "not a code", id="beyond what a code holds"),
        pytest.param(changed(mirrored="yes"), "not a code", id="mirrored in words"),
        pytest.param(changed(frame=[0, 0, 128]), "not a code", id="three sides"),
        pytest.param(changed(frame=[0, 0, 129, 128]), "not a code", id="outside"),
        pytest.param(changed(frame=[-1, 0, 128, 128]), "not a code", id="outside to the left"),
        pytest.param(changed(frame=[0, 60, 128, 60]), "not a code", id="nothing inside"),
        pytest.param(changed(frame=[0, 60, 128, 67]), "not a code", id="too thin"),
        pytest.param(changed(frame=[0, 0, 127.5, 128]), "not a code", id="half a pixel"),
        pytest.param(changed(frame=[False, False, True, True]), "not a code", id="truths for numbers"),
        pytest.param(changed(frame=[0, 0, 10**400, 128]), "not a code", id="absurd"),
        pytest.param(lambda fields: json.dumps(fields).encode()[:500], "not a code", id="cut off"),
        pytest.param(lambda fields: b'{"mean":' * 8_000, "not a code", id="too deep"),
    ],
)
def test_what_is_no_code_is_refused_in_plain_words(visitor, fields, content, words):
    response = open_code(visitor, content(fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Reconstruction.objects.exists()


def test_the_wildest_code_that_is_let_in_is_decoded(visitor, fields):
    wild = as_mean(np.where(np.arange(LENGTH) % 2, 50, -50))
    assert open_code(visitor, changed(mean=wild)(fields)).status_code == 303

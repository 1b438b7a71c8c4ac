"""What a car is compared with: the photograph as the model saw it, and a WebP of as many bytes."""

import math

import numpy as np
import pytest

from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car
from tests.site.pictures import get, mean_difference, pixels


def psnr_db(a, b):
    return 10 * math.log10(255**2 / np.square(a - b).mean())


def test_what_the_model_saw_is_the_photograph_at_128_pixels(stranger, car):
    with car.open_original() as photograph:
        small = np.asarray(photograph.resize((128, 80)), float)
    seen = get(stranger, car, "seen")
    assert seen["Content-Type"] == "image/png"
    assert pixels(seen).shape == (80, 128, 3)
    assert mean_difference(pixels(seen), small) < 2


@pytest.mark.parametrize("mirrored", [True, False])
def test_what_the_model_saw_faces_as_the_photograph_does(stranger, car, mirrored):
    Reconstruction.objects.update(mirrored=mirrored)
    left, right = np.split(pixels(get(stranger, car, "seen")), 2, axis=1)
    assert right[:40].mean() < left[:40].mean()  # the cabin of the drawn car lies right of the middle


def test_a_webp_has_at_most_the_bytes_of_the_file_and_says_how_close_it_is(stranger, car):
    seen, webp = get(stranger, car, "seen"), get(stranger, car, "webp")
    assert webp["Content-Type"] == "image/webp"
    assert 0.7 * car.code_bytes < len(webp.body) <= car.code_bytes
    assert float(webp["X-PSNR-dB"]) == pytest.approx(psnr_db(pixels(webp), pixels(seen)), abs=0.01)
    assert webp["Cache-Control"].startswith("public")


def test_more_bytes_make_a_closer_webp(stranger, car):
    sizes = (600, 1200, 2400)
    answers = [get(stranger, car, "webp", size=size) for size in sizes]
    assert all(len(answer.body) <= size for answer, size in zip(answers, sizes, strict=True))
    db = [float(answer["X-PSNR-dB"]) for answer in answers]
    assert db == sorted(set(db))


def test_where_no_webp_is_that_small_the_smallest_comes(stranger, car):
    smallest = get(stranger, car, "webp", size=1)
    assert len(smallest.body) > 1
    assert get(stranger, car, "webp", size=len(smallest.body)).body == smallest.body


@pytest.mark.parametrize("size", ["0", "-1", "x", "", "49153", "1e3", "²"])
def test_a_size_that_is_none_is_a_404(stranger, car, size):
    assert get(stranger, car, "webp", size=size).status_code == 404


@pytest.mark.parametrize("kind", ["seen", "webp"])
def test_a_private_cars_are_its_owners_alone(visitor, stranger, private_car, kind):
    assert get(stranger, private_car, kind).status_code == 404
    assert get(visitor, private_car, kind)["Cache-Control"].startswith("private")
    assert visitor.post(f"/cars/{private_car.slug}/{kind}").status_code == 405


@pytest.mark.parametrize("kind", ["seen", "webp"])
def test_an_address_without_the_version_leads_to_it(stranger, car, kind):
    response = stranger.get(f"/cars/{car.slug}/{kind}")
    assert response.status_code == 302
    assert response.url.startswith(f"/cars/{car.slug}/{kind}?v=")


def test_a_car_that_is_not_measured_yet_is_compared_by_its_file(visitor, store_car):
    car = store_car(visitor, as_file(draw_car((200, 200))))
    Reconstruction.objects.update(code_bytes=None)
    assert len(get(visitor, car, "webp").body) <= car.code_bytes


def test_only_sizes_that_are_asked_for_are_limited(stranger, car, settings):
    settings.LIMITS = settings.LIMITS | {"pictures": (1, 1)}
    answers = [get(stranger, car, "webp", size=900).status_code for _ in range(2)]
    assert answers == [200, 429]
    assert get(stranger, car, "webp").status_code == 200

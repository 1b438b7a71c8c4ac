"""A point that a visitor moves over the circle of a car, and the car that it is decoded to."""

import json

import numpy as np
import pytest

import ml.serving.runtime
from tests.site.pictures import get, mean_difference, pixels, tiles


def posterior_of(client, car, price="1"):
    return json.loads(get(client, car, "posterior").body)["prices"][price]


@pytest.fixture
def mean(stranger, car):
    return pixels(get(stranger, car, "point"))


def test_where_it_is_not_moved_it_is_the_mean(stranger, car, mean):
    assert mean_difference(mean, pixels(get(stranger, car, "depth/5"))) == 0


def test_in_the_circle_it_stays_the_same_car_and_far_outside_it_does_not(stranger, car):
    posterior = posterior_of(stranger, car)
    near_x, near_y = posterior["deviations"]
    far_x, far_y = (-np.sign(posterior["means"]) * 6).tolist()
    mean, near, far = (
        pixels(get(stranger, car, "point", x=x, y=y, depth=1)) for x, y in ((0, 0), (near_x, near_y), (far_x, far_y))
    )
    assert 0 < mean_difference(near, mean) < 3 < mean_difference(far, mean)


def test_the_two_numbers_are_the_most_active_of_the_first_level(stranger, car):
    runtime = ml.serving.runtime.load()
    numbers = json.loads(get(stranger, car, "posterior").body)["numbers"]
    assert 1 <= min(numbers) < max(numbers) <= runtime.level_sizes[0]
    posterior = posterior_of(stranger, car)
    mean, deviation = (np.array(posterior[name]) for name in ("means", "deviations"))
    kld = (mean**2 + deviation**2 - 1) / 2 - np.log(deviation)
    assert kld[0] >= kld[1] > 0


def test_at_another_price_it_moves_from_the_mean_of_that_price(stranger, car):
    mean = pixels(get(stranger, car, "point", price=100))
    assert mean_difference(mean, tiles(get(stranger, car, "circle/0", radius=0, price=100), 8)[0]) < 1.5
    assert mean_difference(mean, pixels(get(stranger, car, "point"))) > 3
    assert min(posterior_of(stranger, car, "300")["deviations"]) > max(posterior_of(stranger, car)["deviations"])


@pytest.mark.parametrize("query", [{"x": "10.1"}, {"y": "-11"}, {"x": "nan"}, {"y": "inf"}, {"x": "left"}, {"x": ""}])
def test_a_place_that_is_none_is_bad_input(stranger, car, query):
    assert get(stranger, car, "point", **query).status_code == 400
    assert stranger.get(car.get_absolute_url(), query).status_code == 400


def test_a_depth_that_is_none_is_a_404(stranger, car):
    assert get(stranger, car, "point", depth="6").status_code == 404


def test_the_page_begins_where_its_address_says(stranger, car):
    response = stranger.get(car.get_absolute_url(), {"x": "1.5", "y": "-2", "depth": "1"})
    assert f"/cars/{car.slug}/point?x=1.5&amp;y=-2&amp;depth=1&amp;price=1&amp;v=" in response.content.decode()

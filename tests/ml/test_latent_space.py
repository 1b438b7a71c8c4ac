"""The space of codes: mixing cars, steering along directions, and dreaming cars that do not exist."""

import numpy as np
import pytest
import torch

from ml import data, steerability
from ml.serving import directions
from ml.serving.directions import Direction, Grid
from ml.serving.mixing import lengths, mix
from ml.serving.runtime import load
from ml.serving.transforms import to_image
from ml.serving.typicality import webp_bytes


@pytest.fixture(scope="module")
def runtime():
    return load()


@pytest.fixture(scope="module")
def cars(runtime):
    return np.stack(runtime.examples())


@pytest.fixture(scope="module")
def codes(runtime, cars):
    return runtime.encode(cars)[0]


def test_half_way_between_two_codes_is_as_long_as_they_are(runtime, codes):
    middle = runtime.mix(codes[0], codes[1], 0.5)
    expected = (lengths(codes[0], runtime.level_sizes) + lengths(codes[1], runtime.level_sizes)) / 2
    np.testing.assert_allclose(lengths(middle, runtime.level_sizes), expected, rtol=1e-4)


def test_the_way_between_two_codes_begins_at_one_and_ends_at_the_other(runtime, codes):
    np.testing.assert_allclose(runtime.mix(codes[:2], codes[2:4], 0), codes[:2], atol=1e-5)
    np.testing.assert_allclose(runtime.mix(codes[:2], codes[2:4], 1), codes[2:4], atol=1e-5)


def test_opposite_codes_have_a_middle(runtime, codes):
    assert np.isfinite(mix(np.stack([codes[0], -codes[0]]), (0.5, 0.5), runtime.level_sizes)).all()


def test_there_are_directions_with_words_for_both_ends(runtime):
    assert 6 <= len(runtime.directions) <= 10
    for direction in runtime.directions:
        assert direction.low
        assert direction.high


@pytest.mark.parametrize("change", steerability.CHANGES, ids=lambda change: change.direction.name)
def test_steering_changes_what_it_says(runtime, codes, change):
    name = change.direction.name
    moved = [runtime.decode(runtime.steer(codes, {name: amount})) for amount in (-0.5, 0, 0.5)]
    steps = np.diff([change.measure(y) for y in moved], axis=0)
    if change.period:
        steps = (steps + change.period / 2) % change.period - change.period / 2
    assert (steps > 0).mean() > 0.9


def test_steering_along_two_directions_knows_no_order(runtime, codes):
    one = runtime.steer(codes[:1], {"length": 0.5, "paint": -0.5})
    other = runtime.steer(codes[:1], {"paint": -0.5, "length": 0.5})
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_steering_by_nothing_changes_nothing(runtime, codes):
    assert np.array_equal(runtime.steer(codes, {}), codes)
    assert np.array_equal(runtime.steer(codes, {"length": 0}), codes)


@pytest.mark.parametrize(
    ("amounts", "message"),
    [({"wings": 0.5}, "no direction 'wings'"), ({"length": 1.1}, "between -1 and 1"), ({"length": np.nan}, "between")],
)
def test_steering_refuses_what_it_does_not_know(runtime, codes, amounts, message):
    with pytest.raises(ValueError, match=message):
        runtime.steer(codes, amounts)


def test_a_field_that_shifts_the_code_is_found_by_regression(tmp_path):
    """Codes in which each place takes over its left neighbour's: the matrix that does so is found, saved and read."""
    grid, random = Grid(channels=2, size=4), np.random.default_rng(0)
    z = random.standard_normal((200, 32), dtype=np.float32)
    maps = z.reshape(-1, 2, 4, 4)
    shifted = np.pad(maps, ((0, 0), (0, 0), (0, 0), (1, 0)))[..., :-1].reshape(len(z), -1)
    field = steerability._least_squares(z, [shifted], grid)[0]
    np.testing.assert_allclose(
        (directions.features(z, grid) @ field).transpose(0, 2, 1).reshape(z.shape), shifted, atol=0.02
    )
    steering = directions.Steering((grid,), (Direction("shift", "left", "right", 3),), {"shift": [field]})
    steering.save(tmp_path / "directions.npz")
    stored = directions.load(tmp_path / "directions.npz", steering.grids, steering.directions)
    np.testing.assert_allclose(stored.steer(z, {"shift": 1}), steering.steer(z, {"shift": 1}), atol=0.02)


def test_the_same_seed_dreams_the_same_car_whatever_else_is_dreamt(runtime):
    assert np.array_equal(runtime.dream([7])[0], runtime.dream([3, 7])[1])
    assert not np.array_equal(runtime.dream([7]), runtime.dream([8]))


def test_dreamt_cars_are_cars_and_no_copies_of_what_they_are_made_of(runtime):
    z = runtime.dream(range(24))
    x = runtime.decode(z)
    mean, logvar = runtime.encode(x)
    assert np.median(runtime.typicality(x, runtime.decode(mean), mean, logvar)) > 0.1
    edges = data.edges(torch.from_numpy(x))
    assert np.median(edges @ edges.T) < 0.8


def test_a_dreamt_car_has_the_details_of_one_stored_car_alone(runtime):
    """Those of two at once show as the lines of two cars."""
    with np.load(runtime.folder / "examples.npz") as stored:
        details = stored["codes"][:, 320:].astype(np.float32)
    for z in runtime.dream(range(8)):
        assert (details == z[320:]).all(axis=1).any()


def test_temperature_takes_dreams_further_from_where_they_start(runtime):
    cold, mild, hot = (runtime.dream(range(8), temperature) for temperature in (0, 0.5, 1.5))
    assert (np.linalg.norm(mild - cold, axis=1) < np.linalg.norm(hot - cold, axis=1)).all()
    assert np.array_equal(cold[:, 320:], hot[:, 320:])


@pytest.mark.parametrize("temperature", [-0.1, 1.6, float("nan")])
def test_a_temperature_out_of_range_is_an_error(runtime, temperature):
    with pytest.raises(ValueError, match=r"between 0 and 1\.5"):
        runtime.dream([1], temperature)
    with pytest.raises(ValueError, match=r"between 0 and 1\.5"):
        runtime.sample([1], temperature=temperature)


def test_the_same_seed_samples_the_same_car_whatever_else_is_sampled(runtime):
    np.testing.assert_allclose(runtime.sample([7])[0], runtime.sample([3, 7])[1], atol=1e-5)
    assert np.abs(runtime.sample([7]) - runtime.sample([8])).max() > 0.1


def test_samples_of_the_prior_are_rarely_strange_to_the_model_and_have_no_noise(runtime):
    """At a low price, where they are shards of cars under noise, a codec needs more for them."""
    at_default, at_one = (runtime.sample(range(12), **price) for price in ({}, {"price": 1}))
    strange = [runtime.reconstruct(to_image(x)).typicality < 0.005 for x in at_default]
    assert np.mean(strange) < 0.3
    assert webp_bytes(at_default).mean() < 0.8 * webp_bytes(at_one).mean()


def test_samples_without_temperature_are_all_the_mean_of_the_prior(runtime):
    first, second = runtime.sample([1, 2], temperature=0)
    np.testing.assert_allclose(first, runtime.decode(np.zeros((1, 7488), np.float32), None, 100)[0], atol=1e-5)
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_samples_at_a_price_that_the_model_was_not_trained_at_are_an_error(runtime):
    with pytest.raises(ValueError, match="price must lie between"):
        runtime.sample([1], price=1000)

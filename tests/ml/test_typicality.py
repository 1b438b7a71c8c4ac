"""The statistics of hand-made pictures, and what a fitted density makes of numbers whose answer is known."""

import numpy as np
import pytest
from PIL import Image

from ml.serving import typicality
from ml.serving.transforms import to_array


def independent(count, seed):
    """Statistics that are N(10, 1), each on its own."""
    return np.random.default_rng(seed).normal(10, 1, (count, 4)).astype(np.float32)


@pytest.fixture(scope="module")
def fitted():
    return typicality.fit(independent(20_000, 0), independent(20_000, 1))


def test_typicality_is_a_share_of_held_out_cars(fitted):
    shares = fitted(independent(20_000, 2))
    assert shares.min() >= 0
    assert shares.max() <= 1
    for share in (0.05, 0.5, 0.9):
        assert (shares < share).mean() == pytest.approx(share, abs=0.02)


def test_strangeness_is_the_sum_of_squared_deviations(fitted):
    found = fitted.strangeness(np.array([[12, 10, 10, 10], [10, 13, 10, 14]], dtype=np.float32))
    np.testing.assert_allclose(found, [4, 25], rtol=0.1)


def test_only_a_picture_that_is_simpler_than_expected_is_strange_downwards(fitted):
    found = fitted.strangeness(np.array([[7, 10, 10, 10], [10, 7, 7, 7]], dtype=np.float32))
    np.testing.assert_allclose(found, [9, 0], rtol=0.1, atol=0.02)


def test_what_the_codec_needs_explains_what_the_model_needs():
    """A picture that costs more is no stranger for it where the codec says that there is more in it."""
    random = np.random.default_rng(0)
    codec = random.normal(6, 1, 5_000)
    cost = codec + random.normal(0, 0.1, 5_000)
    others = random.normal(5, 1, (5_000, 1))
    cars = np.column_stack([codec, others, cost, cost + random.normal(0, 1, 5_000)]).astype(np.float32)
    fitted = typicality.fit(cars, cars[:500])
    explained, unexplained = fitted.strangeness(np.array([[7, 5, 7, 7], [6, 5, 7, 7]], dtype=np.float32))
    assert explained < 3
    assert unexplained > 50


def test_the_statistics_are_logarithms_and_finite_for_a_picture_that_comes_back_exactly():
    white = np.ones((1, 3, 128, 128), dtype=np.float32)
    numbers = [np.array([value], dtype=np.float32) for value in (np.e, 0, np.inf)]
    found = typicality.statistics(white, *numbers)
    np.testing.assert_allclose(found[0], [np.log(typicality.webp_bytes(white)[0]), 1, 0, np.inf], rtol=1e-6)


def test_a_codec_needs_more_for_noise_than_for_a_plain_colour():
    noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    pictures = np.stack([to_array(Image.new("RGB", (128, 128), "red"))[0], to_array(Image.fromarray(noise))[0]])
    plain, noisy = typicality.webp_bytes(pictures)
    assert 20 < plain < 200
    assert noisy > 5 * plain


def test_it_is_stored_and_read_again(fitted):
    again = typicality.from_json(fitted.to_json())
    np.testing.assert_allclose(again(independent(50, 3)), fitted(independent(50, 3)), atol=1e-3)

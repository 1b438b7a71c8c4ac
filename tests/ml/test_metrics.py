import math

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from ml.serving.metrics import LUMA, psnr_db, ssim


@pytest.fixture
def pair():
    random = np.random.default_rng(0)
    x = random.random((3, 40, 64), dtype=np.float32)
    return np.clip(x + 0.1 * random.standard_normal(x.shape, dtype=np.float32), 0, 1), x


def test_psnr_is_what_scikit_image_says(pair):
    y, x = pair
    assert psnr_db(y, x) == pytest.approx(peak_signal_noise_ratio(x, y, data_range=1), abs=1e-4)


def test_ssim_is_what_scikit_image_says(pair):
    y, x = (np.tensordot(LUMA, picture, 1) for picture in pair)
    expected = structural_similarity(x, y, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    assert ssim(*pair) == pytest.approx(expected, abs=1e-5)


def test_a_picture_equals_itself(pair):
    assert psnr_db(pair[0], pair[0]) == math.inf
    assert ssim(pair[0], pair[0]) == pytest.approx(1)


def test_ssim_refuses_what_is_smaller_than_its_window():
    tiny = np.zeros((3, 8, 64), dtype=np.float32)
    with pytest.raises(ValueError, match="11 pixels"):
        ssim(tiny, tiny)

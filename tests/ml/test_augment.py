import pytest
import torch

from ml.augment import MAX_SHIFT, augment, repaint, shift, warp
from ml.serving.transforms import to_array
from tests.cars import draw_car


@pytest.fixture
def x():
    torch.manual_seed(0)
    return torch.from_numpy(to_array(draw_car((128, 100)))[0]).expand(32, -1, -1, -1)


def test_it_stays_a_picture(x):
    y = augment(x)
    assert y.shape == x.shape
    assert 0 <= y.min() <= y.max() <= 1
    assert (y != x).flatten(1).any(1).all()


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_pictures_will_do(x, count):
    assert augment(x[:count]).shape == (count, 3, 128, 128)


@pytest.mark.parametrize("move", [shift, warp])
def test_what_moves_in_is_white(x, move):
    y = move(x)
    torch.testing.assert_close(y[:, :, 0], torch.ones_like(y[:, :, 0]))


@pytest.mark.parametrize("move", [shift, warp])
def test_a_car_still_faces_left(x, move):
    """The cabin of the drawing is right of the middle: its weight stays right of where the car is."""
    dark = 1 - move(x).mean(1)  # (N, H, W)
    columns = torch.arange(128.0)

    def centre(weight):
        return (weight.sum(1) * columns).sum(1) / weight.sum((1, 2))

    top = (dark > 0.05).flatten(2).any(2).float().argmax(1)
    cabin = torch.stack([picture[row : row + 20] for picture, row in zip(dark, top.tolist(), strict=True)])
    assert (centre(cabin) > centre(dark)).all()


def test_a_shift_is_whole_and_loses_no_sharpness(x):
    y = shift(x)
    inner = slice(2 * MAX_SHIFT, 128 - 2 * MAX_SHIFT)
    for before, after in zip(x[:8], y[:8], strict=True):
        window = after[:, inner, inner]
        places = before.unfold(1, window.shape[1], 1).unfold(2, window.shape[2], 1)  # (3, places, places, H, W)
        assert (places == window[:, None, None]).all(0).all(-1).all(-1).any()
    assert len({picture.numpy().tobytes() for picture in y}) > 16


def test_repainting_turns_the_hue_and_keeps_greys(x):
    y = repaint(x)
    background = x.mean(1) > 0.99
    assert (y.mean(1)[background] > 0.98).all()
    body = y[:, :, 80, 40]
    assert body.std(0).max() > 0.1
    assert body.mean(1).std() < 0.06

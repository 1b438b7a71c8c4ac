import pytest
import torch

from ml.augment import augment, move, repaint
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


def test_what_moves_in_is_white(x):
    y = move(x)
    torch.testing.assert_close(y[:, :, 0], torch.ones_like(y[:, :, 0]))


def test_a_car_still_faces_left(x):
    """The cabin of the drawing is right of the middle: its weight stays there."""
    dark = 1 - move(x).mean(1)[:, 30:60]  # (N, rows of the cabin, W)
    columns = torch.arange(128.0)
    centre = (dark.sum(1) * columns).sum(1) / dark.sum((1, 2))
    assert (centre > 64).all()


def test_repainting_turns_the_hue_and_keeps_greys(x):
    y = repaint(x)
    background = x.mean(1) > 0.99
    assert (y.mean(1)[background] > 0.98).all()
    body = y[:, :, 80, 40]
    assert body.std(0).max() > 0.1
    assert body.mean(1).std() < 0.06

"""The browser decodes cars itself: what it paints is what the server paints."""

import numpy as np
import pytest

from ml.serving.runtime import load
from ml.serving.transforms import to_image
from reconstruct.latents import code_of

SUMMON = "async () => (await import('player/player')).summon()"
DECODE = """async ({ z, depth, price }) => {
  const { decode } = await import("player/player");
  return [...(await decode({ z: Float32Array.from(z), depth, price })).data];
}"""


@pytest.fixture
def player(open_page, car, settings):
    """The car's page, with its decoder loaded."""
    if not settings.PLAYS:
        pytest.skip("What browsers decode with is missing: make build/static/player")
    page = open_page(car.get_absolute_url(), plays=True)
    assert page.evaluate(SUMMON)
    return page


def test_every_depth_and_price_is_painted_as_by_the_server(player, car):
    code = code_of(car, load())
    for depth, price in ((1, 1.0), (3, 1.0), (5, 1.0), (5, 0.1), (4, 30.0), (5, 400.0)):
        z = code.runtime.encode(code.x[None], price)[0]
        painted = player.evaluate(DECODE, {"z": z[0].tolist(), "depth": depth, "price": price})
        pixels = np.array(painted).reshape(128, 128, 4)[..., :3]
        expected = np.asarray(to_image(code.runtime.decode(z, depth, price)[0]), int)
        assert np.abs(pixels - expected).max() <= 1
        assert pixels.std() > 10

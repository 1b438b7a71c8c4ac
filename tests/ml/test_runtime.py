"""The weights as they are shipped. The examples are cars that the model made itself, all facing left."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from ml import out_of_distribution, reconstruct
from ml.serving.runtime import load
from ml.serving.transforms import to_array, to_image
from ml.serving.typicality import FAMILIAR
from tests.cars import draw_car


@pytest.fixture(scope="module")
def runtime():
    return load()


@pytest.fixture(scope="module")
def cars(runtime):
    return [to_image(x) for x in runtime.examples()]


@pytest.fixture(scope="module")
def typical(runtime, cars):
    """How typical the model finds each of them."""
    return [runtime.reconstruct(car).typicality for car in cars]


def test_it_has_five_depths(runtime):
    assert runtime.level_sizes == (64, 256, 1024, 2048, 4096)
    assert runtime.depths == 5


def test_the_weights_are_small(runtime):
    assert sum(path.stat().st_size for path in runtime.folder.iterdir()) < 20e6


def test_a_car_comes_back(runtime, cars):
    for car in cars:
        assert runtime.reconstruct(car).psnr_db > 24


def test_each_depth_costs_more_and_comes_closer(runtime, cars):
    results = [[runtime.reconstruct(car, depth=depth, mirror=False) for depth in range(1, 6)] for car in cars]
    closeness = np.array([[result.psnr_db for result in row] for row in results]).mean(0)
    assert (np.diff(closeness) > 0.5).all()
    sizes = np.array([row[0].bytes_by_depth for row in results])
    assert (np.diff(sizes, axis=1) > 0).all()


def test_a_level_is_read_given_the_codes_that_were_chosen_above(runtime, cars):
    x, _ = to_array(cars[0])
    features, first = runtime.features(x[None]), runtime.level_sizes[0]
    plain, _ = runtime.encode(x[None])
    given_zeros, _ = runtime.descend(features, lambda number, mean, logvar: np.zeros_like(mean))
    assert (given_zeros[:, :first] == plain[:, :first]).all()
    assert np.abs(given_zeros[:, first:] - plain[:, first:]).mean() > 0.01
    given_means, _ = runtime.descend(features, lambda number, mean, logvar: mean)
    assert (given_means == plain).all()


def test_the_same_picture_in_gives_the_same_picture_out(runtime, cars):
    assert runtime.reconstruct(cars[0]).image.tobytes() == runtime.reconstruct(cars[0]).image.tobytes()


def test_a_car_that_faces_right_is_seen_in_a_mirror_and_turned_back(runtime, cars):
    agreed = 0
    for car in cars:
        left, right = runtime.reconstruct(car), runtime.reconstruct(ImageOps.mirror(car))
        agreed += (left.mirrored, right.mirrored) == (False, True)
        if right.mirrored and not left.mirrored:
            assert ImageOps.mirror(right.image).tobytes() == left.image.tobytes()
    assert agreed >= len(cars) - 1


def test_a_direction_can_be_forced(runtime, cars):
    assert runtime.reconstruct(cars[0], mirror=True).mirrored
    assert not runtime.reconstruct(ImageOps.mirror(cars[0]), mirror=False).mirrored


@pytest.mark.parametrize("size", [(64, 64), (300, 100), (50, 400), (1000, 40), (16, 16)])
def test_a_photograph_keeps_its_proportions(runtime, size):
    result = runtime.reconstruct(draw_car(size))
    assert max(result.image.size) == 128
    assert min(result.image.size) == round(128 * min(size) / max(size))
    assert np.isfinite(result.psnr_db)
    assert -1 <= result.ssim <= 1
    assert result.elapsed_ms > 0


@pytest.mark.slow
@pytest.mark.parametrize("draw", out_of_distribution.KINDS, ids=lambda draw: draw.__name__)
def test_cars_are_typical_and_anything_else_is_not(runtime, typical, draw):
    random = np.random.default_rng(0)
    strange = [runtime.reconstruct(draw(random)).typicality for _ in range(12)]
    assert max(typical) <= 1
    assert min(typical) >= FAMILIAR
    assert max(strange) < FAMILIAR


@pytest.mark.slow
def test_photographs_of_other_things_than_cars_are_less_typical(runtime, typical):
    strange = np.array([runtime.reconstruct(picture).typicality for picture in out_of_distribution.real().values()])
    assert (strange < FAMILIAR).mean() >= 0.9
    assert strange.max() < max(typical)


@pytest.mark.parametrize("depth", [0, 6, -1])
def test_a_depth_that_does_not_exist_is_an_error(runtime, depth):
    with pytest.raises(ValueError, match="between 1 and 5"):
        runtime.decode(np.zeros((1, 7488), dtype=np.float32), depth)


def test_each_price_makes_a_smaller_code_and_a_picture_further_off(runtime, cars):
    results = [[runtime.reconstruct(car, price=price, mirror=False) for price in (0.1, 1, 10, 100)] for car in cars]
    sizes = np.array([[result.bytes_by_depth[-1] for result in row] for row in results]).mean(0)
    closeness = np.array([[result.psnr_db for result in row] for row in results]).mean(0)
    assert (sizes[:-1] > 1.5 * sizes[1:]).all()
    assert (np.diff(closeness) < -0.1).all()


def test_direction_and_typicality_do_not_depend_on_the_price(runtime, cars):
    for car in (cars[0], ImageOps.mirror(cars[0])):
        fair, dear = runtime.reconstruct(car), runtime.reconstruct(car, price=100)
        assert (dear.mirrored, dear.typicality) == (fair.mirrored, fair.typicality)


def test_a_depth_at_a_price(runtime, cars):
    result = runtime.reconstruct(cars[0], depth=2, price=10, mirror=False)
    code, _ = runtime.encode(to_array(cars[0])[0][None], 10)
    assert np.array_equal(result.code, code[0])
    assert result.image.tobytes() == to_image(runtime.decode(code, 2, 10)[0]).tobytes()


@pytest.mark.parametrize("price", [0, -1, 0.09, 401, float("nan"), float("inf")])
def test_a_price_that_the_model_was_not_trained_at_is_an_error(runtime, price):
    with pytest.raises(ValueError, match=r"price must lie between 0\.1 and 400"):
        runtime.encode(np.zeros((1, 3, 128, 128), dtype=np.float32), price)
    with pytest.raises(ValueError, match=r"price must lie between 0\.1 and 400"):
        runtime.decode(np.zeros((1, 7488), dtype=np.float32), None, price)


def test_every_picture_of_a_batch_may_have_its_own_price(runtime):
    z = np.random.default_rng(0).standard_normal((2, 7488), dtype=np.float32)
    both = runtime.decode(z, None, np.array([1, 50], dtype=np.float32))
    for i, price in enumerate((1, 50)):
        assert np.abs(both[i] - runtime.decode(z[i : i + 1], None, price)[0]).max() < 1e-4


def test_the_command_reconstructs_a_file(cars, tmp_path, capsys):
    cars[0].save(tmp_path / "in.png")
    reconstruct.main([str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--depth", "2"])
    with Image.open(tmp_path / "out.png") as out:
        assert out.size == (128, 128)
    assert "dB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.png", "out.png"], "nowhere.png"),
        (["text.png", "out.png"], "cannot identify"),
        (["car.png", "out.png", "--depth", "9"], "between 1 and 5"),
        (["car.png", "out.unknown"], "unknown file extension"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    draw_car().save("car.png")
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(SystemExit, match=message):
        reconstruct.main(arguments)

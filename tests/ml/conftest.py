"""A folder of drawn cars, and a model trained on it: small, but through the same commands as the real one."""

import colorsys

import pytest

from ml import config
from ml.config import Stage
from tests.cars import draw_car

TINY = (Stage(1, 32, 0, 1, code=8), Stage(8, 16, 1, 1, code=4), Stage(64, 16, 1, 1))


@pytest.fixture(autouse=True)
def familiar():
    """Here, in place of the site's fixture of this name: the model itself says how familiar a picture is."""


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """One thread: for so small a network more threads are slower, on a busy machine a hundred times slower."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Twenty different drawn cars of several sizes and formats."""
    folder = tmp_path_factory.mktemp("cars")
    for number in range(20):
        paint = tuple(round(255 * value) for value in colorsys.hsv_to_rgb(number / 20, 0.8, 0.8))
        picture = draw_car((64 + 16 * number, 64 + 5 * number**2 % 200), paint)
        picture.save(folder / f"{number:02}.{('png', 'jpg', 'webp')[number % 3]}")
    return folder


@pytest.fixture(scope="session")
def tiny_architecture():
    """`--architecture tiny`: a thousandth of the real network."""
    config.ARCHITECTURES["tiny"] = TINY
    yield "tiny"
    del config.ARCHITECTURES["tiny"]


@pytest.fixture(scope="session")
def trained(folder, tiny_architecture, tmp_path_factory):
    """The output folder of three epochs on twenty pictures."""
    from ml.train import main

    out = tmp_path_factory.mktemp("runs") / "tiny"
    main(
        f"--data {folder} --out {out} --architecture tiny --epochs 3 --final-epochs 1 --eval-every 1 "
        "--device cpu --batch-size 8".split()
    )
    return out


@pytest.fixture(scope="session")
def weights(trained, tmp_path_factory):
    """What ml.export writes for it."""
    from ml import export

    out = tmp_path_factory.mktemp("weights")
    export.main(["--checkpoint", str(trained / "checkpoint.pt"), "--out", str(out)])
    return out

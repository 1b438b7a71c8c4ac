import numpy as np
import pytest
from PIL import Image

from ml import examine
from ml.serving.runtime import load
from ml.serving.transforms import to_image

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def held_out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cars")
    for number, x in enumerate(load().examples()[:4]):
        to_image(x).save(folder / f"{number}.png")
    return folder


def test_it_reports_on_direction_typicality_steering_and_dreams(held_out, tmp_path, capsys):
    sheets = {name: tmp_path / f"{name}.png" for name in ("dreams", "samples", "steered")}
    flags = [flag for name, path in sheets.items() for flag in (f"--{name}", str(path))]
    examine.main(["--data", str(held_out), "--training", str(held_out), *flags])
    out = capsys.readouterr().out
    assert "| all (4) | 100.0% | 100.0% | " in out
    assert "| synthetic, no cars (320) | – | 0.0% | – | – |" in out
    assert "| real, no cars (25) | – | " in out
    assert "AUC against 25 faces, on which nothing was chosen: " in out
    assert "| length | 100% |" in out
    assert "held-out cars: median 1.00, at most 1.00." in out
    for path in sheets.values():
        with Image.open(path) as sheet:
            assert sheet.width > sheet.height / 2 > 128


def test_area_under_curve():
    scores = np.array([0.2, 0.8], dtype=np.float32)
    assert examine.area_under_curve(scores, scores) == 0.5
    assert examine.area_under_curve(scores + 1, scores) == 1
    assert examine.area_under_curve(scores, np.array([0.5], dtype=np.float32)) == 0.5


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(SystemExit, match="nowhere is not a folder"):
        examine.main(["--data", str(tmp_path / "nowhere")])

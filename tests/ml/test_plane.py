"""What the lesson on gaps shows of codes of two numbers, from training to the files."""

import json
from xml.etree import ElementTree

import pytest
from PIL import Image

from ml import config, plane, train
from ml.config import Stage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planes(folder, tmp_path_factory):
    """By price: a checkpoint of a tiny network whose code is two numbers."""
    config.ARCHITECTURES["tiny-plane"] = (Stage(1, 16, 0, 1, code=2), Stage(16, 8, 1, 1))
    out = tmp_path_factory.mktemp("planes")
    for beta in ("0", "30"):
        train.main(
            f"--data {folder} --out {out / beta} --architecture tiny-plane --priced-share 0 --full-depth-share 1 "
            f"--beta {beta} --augmented 0 --epochs 2 --final-epochs 1 --device cpu --batch-size 8".split()
        )
    del config.ARCHITECTURES["tiny-plane"]
    return {beta: str(out / beta / "checkpoint.pt") for beta in ("0", "30")}


def test_each_model_leaves_a_sheet_a_drawing_and_its_figures(planes, folder, tmp_path):
    figures = tmp_path / "plane.json"
    arguments = [planes["30"], planes["0"], "--data", str(folder)]
    plane.main([*arguments, "--pictures", str(tmp_path), "--figures", str(figures)])
    free, priced = json.loads(figures.read_text())
    assert (free["beta"], priced["beta"]) == (0, 30)
    assert priced["reach"] == plane.PRIOR_REACH
    for model in (free, priced):
        assert model["pictures"] == 20
        assert len(model["around"]) == model["side"] ** 2
        assert model["around"].strip("0")
        with Image.open(tmp_path / f"beta-{model['beta']:g}.webp") as sheet:
            assert sheet.size == (32 * model["side"],) * 2
        drawing = ElementTree.parse(tmp_path / f"beta-{model['beta']:g}.svg").getroot()
        assert len(drawing.findall(".//{*}ellipse")) == 2


def test_a_code_of_another_length_is_named(trained, folder, tmp_path):
    with pytest.raises(SystemExit, match="its code is not two numbers"):
        plane.main(
            [str(trained / "checkpoint.pt"), "--data", str(folder), "--pictures", str(tmp_path), "--figures", "no.json"]
        )

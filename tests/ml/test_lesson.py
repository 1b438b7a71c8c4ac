import json

import pytest
from PIL import Image

from ml import lesson


@pytest.mark.slow
def test_the_served_model_shows_each_of_its_prices(folder, tmp_path):
    sheets, figures = tmp_path / "sheets", tmp_path / "balance.json"
    lesson.main(["--data", str(folder), "--sheets", str(sheets), "--figures", str(figures)])
    lines = json.loads(figures.read_text())
    assert [line["beta"] for line in lines] == list(lesson.PRICES)
    sizes, errors = [line["bytes"] for line in lines], [-line["psnr_db"] for line in lines]
    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)
    assert {path.stem for path in sheets.iterdir()} == {"cars", *lesson.ROWS}
    for name in lesson.ROWS:
        with Image.open(sheets / f"{name}.webp") as sheet:
            assert sheet.size == (128 * lesson.CARS * len(lines), 128)


def test_a_missing_folder_is_named(tmp_path):
    missing = str(tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="nowhere is not a folder"):
        lesson.main(["--data", missing, "--sheets", str(tmp_path), "--figures", str(tmp_path / "json")])

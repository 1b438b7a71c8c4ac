import json

import pytest
from PIL import Image

from ml import lesson


def test_there_is_a_sheet_for_each_row_and_a_line_for_each_checkpoint(folder, trained, tmp_path):
    sheets, figures = tmp_path / "sheets", tmp_path / "figures" / "balance.json"
    checkpoint = str(trained / "checkpoint.pt")
    lesson.main([checkpoint, checkpoint, "--data", str(folder), "--sheets", str(sheets), "--figures", str(figures)])
    lines = json.loads(figures.read_text())
    assert len(lines) == 2
    for line in lines:
        assert line["beta"] == 1
        assert line["epochs"] == 3
        assert line["bytes"] > 0
        assert line["psnr_db"] > 5
    assert {path.stem for path in sheets.iterdir()} == {"cars", *lesson.ROWS}
    for path in sheets.iterdir():
        with Image.open(path) as sheet:
            assert sheet.size == (128 * lesson.CARS * (1 if path.stem == "cars" else 2), 128)


def test_without_a_checkpoint_the_served_model_shows_each_of_its_prices(folder, tmp_path):
    sheets, figures = tmp_path / "sheets", tmp_path / "balance.json"
    lesson.main(["--data", str(folder), "--sheets", str(sheets), "--figures", str(figures)])
    lines = json.loads(figures.read_text())
    assert [line["beta"] for line in lines] == list(lesson.PRICES)
    sizes, errors = [line["bytes"] for line in lines], [-line["psnr_db"] for line in lines]
    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)
    with Image.open(sheets / "samples.webp") as sheet:
        assert sheet.size == (128 * lesson.CARS * len(lines), 128)


def test_a_missing_checkpoint_is_named(folder, tmp_path):
    missing = str(tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="nowhere: no such checkpoint"):
        lesson.main([missing, "--data", str(folder), "--sheets", str(tmp_path), "--figures", str(tmp_path / "json")])

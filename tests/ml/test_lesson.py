import json

import pytest
from PIL import Image

from ml import lesson


def test_there_is_a_sheet_and_a_line_for_each_checkpoint(folder, trained, tmp_path):
    lesson.main([str(trained / "checkpoint.pt"), "--data", str(folder), "--out", str(tmp_path)])
    (line,) = json.loads((tmp_path / "lesson.json").read_text())
    assert line["beta"] == 1
    assert line["epochs"] == 3
    assert line["bytes"] > 0
    assert line["psnr_db"] > 5
    with Image.open(tmp_path / line["sheet"]) as sheet:
        assert sheet.size == (128 * lesson.COLUMNS, 128 * 3)


def test_a_missing_checkpoint_is_named(folder, tmp_path):
    with pytest.raises(SystemExit, match="nowhere: no such checkpoint"):
        lesson.main([str(tmp_path / "nowhere"), "--data", str(folder), "--out", str(tmp_path)])

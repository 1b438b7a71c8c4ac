import json

import numpy as np
import pytest
from PIL import Image

from ml import evaluate
from ml.serving.runtime import load

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def held_out(tmp_path_factory):
    """Two kinds of pictures beside a manifest, made by the model."""
    from ml.serving.transforms import to_image

    root = tmp_path_factory.mktemp("cars")
    (root / "val").mkdir()
    lines = ["file,kind"]
    for number, x in enumerate(load().examples()[:4]):
        to_image(x).save(root / "val" / f"{number}.png")
        lines.append(f"val/{number}.png,{('studio', 'street')[number % 2]}")
    (root / "manifest.csv").write_text("\n".join(lines))
    (root / "val" / "broken.png").write_text("no picture")
    return root / "val"


def test_the_table_has_a_row_for_each_kind_and_depth(held_out, capsys):
    evaluate.main(["--data", str(held_out)])
    out, err = capsys.readouterr()
    rows = [line.split("|")[1:-1] for line in out.splitlines()[2:]]
    assert [(row[0].strip(), int(row[1])) for row in rows] == [
        (kind, depth) for kind in ("street (2)", "studio (2)", "all (4)") for depth in range(1, 6)
    ]
    assert "skipped broken.png" in err


def test_as_json_all_is_the_mean_of_the_kinds(held_out, capsys):
    evaluate.main(["--data", str(held_out), "--json"])
    found = json.loads(capsys.readouterr().out)
    for depth in range(5):
        both = [found[kind][depth]["psnr_db"] for kind in ("studio", "street")]
        assert found["all"][depth]["psnr_db"] == pytest.approx(np.mean(both))


def test_the_codecs_stand_beside_it_where_they_make_files_that_small(held_out, capsys):
    evaluate.main(["--data", str(held_out), "--codecs"])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert rows[0][-2:] == ["WEBP dB", "AVIF dB"]
    assert rows[2][-2:] == ["–", "–"]  # no file of twenty bytes
    assert 15 < float(rows[6][-2]) < 45


def test_it_draws_a_plot_and_a_sheet(held_out, tmp_path):
    evaluate.main(["--data", str(held_out), "--plot", str(tmp_path / "plot.svg"), "--sheet", str(tmp_path / "s.png")])
    assert "WEBP" in (tmp_path / "plot.svg").read_text()
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (4 * 132 + 4, 7 * 132 + 4)  # four pictures; original, five depths, WebP


def test_a_checkpoint_can_be_evaluated_before_it_is_exported(trained, folder, capsys):
    evaluate.main(["--data", str(folder), "--checkpoint", str(trained / "checkpoint.pt"), "--json"])
    assert len(json.loads(capsys.readouterr().out)["all"]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--data", "nowhere"], "not a folder"), (["--data", ".", "--checkpoint", "none.pt"], "no such checkpoint")],
)
def test_what_cannot_work_is_said_in_a_sentence(arguments, message):
    with pytest.raises(SystemExit, match=message):
        evaluate.main(arguments)

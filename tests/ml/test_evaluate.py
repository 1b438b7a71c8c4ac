import json
import shutil

import numpy as np
import pytest
from PIL import Image

from ml import data, evaluate
from ml.serving import coding
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


def test_the_table_has_a_row_for_each_kind_depth_and_price(held_out, capsys):
    evaluate.main(["--data", str(held_out)])
    out, err = capsys.readouterr()
    rows = [line.split("|")[1:-1] for line in out.splitlines()[2:]]
    at_one = [("1", str(depth)) for depth in range(1, 6)]
    elsewhere = [(price, "5") for price in ("0.1", "0.3", "3", "10", "30", "100", "300")]
    assert [tuple(cell.strip() for cell in row[:3]) for row in rows] == [
        (kind, *which) for kind in ("street (2)", "studio (2)", "all (4)") for which in at_one + elsewhere
    ]
    assert "skipped broken.png" in err


def test_as_json_all_is_the_mean_of_the_kinds(held_out, capsys):
    evaluate.main(["--data", str(held_out), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert [row["depth"] for row in found["all"]][:5] == [1, 2, 3, 4, 5]
    for depth in range(5):
        both = [found[kind][depth]["psnr_db"] for kind in ("studio", "street")]
        assert found["all"][depth]["psnr_db"] == pytest.approx(np.mean(both))


def test_the_codecs_stand_beside_it_where_they_make_files_that_small(held_out, capsys):
    evaluate.main(["--data", str(held_out), "--codecs"])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert rows[0][-3:] == ["WEBP dB", "AVIF dB", "JXL dB"]
    assert rows[2][-3:] == ["–", "–", "–"]  # no file of twenty bytes
    assert 15 < float(rows[6][-3]) < 45
    files = rows[rows.index([]) + 1 :]
    assert files[0][:6] == ["files", "price β", "bytes", "PSNR dB", "SSIM", "rate"]
    by_price = [row for row in files if row[0] == "all (4)"]
    assert [float(row[1]) for row in by_price] == list(coding.load().prices)
    sizes = [int(row[2]) for row in by_price]
    assert sizes == sorted(sizes, reverse=True)
    pictures = [Image.open(path) for path in sorted(held_out.glob("[0-9].png"))]
    written = [len(coding.load().encode(picture, 1, mirror=False)) for picture in pictures]
    (at_one,) = (row for row in by_price if row[1] == "1")
    assert float(at_one[2]) == pytest.approx(np.mean(written), abs=2)


def test_a_sample_of_the_posterior_is_further_off_than_its_mean_and_the_same_every_time(held_out, capsys):
    outputs = []
    for _ in range(2):
        evaluate.main(["--data", str(held_out), "--json"])
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    full = [row for row in json.loads(outputs[0])["all"] if row["depth"] == 5]
    assert all(row["sample_psnr_db"] < row["psnr_db"] - 0.02 for row in full)
    assert all(row["sample_bytes"] > row["bytes"] for row in full)


def test_a_sample_is_drawn_level_by_level_so_that_each_level_mends_what_those_above_it_drew(held_out):
    x, price, runtime = data.load(held_out).floats().numpy(), 10.0, load()
    noise = np.random.default_rng(0).standard_normal((len(x), sum(runtime.level_sizes)), dtype=np.float32)
    by_level, around_means = (
        runtime.decode(mean + np.exp(logvar / 2) * noise, None, price)
        for mean, logvar in (runtime.encode(x, price, noise), runtime.encode(x, price))
    )
    assert np.square(by_level - x).mean() < 0.8 * np.square(around_means - x).mean()


def test_it_draws_a_plot_and_a_sheet(held_out, tmp_path):
    two = shutil.copytree(held_out, tmp_path / "two", ignore=shutil.ignore_patterns("[23].png"))
    evaluate.main(["--data", str(two), "--plot", str(tmp_path / "plot.svg"), "--sheet", str(tmp_path / "s.png")])
    assert "WEBP" in (tmp_path / "plot.svg").read_text()
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (2 * 132 + 4, 7 * 132 + 4)  # two pictures; original, five depths, WebP


def test_a_checkpoint_can_be_evaluated_before_it_is_exported(trained, folder, capsys):
    evaluate.main(["--data", str(folder), "--checkpoint", str(trained / "checkpoint.pt"), "--json"])
    assert len(json.loads(capsys.readouterr().out)["all"]) == 2 + 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--data", "nowhere"], "not a folder"), (["--data", ".", "--checkpoint", "none.pt"], "no such checkpoint")],
)
def test_what_cannot_work_is_said_in_a_sentence(arguments, message):
    with pytest.raises(SystemExit, match=message):
        evaluate.main(arguments)

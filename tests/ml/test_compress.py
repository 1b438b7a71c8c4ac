"""python -m ml.compress and ml.decompress, for files and folders."""

import numpy as np
import pytest
from PIL import Image

from ml import compress, decompress
from ml.serving.metrics import psnr_db
from ml.serving.runtime import load
from ml.serving.transforms import to_array, to_image
from tests.cars import draw_car


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """A folder, and one below it, of three cars that the model made itself and a file that is no picture."""
    folder = tmp_path_factory.mktemp("photographs")
    (folder / "more").mkdir()
    cars = [to_image(x) for x in load().examples()[:3]]
    for picture, name in zip(cars, ("a.png", "b.webp", "more/a.png"), strict=True):
        picture.save(folder / name, lossless=True)
    (folder / "notes.txt").write_text("no picture")
    return folder


def psnr_of(one, other):
    return psnr_db(to_array(Image.open(one).convert("RGB"))[0], to_array(Image.open(other).convert("RGB"))[0])


def test_a_photograph_becomes_a_small_file_and_a_picture_again(photographs, tmp_path, capsys):
    file, picture = tmp_path / "car.vae", tmp_path / "car.png"
    compress.main([str(photographs / "a.png"), str(file)])
    size = file.stat().st_size
    assert size < 1200
    assert f"car.vae: {size} bytes" in capsys.readouterr().out
    decompress.main([str(file), str(picture)])
    assert "128 × 128 pixels" in capsys.readouterr().out
    assert psnr_of(picture, photographs / "a.png") > 24


def test_the_psnr_that_is_printed_is_that_of_the_picture(photographs, tmp_path, capsys):
    compress.main([str(photographs / "a.png"), str(tmp_path / "car.vae")])
    printed = float(capsys.readouterr().out.split(", ")[1].split(" dB")[0])
    decompress.main([str(tmp_path / "car.vae"), str(tmp_path / "car.png")])
    assert printed == pytest.approx(psnr_of(tmp_path / "car.png", photographs / "a.png"), abs=0.01)


def test_the_price_decides_the_size(photographs, tmp_path):
    for price in ("1", "30"):
        compress.main([str(photographs / "a.png"), str(tmp_path / price), "--price", price])
    assert (tmp_path / "30").stat().st_size < (tmp_path / "1").stat().st_size / 3


def test_a_folder_becomes_a_folder(photographs, tmp_path, capsys):
    compress.main([str(photographs), str(tmp_path / "files")])
    printed = capsys.readouterr().out
    assert "3 pictures" in printed
    assert "on average" in printed
    names = sorted(p.relative_to(tmp_path / "files").as_posix() for p in (tmp_path / "files").rglob("*") if p.is_file())
    assert names == ["a.vae", "b.vae", "more/a.vae"]
    decompress.main([str(tmp_path / "files"), str(tmp_path / "pictures")])
    pictures = sorted(p.relative_to(tmp_path / "pictures").as_posix() for p in (tmp_path / "pictures").rglob("*.png"))
    assert pictures == ["a.png", "b.png", "more/a.png"]
    assert psnr_of(tmp_path / "pictures" / "more" / "a.png", photographs / "more" / "a.png") > 24


def test_one_bad_file_does_not_stop_the_others(photographs, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.png").write_bytes(b"no picture")
    draw_car().save(tmp_path / "in" / "good.png")
    with pytest.raises(SystemExit, match="1 of 2 could not"):
        compress.main([str(tmp_path / "in"), str(tmp_path / "out")])
    assert "bad.png" in capsys.readouterr().err
    (tmp_path / "out" / "broken.vae").write_bytes((tmp_path / "out" / "good.vae").read_bytes()[:-1])
    with pytest.raises(SystemExit, match="1 of 2 could not"):
        decompress.main([str(tmp_path / "out"), str(tmp_path / "pictures")])
    assert "cut off or altered" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["good.png"]


def test_two_photographs_of_one_name_do_not_overwrite_each_other(tmp_path):
    draw_car().save(tmp_path / "car.png")
    draw_car().save(tmp_path / "car.jpg")
    with pytest.raises(SystemExit, match="would both become"):
        compress.main([str(tmp_path), str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [compress.main, decompress.main])
def test_a_folder_without_files_says_so(command, tmp_path):
    with pytest.raises(SystemExit, match="holds no file"):
        command([str(tmp_path), str(tmp_path / "out")])


@pytest.mark.parametrize("command", [compress.main, decompress.main])
def test_a_file_that_is_missing_says_so(command, tmp_path, capsys):
    with pytest.raises(SystemExit, match="1 of 1"):
        command([str(tmp_path / "none"), str(tmp_path / "out")])
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize("price", ["0", "-1", "nan"])
def test_a_price_that_means_nothing_is_refused(photographs, tmp_path, price):
    with pytest.raises(SystemExit, match="price"):
        compress.main([str(photographs / "a.png"), str(tmp_path / "car.vae"), f"--price={price}"])


def test_a_depth_that_there_is_not_is_refused(photographs, tmp_path, capsys):
    compress.main([str(photographs / "a.png"), str(tmp_path / "car.vae")])
    with pytest.raises(SystemExit, match="1 of 1"):
        decompress.main([str(tmp_path / "car.vae"), str(tmp_path / "car.png"), "--depth", "9"])
    assert "depth" in capsys.readouterr().err


def test_search_finds_a_better_file(photographs, tmp_path, capsys):
    """Better in what the search minimises: the picture's error and the file's size together."""
    costs = []
    for options in ([], ["--search", "30"]):
        compress.main([str(photographs / "a.png"), str(tmp_path / "car.vae"), *options])
        psnr = float(capsys.readouterr().out.split(", ")[1].split(" dB")[0])
        runtime = load()
        error = 10 ** (-psnr / 10) * 3 * 128**2 / (2 * runtime.info["variance"][-1])
        costs.append(error + 8 * np.log(2) * (tmp_path / "car.vae").stat().st_size)
    assert costs[1] < costs[0] - 20

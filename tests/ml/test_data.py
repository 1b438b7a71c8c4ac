import pytest
import torch
from PIL import Image

from ml import data
from tests.cars import draw_car


def test_a_folder_of_any_sizes_and_formats_becomes_one_tensor(folder):
    pictures = data.load(folder)
    assert pictures.tensor.shape == (20, 3, 128, 128)
    assert pictures.tensor.dtype == torch.uint8
    assert pictures.skipped == {}


def test_what_cannot_be_read_is_skipped_and_named(tmp_path):
    draw_car((64, 64)).save(tmp_path / "good.png")
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.png").write_bytes((tmp_path / "good.png").read_bytes()[:200])
    (tmp_path / "notes.txt").write_text("no picture, and does not say so")
    pictures = data.load(tmp_path)
    assert pictures.names == ["good.png"]
    assert set(pictures.skipped) == {"text.jpg", "empty.png", "cut.png"}


@pytest.mark.parametrize(
    "make", [lambda p: None, lambda p: p.mkdir(), lambda p: p.touch()], ids=["missing", "empty", "file"]
)
def test_a_folder_without_pictures_is_an_error(tmp_path, make):
    make(tmp_path / "cars")
    with pytest.raises(data.DataError, match="cars"):
        data.load(tmp_path / "cars")


def test_the_manifest_beside_a_folder_gives_each_picture_its_kind(tmp_path):
    (tmp_path / "val").mkdir()
    draw_car((64, 64)).save(tmp_path / "val" / "a.png")
    draw_car((64, 32)).save(tmp_path / "val" / "b.png")
    (tmp_path / "manifest.csv").write_text("file,kind\nval/a.png,studio\ntrain/b.png,street\n")
    assert data.load(tmp_path / "val").kinds == ["studio", ""]


def test_another_paint_and_another_scan_are_near_duplicates_and_another_car_is_not(tmp_path):
    draw_car((256, 256), (200, 60, 40)).save(tmp_path / "a-red.png")
    draw_car((256, 256), (40, 60, 200)).save(tmp_path / "b-blue.png")
    draw_car((256, 256), (200, 60, 40)).resize((150, 150)).save(tmp_path / "c-scan.jpg", quality=70)
    draw_car((256, 120), (200, 60, 40)).save(tmp_path / "d-other.png")
    assert data.near_duplicates(data.load(tmp_path)) == [[0, 1, 2], [3]]


def test_a_split_never_parts_near_duplicates(tmp_path):
    for number in range(8):
        for paint in ((200, 60, 40), (40, 60, 200)):
            draw_car((200, 60 + 20 * number), paint).save(tmp_path / f"{number}-{paint[0]}.png")
    training, validation = data.split(data.load(tmp_path), 0.25)
    assert len(training) + len(validation) == 16
    assert 1 <= len(validation) <= 4
    assert {name[0] for name in training.names} & {name[0] for name in validation.names} == set()


def test_a_split_of_copies_of_one_picture_is_an_error(tmp_path):
    for name in "abc":
        draw_car((64, 64)).save(tmp_path / f"{name}.png")
    with pytest.raises(data.DataError, match="1 clusters"):
        data.split(data.load(tmp_path), 0.3)


@pytest.mark.parametrize("share", [0, 1, -0.5])
def test_an_impossible_share_is_an_error(folder, share):
    with pytest.raises(data.DataError, match="between 0 and 1"):
        data.split(data.load(folder), share)


def test_pictures_are_recalled_by_name_and_checked_by_pixel(tmp_path):
    draw_car((64, 64)).save(tmp_path / "a.png")
    draw_car((64, 32)).save(tmp_path / "b.png")
    identity = data.load(tmp_path).subset([1]).identity()
    assert data.recall(identity).names == ["b.png"]
    Image.new("RGB", (64, 32)).save(tmp_path / "b.png")
    with pytest.raises(data.DataError, match="any more"):
        data.recall(identity)

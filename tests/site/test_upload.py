import numpy as np
import pytest
from PIL import Image

import ml.serving.runtime
from ml.serving.metrics import psnr_db
from ml.serving.transforms import to_array
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, upload


def test_it_redirects_to_the_cars_page(visitor):
    response = upload(visitor)
    car = Reconstruction.objects.get()
    assert (response.status_code, response.url) == (303, f"/cars/{car.slug}/")
    assert visitor.get(response.url).status_code == 200
    new = response.cookies["new_car"]
    assert (new["path"], new["max-age"]) == (response.url, 60)


def test_its_address_can_be_opened_again_after_a_refusal(visitor):
    assert upload(visitor, b"no picture").status_code == 422
    response = visitor.get("/upload/")
    assert (response.status_code, response.url) == (302, "/")
    assert visitor.put("/upload/").status_code == 405


def test_it_records_what_the_model_says(visitor):
    content = as_file(draw_car())
    upload(visitor, content)
    car = Reconstruction.objects.get()
    assert (car.width, car.height, car.upload_bytes) == (320, 200, len(content))
    assert car.model_version == ml.serving.runtime.load().version
    assert len(car.bytes_by_depth) == 5
    assert car.bytes_by_depth == sorted(car.bytes_by_depth)
    assert car.psnr_db > 12
    assert 0 <= car.typicality <= 1


def test_the_stored_reconstruction_is_as_good_as_the_row_says(car):
    with car.reconstruction.open() as file, Image.open(file) as picture:
        rebuilt, (left, top, right, bottom) = to_array(picture.convert("RGB"))
    photograph, _ = to_array(car.open_original())
    inside = (slice(None), slice(top, bottom), slice(left, right))
    assert psnr_db(rebuilt[inside], photograph[inside]) == pytest.approx(car.psnr_db, abs=0.3)


def test_it_keeps_the_photograph_as_a_plain_jpeg_without_metadata(visitor, stored_files):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    content = as_file(draw_car(), exif=exif, comment=b"secret comment", icc_profile=b"secret profile")
    upload(visitor, content + b"trailing secret")
    assert {path.suffix for path in stored_files()} == {".jpg", ".png"}
    assert not [path for path in stored_files() if b"ecret" in path.read_bytes()]


def test_it_scales_a_large_photograph_to_1600_pixels(visitor, upload_car):
    car = upload_car(visitor, as_file(draw_car((4000, 2000))))
    assert (car.width, car.height) == (1600, 800)
    assert car.open_original().size == (1600, 800)


def test_it_never_enlarges_a_small_one(visitor, upload_car):
    car = upload_car(visitor, as_file(draw_car((40, 30))))
    assert car.open_original().size == (40, 30)


def test_it_turns_the_photograph_upright(visitor, upload_car):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held a quarter turn to the left
    car = upload_car(visitor, as_file(draw_car().rotate(90, expand=True), exif=exif))
    assert car.open_original().size == (320, 200)
    difference = np.asarray(car.open_original(), float) - np.asarray(draw_car(), float)
    assert np.abs(difference).mean() < 3


def test_it_lays_transparency_on_white(visitor, upload_car):
    car = upload_car(visitor, as_file(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"))
    assert car.open_original().getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "MPO"])
def test_it_takes_every_promised_format(visitor, upload_car, format):
    assert upload_car(visitor, as_file(draw_car(), format)).psnr_db > 12


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("1", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("I;16", "PNG"),
        ("I", "TIFF"),
        ("F", "TIFF"),
        ("LAB", "TIFF"),
        ("P", "GIF"),
    ],
)
def test_it_takes_every_kind_of_pixel(visitor, upload_car, mode, format):
    picture = draw_car(mode="RGB")
    deep = {"I;16": np.uint16(257), "I": np.int32(257), "F": np.float32(1 / 255)}
    if mode in deep:
        picture = Image.fromarray(np.asarray(picture.convert("L")) * deep[mode])
    elif mode == "LAB":
        picture = Image.new("LAB", picture.size, (200, 128, 128))
    else:
        picture = picture.convert(mode)
    car = upload_car(visitor, as_file(picture, format))
    corner = car.open_original().getpixel((2, 2))
    assert all(channel > 150 for channel in corner)


def test_it_takes_the_first_picture_of_an_animation(visitor, upload_car):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("white", "black")]
    car = upload_car(visitor, as_file(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert car.open_original().getpixel((5, 5)) == (255, 255, 255)


def test_the_content_decides_and_not_the_name(visitor, upload_car):
    car = upload_car(visitor, as_file(draw_car(), "PNG"), name="../../evil.exe")
    assert car.original.name.startswith(f"cars/{car.slug}/")
    assert car.original.name.endswith(".jpg")


def test_an_unticked_box_keeps_the_car_private(visitor, upload_car):
    assert not upload_car(visitor, public=False).public
    assert upload_car(visitor, public=True).public


def test_a_car_waits_for_approval_where_the_gallery_requires_it(visitor, upload_car, settings):
    settings.GALLERY_REQUIRES_APPROVAL = True
    car = upload_car(visitor)
    assert (car.public, car.approved, car.in_gallery) == (True, False, False)


def test_the_visitor_is_remembered_for_a_year_by_a_cookie_that_scripts_cannot_read(visitor):
    cookie = upload(visitor).cookies["visitor"]
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_second_upload_is_by_the_same_visitor(visitor, upload_car):
    assert upload_car(visitor).visitor == upload_car(visitor).visitor


def test_a_tampered_cookie_makes_a_new_visitor(visitor, car, upload_car):
    visitor.cookies["visitor"] = visitor.cookies["visitor"].value.replace(car.visitor, "A" * 22)
    assert upload_car(visitor).visitor not in ("A" * 22, car.visitor)


def test_a_visitor_who_only_looks_gets_no_cookie(visitor):
    for address in ("/", "/gallery/", "/history/", "/how/"):
        assert "visitor" not in visitor.get(address).cookies

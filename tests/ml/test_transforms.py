from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from ml.serving.transforms import flatten, to_array, to_image
from tests.cars import draw_car


@pytest.mark.parametrize("size", [(64, 64), (128, 128), (640, 360), (90, 300), (16, 16), (1000, 12)])
def test_a_picture_comes_back_in_its_own_proportions(size):
    x, frame = to_array(draw_car(size))
    assert x.shape == (3, 128, 128)
    assert x.dtype == np.float32
    assert 0 <= x.min() <= x.max() <= 1
    back = to_image(x, frame)
    assert max(back.size) == 128
    assert min(back.size) == max(1, round(128 * min(size) / max(size)))


def test_a_128_pixel_picture_is_not_changed_at_all():
    picture = draw_car((128, 128))
    assert to_image(*to_array(picture)).tobytes() == picture.tobytes()


def test_the_bars_around_a_wide_picture_are_white():
    x, (left, top, right, bottom) = to_array(Image.new("RGB", (200, 100), "black"))
    assert (left, top, right, bottom) == (0, 32, 128, 96)
    assert (x[:, :top] == 1).all()
    assert (x[:, bottom:] == 1).all()
    assert (x[:, top:bottom] == 0).all()


def test_the_exif_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    file = BytesIO()
    draw_car((200, 100)).save(file, "JPEG", exif=exif)
    assert flatten(Image.open(file)).size == (100, 200)


def test_transparency_is_laid_on_white():
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert flatten(half).getpixel((0, 0)) == pytest.approx((127, 127, 127), abs=1)
    palette = Image.new("P", (4, 4), 0)
    palette.info["transparency"] = 0
    assert flatten(palette).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "dtype", "peak"), [("I;16", np.uint16, 65535), ("I", np.int32, 65535), ("F", np.float32, 1)]
)
def test_deep_grey_is_scaled_and_not_clipped(mode, dtype, peak):
    ramp = np.linspace(0, peak, 16 * 16).reshape(16, 16).astype(dtype)
    grey = np.asarray(flatten(Image.fromarray(ramp)))[..., 0]
    assert np.abs(grey - np.linspace(0, 255, 16 * 16).reshape(16, 16)).max() <= 1.5


def test_a_cmyk_picture_becomes_rgb():
    assert flatten(draw_car(mode="CMYK")).mode == "RGB"


def test_colours_mean_what_the_embedded_profile_says():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.new("RGB", (4, 4), (200, 60, 40))
    picture.info["icc_profile"] = srgb
    assert flatten(picture).getpixel((0, 0)) == pytest.approx((200, 60, 40), abs=1)
    # The same profile with its red and green primaries exchanged.
    picture.info["icc_profile"] = srgb.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")
    assert flatten(picture).getpixel((0, 0)) == pytest.approx((60, 200, 40), abs=2)
    for unusable in (lab, b"no profile"):
        picture.info["icc_profile"] = unusable
        assert flatten(picture).getpixel((0, 0)) == (200, 60, 40)

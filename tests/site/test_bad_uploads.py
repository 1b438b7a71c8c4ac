"""Bad uploads get a page that says in plain words what is wrong, and nothing is stored."""

import random
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image

from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, upload


def png_that_claims(width, height):
    """A PNG of a few bytes whose header promises a great many pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def assert_refused(response, words, status=422):
    assert response.status_code == status
    assert words in response.content.decode()
    assert not Reconstruction.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "This file is empty", id="empty"),
        pytest.param(b"Hello, I am a text file.", "not a picture", id="text"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not a picture", id="pdf"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a", id="svg"),
        pytest.param(as_file(draw_car(), "ICO"), "not a picture", id="ico"),
        pytest.param(as_file(draw_car(), "PPM"), "not a picture", id="ppm"),
        pytest.param(as_file(draw_car(), "PDF"), "not a picture", id="a pdf with a picture in it"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "not a picture", id="eps"),
        pytest.param(as_file(draw_car())[:700], "not a picture", id="truncated jpeg"),
        pytest.param(as_file(draw_car(), "PNG")[:300], "not a picture", id="truncated png"),
        pytest.param(as_file(draw_car(), "WEBP")[:300], "not a picture", id="truncated webp"),
        pytest.param(as_file(draw_car(), "AVIF")[:500], "not a picture", id="truncated avif"),
        pytest.param(as_file(draw_car(), "TIFF")[:500], "not a picture", id="truncated tiff"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "This is a HEIC photograph", id="heic"),
        pytest.param(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "This is a HEIC photograph", id="heic of another brand"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "not a picture", id="a png's first bytes"),
        pytest.param(png_that_claims(0, 0), "not a picture", id="no pixels"),
        pytest.param(png_that_claims(7000, 7000), "40 megapixels", id="49 megapixels"),
        pytest.param(png_that_claims(50000, 50000), "40 megapixels", id="2,500 megapixels"),
        pytest.param(as_file(Image.new("RGB", (15, 200))), "too small", id="15 pixels wide"),
        pytest.param(as_file(Image.new("RGB", (1, 1))), "too small", id="one pixel"),
        pytest.param(as_file(Image.new("RGB", (1700, 16))), "ten times", id="a stripe"),
    ],
)
def test_it_is_refused_in_plain_words(visitor, stored_files, content, words):
    assert_refused(upload(visitor, content), words)
    assert stored_files() == []


@pytest.mark.filterwarnings("ignore")
def test_the_cap_on_pixels_holds_where_warnings_are_silenced(visitor):
    assert_refused(upload(visitor, png_that_claims(7000, 7000)), "40 megapixels")


def test_a_missing_file_is_refused(visitor):
    assert_refused(visitor.post("/upload/", {"public": "on"}), "Choose a photograph")


def test_text_in_place_of_the_file_is_refused(visitor):
    assert_refused(visitor.post("/upload/", {"image": "car.jpg"}), "Choose a photograph")


def test_a_form_that_is_not_multipart_is_refused(visitor):
    response = visitor.post("/upload/", "image=car.jpg", content_type="application/x-www-form-urlencoded")
    assert_refused(response, "Choose a photograph")


def test_a_broken_multipart_body_is_a_400_page(visitor):
    response = visitor.post("/upload/", b"nonsense", content_type="multipart/form-data")
    assert response.status_code == 400
    assert b"<html" in response.content


def test_what_was_chosen_stays_chosen_after_a_mistake(visitor):
    assert upload(visitor, b"text", public=False).context["form"]["public"].value() is False


def test_a_file_over_the_limit_is_a_413_page_that_names_the_limit(visitor, settings):
    settings.MAX_UPLOAD_BYTES = 2 * 2**20
    assert_refused(upload(visitor, bytes(2 * 2**20 + 1)), "2", status=413)


def test_a_body_over_the_limit_is_a_413_page_before_it_is_parsed(visitor, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    assert_refused(upload(visitor, bytes(200_000)), "<html", status=413)


def test_a_body_over_the_limit_is_read_away_for_the_browser_to_see_the_page(settings):
    from carsite.middleware import upload_limit

    settings.MAX_UPLOAD_BYTES = 100_000
    request = RequestFactory().post("/upload/", {"image": SimpleUploadedFile("car.jpg", bytes(200_000))})
    assert upload_limit(lambda request: pytest.fail("reached the site"))(request).status_code == 413
    assert request.read() == b""


def test_a_length_that_is_no_number_does_no_harm(visitor):
    response = visitor.post("/upload/", {"public": "on"}, CONTENT_LENGTH="many")
    assert response.status_code in (400, 422)


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of what it forgives
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "MPO"])
def test_a_damaged_file_never_breaks_the_site(visitor, format):
    """Bytes changed at random with a fixed seed: each upload becomes a car or a form error, never a server error."""
    rng = random.Random(format)
    sound = as_file(draw_car((48, 32)), format)
    for _ in range(25):
        damaged = bytearray(sound)
        for _ in range(rng.randint(1, 12)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        assert upload(visitor, bytes(damaged)).status_code in (303, 422)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\x00\x00garbage",
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x63\x00\x00",
        b"Exif\x00\x00" + bytes(60_000),
    ],
)
def test_a_broken_exif_block_is_no_reason_to_refuse(visitor, upload_car, exif):
    assert upload_car(visitor, as_file(draw_car(), exif=exif)).width == 320


def test_a_broken_colour_profile_is_no_reason_to_refuse(visitor, upload_car):
    assert upload_car(visitor, as_file(draw_car(), icc_profile=b"not a profile")).width == 320

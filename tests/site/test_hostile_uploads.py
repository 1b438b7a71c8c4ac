"""Files made to attack the decoder are refused in plain words, and the next photograph is served as usual."""

import os
import signal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reconstruct import forms
from reconstruct.untrusted.decoder import Decoder
from reconstruct.untrusted.limits import Limits
from reconstruct.untrusted.parts import MAX_CHUNKS, MAX_SCANS, MAX_SEGMENTS, MAX_STRIPS
from tests import hostile
from tests.cars import as_file, draw_car, upload
from tests.site.test_bad_uploads import assert_refused

pytestmark = pytest.mark.slow

MB = 10**6


@pytest.fixture
def decoder_within(monkeypatch):
    """A function: from now on, pictures are decoded within these limits. Returns the decoder."""
    started = []

    def decoder_within(**limits):
        started.append(Decoder(Limits(**limits)))
        monkeypatch.setattr(forms, "decoder", started[-1])
        return started[-1]

    yield decoder_within
    for decoder in started:
        decoder.stop()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(hostile.jpeg_of_scans(MAX_SCANS + 1), id="a jpeg's scans"),
        pytest.param(hostile.jpeg_with_segments(0xE5, [b""] * MAX_SEGMENTS), id="a jpeg's segments"),
        pytest.param(hostile.png_with(hostile.chunk(b"abCd") * MAX_CHUNKS), id="a png's chunks"),
        pytest.param(hostile.jpeg_of_padding(100_000, as_file(draw_car())[2:]), id="a jpeg's padding"),
        pytest.param(hostile.tiff_of_strips(MAX_STRIPS + 1), id="a tiff's strips"),
        pytest.param(hostile.tiff_of_strips(MAX_STRIPS + 1, big=True), id="a big tiff's strips"),
        pytest.param(b"II\0*" + hostile.tiff_of_strips(MAX_STRIPS + 1)[4:], id="a misspelt tiff's strips"),
    ],
)
def test_a_file_of_too_many_parts_is_refused(visitor, stored_files, content):
    assert_refused(upload(visitor, content), "far more parts than a photograph has")
    assert stored_files() == []


def test_a_tiff_that_is_cut_off_is_no_picture(visitor):
    sound = as_file(draw_car(), "TIFF")
    for length in (2, 4, 8, len(sound) - 20):
        assert_refused(upload(visitor, sound[:length]), "not a picture")


def test_padding_alone_is_no_picture(visitor):
    assert_refused(upload(visitor, hostile.jpeg_of_padding(100_000)), "not a picture")


def test_a_jpeg_inside_a_tiff_may_have_no_more_scans_either(visitor):
    size = (320, 200)
    assert upload(visitor, hostile.tiff_around(hostile.jpeg_of_scans(10, size), size)).status_code == 303
    refused = upload(visitor, hostile.tiff_around(hostile.jpeg_of_scans(400, size), size))
    assert refused.status_code == 422
    assert "damaged" in refused.content.decode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(hostile.jpeg_of_scans(MAX_SCANS), id="a jpeg's scans"),
        pytest.param(hostile.jpeg_with_segments(0xE2, [b"\xff\xda" * 20_000] * 9), id="a profile with scans"),
        pytest.param(as_file(draw_car()) + b"\xff\xda" * 20_000, id="scans after the end"),
        pytest.param(hostile.png_with(hostile.chunk(b"abCd") * (MAX_CHUNKS - 100)), id="a png's chunks"),
        pytest.param(hostile.jpeg_of_padding(1000, as_file(draw_car())[2:]), id="a jpeg's padding"),
        pytest.param(hostile.tiff_of_strips(MAX_STRIPS), id="a tiff's strips"),
        pytest.param(hostile.tiff_of_strips(MAX_STRIPS, big=True), id="a big tiff's strips"),
    ],
)
def test_as_many_parts_as_are_allowed_are_no_reason_to_refuse(visitor, upload_car, content):
    assert upload_car(visitor, content).width == 320


def test_bad_tags_by_the_thousand_are_no_lines_of_the_log(visitor, upload_car, capfd):
    upload_car(visitor, hostile.png_with(hostile.chunk(b"eXIf", hostile.exif_of_bad_tags(65_535))))
    assert len(capfd.readouterr().err.splitlines()) < 20


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_served(visitor, upload_car, decoder_within):
    decoder_within(cpu_s=1)
    assert_refused(upload(visitor, hostile.gif_of_comments(9_000_000)), "takes too long to open")
    assert upload_car(visitor).width == 320


def test_a_file_that_only_waits_is_refused_as_well(visitor, decoder_within):
    decoder_within(cpu_s=60, wall_s=1)
    assert_refused(upload(visitor, hostile.gif_of_comments(9_000_000)), "takes too long to open")


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_is_served(visitor, upload_car, decoder_within):
    decoder_within(memory_bytes=250 * MB)
    assert_refused(upload(visitor, hostile.png_of_zeros((6300, 6300))), "too much memory")
    assert upload_car(visitor).width == 320


def test_forty_megapixels_leave_nothing_behind_in_the_site(visitor, upload_car):
    def peak_bytes():
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    upload_car(visitor)
    content = hostile.png_of_zeros((6300, 6300))
    Path("/proc/self/clear_refs").write_text("5")  # the peak is what there is now
    before = peak_bytes()
    assert upload_car(visitor, content).width == 1600
    assert peak_bytes() - before < 6300 * 6300


def test_programs_are_told_the_same(visitor):
    response = visitor.post("/api/v1/cars", {"image": SimpleUploadedFile("car.jpg", hostile.jpeg_of_scans(400))})
    assert response.status_code == 422
    assert "far more parts" in response.json()["detail"]


def test_a_decoder_that_was_killed_is_started_again(visitor, upload_car, decoder_within):
    decoder = decoder_within()
    upload_car(visitor)
    os.kill(decoder.process.pid, signal.SIGKILL)
    decoder.process.wait()
    assert upload_car(visitor).width == 320


def test_the_decoder_knows_no_secrets(visitor, upload_car, decoder_within, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for pictures")
    decoder = decoder_within()
    upload_car(visitor)
    environment = Path(f"/proc/{decoder.process.pid}/environ").read_text()
    assert "PYTHONPATH=" in environment
    assert "not for pictures" not in environment


def test_the_decoder_ends_with_the_site(visitor, upload_car, decoder_within):
    decoder = decoder_within()
    upload_car(visitor)
    decoder.stop()
    assert decoder.process.returncode == 0

"""Files of cars: what is written is read again, and what is no file is told apart. See docs/format.md."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageOps

from ml.serving import coding
from ml.serving.coding import CodingError, container, rangecoder
from ml.serving.coding.container import Header
from ml.serving.metrics import psnr_db
from ml.serving.runtime import load as load_runtime
from ml.serving.transforms import to_array, to_image
from tests.cars import draw_car
from tests.ml.coders import small_tables

VECTORS = Path(__file__).with_name("coding_vectors.json")
few = settings(max_examples=30, deadline=None)


@pytest.fixture(scope="module")
def coder():
    return coding.load()


@pytest.fixture(scope="module")
def cars():
    return [to_image(x) for x in load_runtime().examples()]


@pytest.fixture(scope="module")
def file(coder, cars):
    return coder.encode(cars[0])


@st.composite
def cumulative(draw):
    """A table of cumulative frequencies, some of them as small as they can be."""
    cuts = draw(st.sets(st.integers(1, rangecoder.TOTAL - 1), min_size=1, max_size=40))
    return [0, *sorted(cuts), rangecoder.TOTAL]


@few
@given(st.data())
def test_the_range_coder_gives_back_any_numbers_by_any_tables(data):
    tables = data.draw(st.lists(cumulative(), max_size=30))
    largest = [len(table) - 2 + 2**rangecoder.GAMMA_BITS - 2 for table in tables]
    numbers = [data.draw(st.integers(-most, most) | st.integers(-3, 3)) for most in largest]
    encoder = rangecoder.Encoder()
    encoder.write(numbers, tables)
    assert rangecoder.Decoder(encoder.finish()).read(tables) == numbers


def test_the_range_coder_comes_within_two_bytes_of_the_entropy():
    random = np.random.default_rng(0)
    frequencies = np.array([20000, 8000, 3000, 1500, 267, 1])
    numbers = random.choice(5, 20000, p=frequencies[:5] / frequencies[:5].sum()).tolist()
    table = [0, *np.cumsum(frequencies).tolist()]
    encoder = rangecoder.Encoder()
    encoder.write(numbers, [table] * len(numbers))
    bits = sum(-np.log2(frequencies[number] / rangecoder.TOTAL) + (number > 0) for number in numbers)
    assert bits / 8 <= len(encoder.finish()) < bits / 8 * 1.0005 + 2


def test_a_number_that_is_too_large_is_refused_and_not_written_wrongly():
    with pytest.raises(CodingError, match="too large"):
        rangecoder.Encoder().write([5000], [[0, 1, rangecoder.TOTAL]])


@few
@given(st.integers(0, 2**32), st.floats(0.01, 40), st.integers(0, 5))
def test_any_code_comes_back(seed, spread, kind):
    tables = small_tables(kind)
    code = np.rint(np.random.default_rng(seed).laplace(0, spread, 163)).astype(np.int64)
    assert (tables.read(tables.write(code)) == code).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 1), st.data())
def test_any_code_of_the_served_model_comes_back_at_any_price(coder, seed, spread, data):
    number = data.draw(st.integers(0, len(coder.prices) - 1))
    code = np.rint(np.random.default_rng(seed).laplace(0, spread, sum(coder.runtime.level_sizes))).astype(np.int64)
    car = coder.decode(coder.pack(code, number, (0, 24, 128, 104), mirrored=True))
    assert (car.code == coder.tables[number].dequantised(code)).all()
    assert (car.price, car.width, car.height, car.mirrored) == (coder.prices[number], 128, 80, True)


@settings(deadline=None)
@given(st.integers(0, 2**16 - 1), st.integers(0, 31), st.integers(1, 128), st.booleans(), st.booleans(), st.binary())
def test_a_header_comes_back(model, price, shorter, upright, mirrored, payload):
    width, height = (shorter, 128) if upright else (128, shorter)
    header = Header(model, price, width, height, mirrored)
    data = container.pack(header, payload)
    assert len(data) - len(payload) == container.HEADER_BYTES <= 10
    assert container.unpack(data) == (header, payload)


def test_a_file_that_would_be_too_long_is_not_written():
    with pytest.raises(CodingError, match="higher price"):
        container.pack(Header(0, 0, 128, 80, False), bytes(container.MAX_BYTES))


def test_a_car_comes_back(coder, cars):
    for picture in cars[:4]:
        data = coder.encode(picture)
        assert len(data) < 1500
        drawn = coder.draw(coder.decode(data))
        assert psnr_db(to_array(drawn)[0], to_array(picture)[0]) > 24


def test_a_higher_price_makes_a_shorter_file(coder, cars):
    sizes = [len(coder.encode(cars[0], price, mirror=False)) for price in (0.1, 1, 10, 100)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 2 * sizes[2] > 4 * sizes[3]


def test_the_nearest_price_is_taken(coder, cars):
    assert coder.decode(coder.encode(cars[0], 1.04)).price == 1
    for price in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="price"):
            coder.encode(cars[0], price)


@pytest.mark.parametrize("size", [(64, 64), (300, 100), (50, 400), (1000, 3), (320, 200)])
def test_a_photograph_keeps_its_proportions(coder, size):
    photograph = draw_car(size)
    _, (left, top, right, bottom) = to_array(photograph)
    assert coder.draw(coder.decode(coder.encode(photograph))).size == (right - left, bottom - top)


def test_a_car_that_faces_right_is_coded_in_a_mirror_and_turned_back(coder, cars):
    left, right = (coder.decode(coder.encode(picture)) for picture in (cars[0], ImageOps.mirror(cars[0])))
    assert not left.mirrored
    assert right.mirrored
    assert ImageOps.mirror(coder.draw(right)).tobytes() == coder.draw(left).tobytes()


def test_noise_is_written_and_read_as_well(coder):
    noise = to_image(np.random.default_rng(0).random((3, 128, 128), np.float32))
    for price in (coder.prices[0], 1):
        assert len(coder.encode(noise, price, mirror=False)) < container.MAX_BYTES


def test_a_file_that_is_cut_off_is_refused_at_any_length(coder, file):
    for length in range(len(file)):
        with pytest.raises(CodingError):
            coder.decode(file[:length])


def test_a_file_with_a_bit_changed_is_refused(coder, file):
    for place in range(0, 8 * len(file), 7):
        altered = bytearray(file)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(CodingError):
            coder.decode(bytes(altered))


@settings(deadline=None)
@given(st.binary(max_size=2000) | st.binary(max_size=200).map(lambda data: bytes([container.MAGIC]) + data))
def test_bytes_that_are_no_file_are_refused(coder, data):
    with pytest.raises(CodingError):
        coder.decode(data)


@few
@given(st.binary(max_size=3000), st.integers(0, 31))
def test_a_payload_without_meaning_under_a_good_checksum_does_no_harm(coder, payload, price):
    data = container.pack(Header(coder.model, price, 128, 80, False), payload)
    try:
        car = coder.decode(data)
    except CodingError:
        return
    assert np.isfinite(car.code).all()
    assert car.code.shape == (sum(coder.runtime.level_sizes),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not the file of a car"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "not the file of a car"),
        (bytes([container.MAGIC, 64, 0]), "cut off"),
        (bytes([container.MAGIC]) * 9000, "longer"),
        (bytes([container.MAGIC, 2 << 6]) + bytes(20), "version 2"),
        (bytes([container.MAGIC, 1 << 6]) + bytes(20), "damaged"),
    ],
)
def test_an_error_says_what_is_wrong(coder, data, words):
    with pytest.raises(CodingError, match=words):
        coder.decode(data)


def test_a_file_of_another_model_says_so(coder):
    data = container.pack(Header(coder.model ^ 1, 0, 128, 80, False), b"")
    with pytest.raises(CodingError, match="another model"):
        coder.decode(data)


def test_a_price_that_the_model_does_not_have_says_so(coder):
    data = container.pack(Header(coder.model, 31, 128, 80, False), b"")
    with pytest.raises(CodingError, match="price"):
        coder.decode(data)


def test_the_vectors_are_written_and_read_as_they_stand():
    """The same bytes in every version of Python, and in the browser: the vectors hold all that they depend on."""
    stored = json.loads(VECTORS.read_text())
    tables = small_tables()
    assert [level.tolist() for level in tables.weights] == stored["weights"]
    assert tables.frequencies.tolist() == stored["frequencies"]
    assert tables.thresholds.tolist() == stored["thresholds"]
    assert len(stored["vectors"]) >= 6
    for vector in stored["vectors"]:
        code, payload = np.array(vector["code"]), bytes.fromhex(vector["payload"])
        assert tables.write(code) == payload
        assert tables.read(payload).tolist() == vector["code"]
        header = Header(**vector["header"])
        assert container.pack(header, payload).hex() == vector["file"]
        assert container.unpack(bytes.fromhex(vector["file"])) == (header, payload)
        assert dataclasses.asdict(header) == vector["header"]

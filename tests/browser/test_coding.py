"""The browser reads a car's file to the very numbers that Python reads, and refuses what is none: docs/format.md."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from ml.serving import coding
from ml.serving.coding import container
from ml.serving.coding.container import Header
from ml.serving.transforms import to_image
from reconstruct.addresses import versioned

VECTORS = json.loads((Path(__file__).parents[1] / "ml" / "coding_vectors.json").read_text())
READ_VECTORS = """async ({ grids, weights, thresholds, frequencies, vectors }) => {
  const { unpack } = await import("coding/container");
  const { Tables } = await import("coding/tables");
  const levels = weights.map((level) => Int16Array.from(level.flat(2)));
  const rows = Uint16Array.from(frequencies.flat(2));
  const tables = new Tables(grids, Float32Array.of(1, 1, 1), levels, Int32Array.from(thresholds), rows);
  return vectors.map(({ file }) => {
    const { header, payload } = unpack(Uint8Array.fromHex(file));
    return { header, code: tables.read(payload).flatMap((level) => [...level]) };
  });
}"""
READ_FILES = """async ([kind, address, files]) => {
  const { Coder } = await import("coding/coder");
  const { arraysAt } = await import("coding/npz");
  const coder = new Coder(kind, await arraysAt(address));
  return files.map((file) => {
    try {
      const { code, ...car } = coder.decode(Uint8Array.fromHex(file));
      return { ...car, code: new Uint8Array(code.buffer).toHex() };
    } catch (error) {
      return error.constructor.name + ": " + error.message;
    }
  });
}"""


@pytest.fixture(scope="module")
def coder():
    return coding.load()


@pytest.fixture(scope="module")
def files(coder):
    """A car at every price that there are tables for, and noise, whose numbers are large."""
    car = to_image(coder.runtime.examples()[0]).crop((0, 24, 128, 104))
    noise = to_image(np.random.default_rng(0).random((3, 128, 128), np.float32))
    return [coder.encode(car, price, mirror=price > 5) for price in coder.prices] + [coder.encode(noise, 0.1, False)]


@pytest.fixture(scope="module")
def hostile(coder, files):
    """What is no file of this model's: cut off, altered, another's, random; and what only looks like one."""
    file, random = files[4], np.random.default_rng(0)
    cut_off = [file[:length] for length in (0, 1, 6, 7, len(file) - 1)]
    altered = [file[:place] + bytes([file[place] ^ 4]) + file[place + 1 :] for place in range(0, len(file), 99)]
    another = [container.pack(Header(coder.model ^ 1, 0, 128, 80, False), b"")]
    unknown = [container.pack(Header(coder.model, 31, 128, 80, False), b"")]
    noise = [random.bytes(length) for length in (3, 300, 9000)]
    started = [
        bytes([container.MAGIC, version << 6]) + random.bytes(9000 * long) for version in (1, 2) for long in (0, 1)
    ]
    meaningless = [
        container.pack(Header(coder.model, price, 128, 80, False), random.bytes(2000))
        for price in range(len(coder.prices))
    ]
    return cut_off + altered + another + unknown + noise + started + meaningless


def words_of(coder, data):
    """What Python says of a file, as READ_FILES gives it."""
    try:
        car = coder.decode(data)
    except coding.CodingError as error:
        return f"CodingError: {error}"
    picture = {"price": car.price, "width": car.width, "height": car.height, "mirrored": car.mirrored}
    return picture | {"code": car.code.tobytes().hex()}


@pytest.mark.django_db
def test_a_browser_reads_files_as_python_does(open_page, coder, files, hostile):
    page = open_page("/code/")
    read = page.evaluate(READ_VECTORS, VECTORS)
    assert read == [{"header": vector["header"], "code": vector["code"]} for vector in VECTORS["vectors"]]

    grids = [dataclasses.asdict(grid) for grid in coder.runtime.grids]
    kind, address = {"model": coder.model, "grids": grids}, versioned("tables", version=coder.runtime.version)
    contents = files + hostile
    words = page.evaluate(READ_FILES, [kind, address, [content.hex() for content in contents]])
    assert words == [words_of(coder, content) for content in contents]
    refused = [text for text in words if isinstance(text, str)]
    assert len(refused) >= len(hostile) - len(coder.prices)

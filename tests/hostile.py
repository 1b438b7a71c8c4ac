"""Files made to attack a decoder: each is small, or quick to send, and takes long to decode."""

import re
import struct
import zlib
from io import BytesIO

from PIL import Image

from tests.cars import as_file, draw_car


def jpeg_of_scans(count, size=(320, 200)):
    """A grey progressive JPEG with so many scans, of which all but a few are the same and empty."""
    sound = as_file(Image.new("L", size, 128), "JPEG", progressive=True)
    starts = [found.start() for found in re.finditer(rb"\xff\xda", sound)]
    first, second = sound[: starts[1]], sound[starts[1] :]
    scan = second[: second.index(b"\xff\xc4")]
    return first + scan * (count - len(starts) + 1) + second[len(scan) :]


def jpeg_with_segments(kind, contents):
    """A sound JPEG, with application segments of this kind before all others."""
    segments = b"".join(struct.pack(">BBH", 0xFF, kind, len(content) + 2) + content for content in contents)
    sound = as_file(draw_car())
    return sound[:2] + segments + sound[2:]


def tiff_around(jpeg, size):
    """A grey TIFF whose only strip is this JPEG."""
    width, height = size
    tags = {256: width, 257: height, 258: 8, 259: 7, 262: 1, 273: 8, 277: 1, 278: height, 279: len(jpeg)}
    strip = jpeg + bytes(len(jpeg) % 2)
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, number) for tag, number in tags.items())
    header = struct.pack("<2sHI", b"II", 42, 8 + len(strip))
    return header + strip + struct.pack("<H", len(tags)) + directory + bytes(4)


def tiff_of_strips(count, *, big=False):
    """A grey TIFF, or BigTIFF, with so many strips, of which a picture of 320 by 200 pixels needs 200."""
    word, number = ("Q", "Q") if big else ("I", "H")
    header = struct.pack("<2sHHH", b"II", 43, 8, 0) if big else struct.pack("<2sH", b"II", 42)
    places = bytes(struct.calcsize(f"<{count}{word}"))
    data_at = len(header) + struct.calcsize(f"<{word}")
    tags = {256: (1, 320), 257: (1, 200), 258: (1, 8), 259: (1, 1), 262: (1, 1), 273: (count, data_at), 277: (1, 1)}
    tags |= {278: (1, 1), 279: (count, data_at)}
    kind = 16 if big else 4
    directory = b"".join(struct.pack(f"<HH{word}{word}", tag, kind, *value) for tag, value in tags.items())
    return (
        header
        + struct.pack(f"<{word}", data_at + len(places))
        + places
        + struct.pack(f"<{number}", len(tags))
        + directory
        + bytes(8)
    )


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(chunks):
    """A sound PNG, with these chunks after its header."""
    sound = as_file(draw_car(), "PNG")
    return sound[:33] + chunks + sound[33:]


def exif_of_bad_tags(count):
    """An EXIF block of texts that lie far behind its end."""
    tags = b"".join(struct.pack("<HHII", number, 2, 1000, 0xFFFFFF00) for number in range(count))
    return struct.pack("<2sHIH", b"II", 42, 8, count) + tags + bytes(4)


def jpeg_of_padding(count, rest=b""):
    """The beginning of a JPEG, and padding, which Pillow reads a byte at a time: four seconds for 18 million."""
    return b"\xff\xd8" + b"\xff" * count + rest


def gif_of_comments(count):
    """A GIF whose comment comes in blocks of a byte: two seconds for nine million."""
    sound = as_file(draw_car(), "GIF")
    picture = 13 + 3 * 2 ** ((sound[10] & 0b111) + 1)  # behind the header and the palette
    return sound[:picture] + b"\x21\xfe" + b"\x01a" * count + b"\x00" + sound[picture:]


def png_of_zeros(size):
    """A picture that is far larger in memory than in its file."""
    file = BytesIO()
    Image.new("RGB", size).save(file, "PNG", compress_level=1)
    return file.getvalue()

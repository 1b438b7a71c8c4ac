"""How many parts a file has: a few bytes each, of which a decoder takes milliseconds to read every one."""

import contextlib
import re
import struct

from reconstruct.untrusted.limits import Reason, RefusedError

# A progressive JPEG has about ten scans, and each takes as long as a pass over all its pixels.
MAX_SCANS = 100
# Cameras write about thirty segments; a large colour profile or XMP adds one for each 64 KB.
MAX_SEGMENTS = 2_000
# In front of the first scan, where Pillow reads padding a byte at a time.
MAX_PADDING_BYTES = 2**16
# Encoders write a chunk for every 8 KB or more.
MAX_CHUNKS = 20_000
# One for each row of the longest picture, at most.
MAX_STRIPS = 20_000

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
TIFF = {b"II": "<", b"MM": ">"}  # and the order of bytes
BIG = 43  # BigTIFF, which writes a place in eight bytes instead of four: where Pillow looks for it, and nowhere else
STRIPS_AND_TILES = {273, 324}  # the tags that say where each of them begins

# What follows 0xFF in a scan's own data is zero, a restart marker or padding: ITU-T T.81, B.1.1.
MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
WITHOUT_LENGTH = {0x01, 0xD8}
START_OF_SCAN = 0xDA
END_OF_IMAGE = 0xD9


def check(content: bytes) -> None:
    """Raises RefusedError for more parts than a photograph has. Formats other than these are not looked at."""
    if content.startswith(JPEG):
        check_jpeg(content)
    elif content.startswith(PNG):
        check_png(content)
    elif content[:2] in TIFF:
        with contextlib.suppress(struct.error, IndexError):  # it is cut off, and whoever decodes it says so
            check_tiff(content)


def check_jpeg(content: bytes) -> None:
    """Walks from marker to marker: thumbnails and colour profiles hold the same bytes and are stepped over."""
    position = segments = scans = 0
    while found := MARKER.search(content, position):
        padding = found.start() - position
        kind, position = found[1][0], found.end()
        if kind == END_OF_IMAGE:
            return
        segments += 1
        scans += kind == START_OF_SCAN
        if scans > MAX_SCANS or segments > MAX_SEGMENTS or (not scans and padding > MAX_PADDING_BYTES):
            raise RefusedError(Reason.TOO_MANY_PARTS, f"{scans} scans in {segments} segments, {padding} bytes between")
        if kind not in WITHOUT_LENGTH:
            position += int.from_bytes(content[position : position + 2], "big")
    if not scans:
        raise RefusedError(Reason.NOT_A_PICTURE, "a JPEG without a scan")


def check_png(content: bytes) -> None:
    """Walks from chunk to chunk: length, kind, content, checksum."""
    position = len(PNG)
    for _ in range(MAX_CHUNKS):
        if position + 8 > len(content):
            return
        length, kind = struct.unpack_from(">I4s", content, position)
        if kind == b"IEND":
            return
        position += 12 + length
    raise RefusedError(Reason.TOO_MANY_PARTS, f"more than {MAX_CHUNKS} chunks")


def check_tiff(content: bytes) -> None:
    """Walks through the first picture's directory: its length, and in each entry a tag, a type, a count and a value.

    Raises struct.error or IndexError where that is not all there.
    """
    order, word = TIFF[content[:2]], "Q" if content[2] == BIG else "I"
    length, head = struct.Struct(order + ("H" if word == "I" else "Q")), struct.Struct(f"{order}HH{word}")
    place = struct.Struct(order + word)
    (start,) = place.unpack_from(content, place.size)
    (entries,) = length.unpack_from(content, start)
    for number in range(entries):
        tag, _, count = head.unpack_from(content, start + length.size + number * (head.size + place.size))
        if tag in STRIPS_AND_TILES and count > MAX_STRIPS:
            raise RefusedError(Reason.TOO_MANY_PARTS, f"{count} strips or tiles")

"""The file around a code: seven bytes that say what it is, and the payload. docs/format.md has it byte by byte."""

from __future__ import annotations

import binascii
import dataclasses

from ml.serving.coding.errors import CodingError

MAGIC = 0xCA
VERSION = 1
HEADER_BYTES = 7
MAX_BYTES = 8192  # far above what any picture takes, and little enough that a hostile file is read at once
SIDE = 128


@dataclasses.dataclass(frozen=True)
class Header:
    """`model` and `price` are numbers that only mean something to the model's coder; width and height are pixels.

    The longer side of the picture is SIDE. `mirrored`: the code is that of the picture in a mirror.
    """

    model: int
    price: int
    width: int
    height: int
    mirrored: bool


def pack(header: Header, payload: bytes) -> bytes:
    """The file. Raises CodingError when it would be longer than any reader accepts."""
    start = bytes([MAGIC, VERSION << 6 | header.mirrored << 5 | header.price])
    start += header.model.to_bytes(2, "big") + bytes([128 + header.width - header.height])
    data = start + _checksum(start, payload) + payload
    if len(data) > MAX_BYTES:
        raise CodingError(f"the picture takes {len(data)} bytes, more than {MAX_BYTES}: choose a higher price")
    return data


def unpack(data: bytes) -> tuple[Header, bytes]:
    """The header and the payload of a file. Raises CodingError when it is no file, not whole or not unchanged."""
    if not data or data[0] != MAGIC:
        raise CodingError("this is not the file of a car: it does not start as one")
    if len(data) < HEADER_BYTES:
        raise CodingError("the file is cut off: not even its header is whole")
    if len(data) > MAX_BYTES:
        raise CodingError(f"the file is longer than a car can be ({MAX_BYTES} bytes)")
    if data[1] >> 6 != VERSION:
        raise CodingError(f"the file is of version {data[1] >> 6} of the format; this is a reader of version {VERSION}")
    start, checksum, payload = data[:5], data[5:HEADER_BYTES], data[HEADER_BYTES:]
    if checksum != _checksum(start, payload):
        raise CodingError("the file is damaged: it was cut off or altered")
    wider = data[4] - 128  # by how many pixels than high
    if wider == -SIDE:
        raise CodingError("the file is damaged: it says nothing of the picture's proportions")
    header = Header(
        model=int.from_bytes(data[2:4], "big"),
        price=data[1] & 31,
        width=SIDE + min(wider, 0),
        height=SIDE - max(wider, 0),
        mirrored=bool(data[1] >> 5 & 1),
    )
    return header, payload


def _checksum(start: bytes, payload: bytes) -> bytes:
    """CRC-16/XMODEM of everything but the checksum itself."""
    return binascii.crc_hqx(start + payload, 0).to_bytes(2, "big")

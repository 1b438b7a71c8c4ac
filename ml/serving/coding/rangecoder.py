"""Numbers ⇄ bytes by the tables that the contexts choose: 32-bit integers only, the same in every language.

A range coder (Martin 1979) with carry as in LZMA. Tables are cumulative frequencies that add up to 2**15. A number is
its magnitude by table, then a bit for its sign; magnitudes from ESCAPE on share a symbol, and an Elias gamma code says
which. Bytes of zero at the end are not written: the decoder reads zeros beyond the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ml.serving.coding.errors import CodingError

BITS = 15  # a table's frequencies add up to 2**BITS
TOTAL = 1 << BITS
TOP = 1 << 24  # below this the range gives a byte away
MASK = 0xFFFFFFFF
GAMMA_BITS = 12  # of the largest escaped magnitude

Table = Sequence[int]  # where each symbol's share of 0..TOTAL starts, and TOTAL


class Encoder:
    def __init__(self) -> None:
        self._low, self._range = 0, MASK
        self._pending, self._ones = -1, 0  # the last byte, and how many 255s follow it, that a carry may still change
        self._out = bytearray()

    def write(self, numbers: Sequence[int], tables: Sequence[Table]) -> None:
        for number, table in zip(numbers, tables, strict=True):
            magnitude, escape = abs(number), len(table) - 2
            symbol = min(magnitude, escape)
            self._narrow(table[symbol], table[symbol + 1] - table[symbol], BITS)
            if symbol == escape:
                self._write_gamma(magnitude - escape + 1)
            if magnitude:
                self._narrow(int(number < 0), 1, 1)

    def finish(self) -> bytes:
        """All that was written, in as few bytes as name a value inside the last range."""
        for kept in range(1, 5):
            mask = (1 << (32 - 8 * kept)) - 1
            value = (self._low + mask) & ~mask
            if value < self._low + self._range:
                self._low = value
                break
        for _ in range(5):
            self._shift()
        return bytes(self._out).rstrip(b"\0")

    def _write_gamma(self, value: int) -> None:
        length = value.bit_length()
        if length > GAMMA_BITS:
            raise CodingError("a number of the code is too large to be written")
        for bit in [1] * (length - 1) + [0] + [value >> place & 1 for place in reversed(range(length - 1))]:
            self._narrow(bit, 1, 1)

    def _narrow(self, start: int, size: int, bits: int) -> None:
        share = self._range >> bits
        self._low += share * start
        self._range = share * size
        while self._range < TOP:
            self._range <<= 8
            self._shift()

    def _shift(self) -> None:
        carry, byte = self._low >> 32, self._low >> 24 & 255
        if byte == 255 and not carry:
            self._ones += 1
        else:
            if self._pending >= 0:
                self._out.append(self._pending + carry & 255)
            self._out += bytes([255 + carry & 255]) * self._ones
            self._pending, self._ones = byte, 0
        self._low = self._low << 8 & MASK


class Decoder:
    """Reads what Encoder wrote; from other bytes, numbers without meaning. No input makes it run on."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 4
        self._code, self._range = int.from_bytes(data[:4].ljust(4, b"\0"), "big"), MASK

    def read(self, tables: Sequence[Table]) -> list[int]:
        """As many numbers as tables. Raises CodingError for a magnitude that no encoder writes."""
        numbers = []
        code, span = self._code, self._range
        data, place, end = self._data, self._place, len(self._data)
        # Written out here and not in a call for each symbol: thousands of symbols make a car.
        for table in tables:
            share = span >> BITS
            target = code // share
            if target < table[1]:
                span = share * table[1]
                number = 0
            else:
                number = bisect_right(table, target if target < TOTAL else TOTAL - 1) - 1
                start = table[number]
                code -= share * start
                span = share * (table[number + 1] - start)
            while span < TOP:
                span <<= 8
                code = (code << 8 | (data[place] if place < end else 0)) & MASK
                place += 1
            if number:
                self._code, self._range, self._place = code, span, place
                if number == len(table) - 2:
                    number += self._read_gamma() - 1
                if self._bit():
                    number = -number
                code, span, place = self._code, self._range, self._place
            numbers.append(number)
        self._code, self._range, self._place = code, span, place
        return numbers

    def _read_gamma(self) -> int:
        length = 1
        while self._bit():
            length += 1
            if length > GAMMA_BITS:
                raise CodingError("the file is damaged: it holds a number that is too large")
        value = 1
        for _ in range(length - 1):
            value = value << 1 | self._bit()
        return value

    def _bit(self) -> int:
        share = self._range >> 1
        bit = int(self._code >= share)
        if bit:
            self._code -= share
        self._range = share
        while self._range < TOP:
            self._range <<= 8
            byte = self._data[self._place] if self._place < len(self._data) else 0
            self._code = (self._code << 8 | byte) & MASK
            self._place += 1
        return bit

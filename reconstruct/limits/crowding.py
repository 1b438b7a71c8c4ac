"""How many requests of one address a process works on at once, so that a flood leaves threads for everyone else."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

AT_ONCE = 10  # of an address, in a process: of the 16 threads in deploy/gunicorn.py
WAIT_S = 2.0
PATIENCE_S = 10.0  # that a picture waits for its turn

making = threading.Lock()
lock = threading.Lock()
busy: Counter[str] = Counter()


@contextlib.contextmanager
def admitted(address: str) -> Iterator[bool]:
    """Yields whether there is room for another request of this address, which then counts until the body ends."""
    with lock:
        has_room = busy[address] < AT_ONCE
        busy[address] += has_room
    try:
        yield has_room
    finally:
        with lock:
            busy[address] -= has_room
            if not busy[address]:
                del busy[address]


@contextlib.contextmanager
def turn(address: str) -> Iterator[bool]:
    """Yields whether it is the turn of this address: in a process, one makes a picture at a time, until the body ends.

    It is not where the address has too many requests under way, or the one before takes longer than PATIENCE_S.
    """
    with admitted(address) as has_room:
        has_turn = has_room and making.acquire(timeout=PATIENCE_S)
        try:
            yield has_turn
        finally:
            if has_turn:
                making.release()

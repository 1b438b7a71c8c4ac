"""How many requests of one address a process works on at once, so that a flood leaves threads for everyone else."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

AT_ONCE = 10  # of an address, in a process: of the 16 threads in deploy/gunicorn.py
WAIT_S = 2.0

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

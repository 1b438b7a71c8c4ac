"""The site's side of the process that decodes."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import io
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable

from PIL import Image

from reconstruct.unavailable import UnavailableError
from reconstruct.untrusted.limits import Limits, Reason, RefusedError

PATIENCE_S = 55  # longer than any answer takes, and shorter than servers wait for the site
GONE_S = 0.2  # that a process may take to end
# Nothing of the site's own environment, which holds its secrets, but where Lambda's Python finds its library.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "PYTHONPATH": os.pathsep.join(sys.path)} | {
    name: text for name, text in os.environ.items() if name == "LD_LIBRARY_PATH"
}


class DecoderError(UnavailableError):
    """No picture can be decoded now, whatever it is."""


class Decoder:
    """Starts its process when it is first needed, and again where it has ended. Decodes one picture at a time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control = socket.socket(socket.AF_UNIX)
        atexit.register(self.stop)

    def decode(self, chunks: Iterable[bytes]) -> Image.Image:
        """The picture in a file: RGB, upright, as large as it is kept. Raises RefusedError and DecoderError."""
        if not self.lock.acquire(timeout=PATIENCE_S):
            raise DecoderError("Too many pictures wait to be decoded.")
        try:
            with self.connected() as connection, contextlib.suppress(OSError):  # where the answer breaks off
                for chunk in chunks:
                    connection.sendall(chunk)
                connection.shutdown(socket.SHUT_WR)
                with connection.makefile("rb") as answer:
                    return understood(answer)
            if self.has_ended():
                raise DecoderError("The process that decodes pictures has ended; its output is in the log above.")
            raise RefusedError(Reason.TOO_COSTLY, "it reached a limit")
        finally:
            self.lock.release()

    def connected(self) -> socket.socket:
        """A connection to a child that is waiting for a file."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        here, there = socket.socketpair()
        here.settimeout(PATIENCE_S)
        with there:
            socket.send_fds(self.control, [b"\0"], [there.fileno()])
        return here

    def start(self) -> None:
        self.stop()
        self.control, there = socket.socketpair()
        command = (sys.executable, "-m", "reconstruct.untrusted.sandbox", *map(str, dataclasses.astuple(self.limits)))
        with there:
            self.process = subprocess.Popen(command, stdin=there.fileno(), env=ENVIRONMENT)  # noqa: S603 - our own

    def stop(self) -> None:
        """Closes the socket, whereupon the process ends."""
        self.control.close()
        if self.process:
            self.process.wait()

    def has_ended(self) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process is None or self.process.wait(GONE_S) is not None
        return False


def understood(answer: io.BufferedReader) -> Image.Image:
    """The picture in a portable pixmap. Raises RefusedError, which may be there instead; OSError if it breaks off."""
    match answer.readline():
        case b"P6\n":
            width, height = map(int, answer.readline().split())
            answer.readline()  # the greatest value of a channel
            pixels = bytearray(width * height * 3)
            if answer.readinto(pixels) == len(pixels):  # into place: twice as fast as reading and joining
                return Image.frombuffer("RGB", (width, height), pixels, "raw", "RGB", 0, 1)
        case line if line.endswith(b"}\n"):
            fields = json.loads(line)
            raise RefusedError(Reason(fields["reason"]), fields["detail"])
    raise OSError("The answer breaks off.")


decoder = Decoder()

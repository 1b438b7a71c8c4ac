"""The process that decodes: python -m reconstruct.untrusted.sandbox CPU_S WALL_S MEMORY_BYTES, a socket at its input.

Each message there brings a connection, from which a child reads one file, decodes it within its limits and writes the
answer. A child that reaches a limit ends without an answer. What it had of memory is then the system's again; the site
itself would keep hundreds of megabytes of a large picture.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
import warnings

from PIL import AvifImagePlugin, Image

from reconstruct.untrusted.decoding import MAX_PIXELS, decode
from reconstruct.untrusted.limits import Limits, Reason, RefusedError

MAX_DETAIL = 500  # characters, for the log
GOES_ON, SITE_IS_GONE = 0, 3  # exit statuses of a child
# Imported before a file is there, so that no visitor waits for them.
PLUGINS = ("Avif", "Bmp", "Gif", "Jpeg", "Mpo", "Png", "Ppm", "Tiff", "WebP")


def serve(control: socket.socket, limits: Limits) -> None:
    """Keeps a child that waits for a connection, and forks the next when it has ended, until the site is gone."""
    while True:
        child = os.fork()
        if child == 0:
            os._exit(GOES_ON if answer_next(control, limits) else SITE_IS_GONE)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == SITE_IS_GONE:
            return


def answer_next(control: socket.socket, limits: Limits) -> bool:
    """Whether there was a connection."""
    _, received, _, _ = socket.recv_fds(control, 1, 1)
    control.close()  # other visitors' pictures come in there
    for descriptor in received:
        confine(limits)
        with socket.socket(fileno=descriptor) as connection:
            answer(connection)
    return bool(received)


def confine(limits: Limits) -> None:
    """What this process may use from now on. Beyond it, it is ended, or what asks for memory fails."""
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s)
    most = {resource.RLIMIT_CPU: limits.cpu_s, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":  # macOS cannot limit memory
        most[resource.RLIMIT_AS] = limits.memory_bytes
    for kind, limit in most.items():
        resource.setrlimit(kind, (limit, limit))


def answer(connection: socket.socket) -> None:
    """Writes a portable pixmap, or a line of JSON that says why there is none."""
    with connection.makefile("rb") as file, connection.makefile("wb") as pixmap:
        try:
            picture = decode(file.read())
        except RefusedError as error:
            pixmap.write(refusal(error.reason, error.detail))
        except MemoryError:
            pixmap.write(refusal(Reason.TOO_COSTLY, "memory"))
        else:
            picture.save(pixmap, "PPM")


def refusal(reason: Reason, detail: str) -> bytes:
    return json.dumps({"reason": reason, "detail": detail[:MAX_DETAIL]}).encode() + b"\n"


def main() -> None:
    for plugin in (*(f"{name}ImagePlugin" for name in PLUGINS), "ImageCms"):
        importlib.import_module(f"PIL.{plugin}")
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the time of all counts, and each reserves memory
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("ignore")  # a file can make Pillow warn of each of its bytes
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    gc.freeze()  # children share these pages for as long as none of them touches them
    with socket.socket(fileno=sys.stdin.fileno()) as control:
        serve(control, Limits(*map(int, sys.argv[1:])))


if __name__ == "__main__":
    main()

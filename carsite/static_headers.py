"""Headers of static files that WhiteNoise does not know of. Settings import this, so it imports no Django."""

# The scripts that may compile WebAssembly. A worker has the policy that its own script is sent with, so no page
# needs to be looser.
WORKERS = ("/js/player/worker.", "/js/upload/heic-worker.")
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    """Adds to the headers of the static file at this address."""
    if any(worker in url for worker in WORKERS):
        headers["Content-Security-Policy"] = WORKER_POLICY

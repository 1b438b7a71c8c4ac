"""Headers of static files that WhiteNoise does not know of. Settings import this, so it imports no Django."""

# The one script that may compile WebAssembly. A worker has the policy that its own script is sent with, so no page
# needs to be looser.
WORKER = "/js/player/worker."
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    """Adds to the headers of the static file at this address."""
    if WORKER in url:
        headers["Content-Security-Policy"] = WORKER_POLICY

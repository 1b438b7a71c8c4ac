"""Static files as a deployment collects them."""

import hashlib

from carsite.static import PreparedCompressor


def test_what_brotli_has_compressed_beforehand_goes_along(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    prepared = tmp_path / "build" / "compressed"
    prepared.mkdir(parents=True)
    large, small = tmp_path / "large.wasm", tmp_path / "small.css"
    for file in (large, small):
        file.write_bytes(file.name.encode() * 1000)
    (prepared / f"{hashlib.sha256(large.read_bytes()).hexdigest()}.br").write_bytes(b"by Brotli")
    compressor = PreparedCompressor(quiet=True)
    assert compressor.compress(str(large)) == [f"{large}.gz", f"{large}.br"]
    assert (tmp_path / "large.wasm.br").read_bytes() == b"by Brotli"
    assert compressor.compress(str(small)) == [f"{small}.gz"]

"""make package: what is in the zip, what is not, and what it says when it cannot be built."""

import re
import subprocess
import sys
import zipfile

import pytest

import deploy.package
from deploy.package import MAX_UNZIPPED_MB, MAX_ZIP_MB, MB, weigh
from deploy.stage import ROOT, DeployError

LAMBDA_GLIBC = (2, 34)  # of Amazon Linux 2023, which python3.13 runs on there


@pytest.fixture(scope="module")
def names(package_zip):
    with zipfile.ZipFile(package_zip) as archive:
        return archive.namelist()


def python_in(package, runtime, code):
    return subprocess.run([runtime.python, "-c", code], cwd=package, capture_output=True, text=True, check=False)


def test_it_is_small_and_says_what_takes_the_room(package_zip, package, capsys):
    def megabytes(*files):
        return sum(file.stat().st_size for file in files if file.is_file()) / 1e6

    unzipped, zipped = megabytes(*package.rglob("*")), megabytes(package_zip)
    assert unzipped < MAX_UNZIPPED_MB
    assert zipped < MAX_ZIP_MB
    weigh(package_zip)
    printed = {name: float(size) for name, size in re.findall(r"(\S+) +([\d.]+) MB", capsys.readouterr().out)}
    assert printed["all"] == pytest.approx(unzipped, abs=0.1)
    assert printed["zipped"] == pytest.approx(zipped, abs=0.1)
    assert printed["onnxruntime"] == pytest.approx(megabytes(*(package / "onnxruntime").rglob("*")), abs=1)


def test_it_is_refused_when_it_is_too_large(tmp_path, capsys):
    large = tmp_path / "large.zip"
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(MAX_UNZIPPED_MB * MB + 1))
    with pytest.raises(DeployError, match=r"large\.zip is too large"):
        weigh(large)


def test_it_holds_the_site_and_none_of_what_only_this_side_needs(names):
    assert {"carsite/wsgi.py", "ml/weights/encoder.onnx", "staticfiles/staticfiles.json", "templates/home.html"} <= {
        *names
    }
    tops = {name.split("/")[0] for name in names}
    assert tops.isdisjoint(
        {"torch", "tests", "docs", "build", "deploy", "runs", "media", "db.sqlite3", "pip", "setuptools", "static"}
    )
    held = {re.sub(r"\.[0-9a-f]{12}\b", "", name) for name in names}
    assert {
        f"staticfiles/player/{name}" for name in ("ort.mjs", "ort.wasm.gz", "decoder-even.bin", "decoder-odd.bin")
    } <= held
    assert not [name for name in names if name.endswith((".po", ".pyi", ".sqlite3")) or "/tests/" in name]


def test_of_the_model_it_holds_what_serves_and_no_other_module(names):
    held = {name for name in names if name.startswith("ml/") and not name.endswith("/")}
    served = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ml" / "serving").rglob("*.py")}
    weights = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ml" / "weights").iterdir()}
    sources = {name for name in held if "__pycache__" not in name}
    assert {"ml/serving/runtime.py", "ml/weights/encoder.onnx"} <= sources
    assert sources == {"ml/__init__.py"} | served | weights
    bytecode = {name.split("/__pycache__/")[0] for name in held - sources}
    assert bytecode <= {"ml", "ml/serving", "ml/serving/coding"}
    assert not [name for name in held if name.startswith("ml/__pycache__/") and "__init__" not in name]


def test_every_module_of_the_model_that_is_in_it_can_be_imported(package, runtime):
    sources = [path for path in (package / "ml").rglob("*.py") if path.stem != "__init__"]
    modules = [".".join(path.relative_to(package).with_suffix("").parts) for path in sources]
    assert "ml.serving.runtime" in modules
    done = python_in(package, runtime, f"import {', '.join(modules)}")
    assert done.returncode == 0, done.stderr


def test_it_reads_every_format_that_the_site_accepts_and_writes_on_cards(package, runtime):
    libraries = ("avif", "webp", "jpg", "zlib", "libtiff", "littlecms2", "freetype2")
    code = f"from PIL import features; print(*map(features.check, {libraries}))"
    assert python_in(package, runtime, code).stdout.split() == ["True"] * len(libraries)


def test_its_bytecode_is_taken_without_looking_at_times(package):
    left_out = {"migrations", "__pycache__"}  # by Zappa
    own = [path for path in (package / "reconstruct").rglob("*.py") if left_out.isdisjoint(path.parts)]
    assert own
    for source in own:
        bytecode = (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").read_bytes()
        assert int.from_bytes(bytecode[4:8], "little") == 0b01  # by hash, and the hash unchecked: PEP 552
    assert (package / "django" / "http" / "request.pyc").exists()
    assert not (package / "django" / "http" / "request.py").exists()


def test_nothing_in_it_needs_a_newer_system_than_lambdas(package):
    tags = [text for wheel in package.glob("*.dist-info/WHEEL") for text in wheel.read_text().splitlines()]
    needed = {(int(major), int(minor)) for tag in tags for major, minor in re.findall(r"manylinux_(\d+)_(\d+)", tag)}
    assert needed
    oldest_by_wheel = max(needed)
    assert oldest_by_wheel <= LAMBDA_GLIBC


def test_the_command_says_which_python_is_missing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "deploy.package"],
        cwd=ROOT,
        env={"PATH": "/nowhere", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Not packaged. Lambda runs Python 3.13, and no python3.13 is here" in done.stderr


def test_another_machine_is_sent_to_the_container(monkeypatch):
    monkeypatch.setattr(deploy.package.platform, "system", lambda: "Darwin")
    with pytest.raises(DeployError, match="Dockerfile"):
        deploy.package.require_linux()


def test_a_dependency_that_is_not_what_was_locked_is_refused(tmp_path, monkeypatch):
    lock = tmp_path / "lock.txt"
    lock.write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(deploy.package, "LOCK", lock)
    with pytest.raises(DeployError, match="DO NOT MATCH THE HASHES"):
        deploy.package.build("dev", tmp_path / "dev.zip")
    assert not (tmp_path / "dev.zip").exists()

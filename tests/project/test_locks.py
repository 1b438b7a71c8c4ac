"""What is installed is pinned: each requirements file has its lock, as complete and as new as itself.

None of this asks a registry: a newer release elsewhere makes no lock stale.
"""

import json
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "locks"
UNLOCKED = "requirements-torch.txt"
FILES = sorted(
    file
    for file in subprocess.run(
        ["git", "ls-files", "*requirements*.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    if not file.startswith("locks/") and file != UNLOCKED
)


def lines(file):
    """Logical lines of a requirements file, without comments."""
    text = (ROOT / file).read_text().replace("\\\n", " ")
    return [stripped for line in text.splitlines() if (stripped := line.partition("#")[0].strip())]


def required(file):
    """What a requirements file and those that it includes ask for, except for what is in no lock."""
    for line in lines(file):
        if line.startswith("-r "):
            included = (Path(file).parent / line.removeprefix("-r ")).as_posix()
            yield from () if included == UNLOCKED else required(included)
        else:
            yield Requirement(line)


def locked(file):
    """Name → [(requirement, hashes)]: one package may have another version for another Python."""
    packages = {}
    for line in lines(f"locks/{file}"):
        requirement, *hashes = line.split(" --hash=")
        package = Requirement(requirement)
        packages.setdefault(canonicalize_name(package.name), []).append((package, hashes))
    return packages


def version(package):
    """The one version that a lock or a requirements file pins."""
    (specifier,) = package.specifier
    assert specifier.operator == "==", f"{package} leaves a choice of versions"
    return specifier.version


def test_every_requirements_file_has_a_lock_and_no_other_lock_is_left():
    assert FILES
    assert sorted(path.relative_to(LOCKS).as_posix() for path in LOCKS.rglob("*.txt")) == FILES


@pytest.mark.parametrize("file", FILES)
def test_a_lock_pins_what_its_file_asks_for(file):
    packages = locked(file)
    for requirement in required(file):
        pinned = [version(package) for package, _ in packages.get(canonicalize_name(requirement.name), [])]
        assert pinned == [version(requirement)], f"make lock: {file} has {requirement}, its lock {pinned}"


@pytest.mark.parametrize("file", FILES)
def test_a_lock_names_nothing_as_asked_for_that_is_not(file):
    """uv writes under each package who wants it: another package, or a requirements file."""
    wanted, package = set(), ""
    for line in (LOCKS / file).read_text().splitlines():
        if "==" in line:
            package = line.partition("==")[0]
        elif line.startswith("    #") and "-r " in line:
            wanted.add(canonicalize_name(package))
    assert wanted == {canonicalize_name(requirement.name) for requirement in required(file)}, "make lock"


@pytest.mark.parametrize("file", FILES)
def test_every_package_of_a_lock_has_one_version_and_its_hashes(file):
    packages = locked(file)
    assert packages
    for package, hashes in (entry for entries in packages.values() for entry in entries):
        assert version(package)
        assert hashes, f"{package} has no hash"
        assert all(len(digest.strip()) == len("sha256:") + 64 for digest in hashes)


@pytest.mark.parametrize("file", [file for file in FILES if "/" not in file])
def test_a_lock_holds_what_its_packages_need(file):
    """By what the installed packages say of themselves. That the versions fit together is pip's to say: see Makefile.

    The lock of the tests' runtime client is for another Python.
    """
    packages = locked(file)
    unlocked = {canonicalize_name(requirement.name) for requirement in required(UNLOCKED)}
    seen, waiting = set(), list(required(file))
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in unlocked or (name, *sorted(wanted.extras)) in seen:
            continue
        seen.add((name, *sorted(wanted.extras)))
        here = [package for package, _ in packages.get(name, []) if not package.marker or package.marker.evaluate()]
        assert len(here) == 1, f"{wanted} is in {len(here)} lines of locks/{file}"
        for text in metadata.requires(name) or []:
            need = Requirement(text)
            if not need.marker or any(need.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                waiting.append(need)
    assert len(seen) >= len(list(required(file)))


@pytest.mark.parametrize("file", FILES)
def test_what_is_served_is_what_was_developed_with(file):
    """One version of a package, whichever lock it comes from."""
    everything = locked("requirements.txt")
    for name, entries in locked(file).items():
        if name in everything:
            assert {version(package) for package, _ in entries} <= {version(package) for package, _ in everything[name]}


def test_the_lock_of_the_scripts_holds_a_hash_of_each_package():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    asked = json.loads((ROOT / "package.json").read_text())
    locked = packages.pop("")
    for kind in ("dependencies", "devDependencies"):
        assert locked[kind] == asked[kind]
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


@pytest.mark.parametrize("file", [*(f"locks/{file}" for file in FILES), "package-lock.json"])
def test_a_lock_names_no_registry(file):
    """Or whoever installs from another one would not get the same packages, but none."""
    assert "://" not in (ROOT / file).read_text()

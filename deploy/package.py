"""The one zip that Lambda runs: python -m deploy.package --stage dev

A clean copy of the tracked files and of what serving needs, compiled, trimmed and weighed. It holds no secrets.
"""

from __future__ import annotations

import argparse
import collections
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from deploy import stage as stages
from deploy.stage import ROOT, SETTINGS, DeployError

PYTHON = "3.13"  # Lambda's runtime: the first with a glibc that onnxruntime needs is 3.12's
SITE = ("carsite", "manage.py", "ml/__init__.py", "ml/serving", "ml/weights", "reconstruct", "static", "templates")
BUILT = ("build/static/player", "build/static/heic", "build/compressed")  # by make, for browsers
LOCK = "locks/requirements-zappa.txt"
SHIPPED_AS_SOURCES = ("ext", "migrations", "zappa")  # folders: Zappa drops bytecode of migrations, and copies a source
MB = 1_000_000
MAX_ZIP_MB = 95
MAX_UNZIPPED_MB = 200  # Lambda takes 262; what is not there need not be fetched at a cold start

# Collecting static files asks the settings for nothing but where they are, and, LOCAL being off, for hashed names.
NO_DEPLOYMENT = {"LOCAL": "0", "DEBUG": "0", "SECRET_KEY": "-", "ALLOWED_HOSTS": "-", "DATABASE_URL": "postgres://-/-"}


def build(stage: str, out: Path, *, bytecode: bool = True) -> Path:
    """The zip of a stage, at `out`. Raises DeployError where it cannot be built here, or grows too large."""
    python = find_python()
    require_linux()
    with tempfile.TemporaryDirectory(prefix="package-") as name:
        environment, site = Path(name, "environment"), Path(name, "site")
        run(python, "-m", "venv", environment)
        own_python = environment / "bin" / "python"
        # pip's bytecode would not be taken: it goes by times, and in the zip every file is from 1980.
        install = (own_python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-compile")
        run(*install, "-r", ROOT / LOCK)
        copy_site(site)
        run(own_python, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", cwd=site, env=NO_DEPLOYMENT)
        if bytecode:
            packages = environment / "lib" / f"python{PYTHON}" / "site-packages"
            run(own_python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", site, packages)
            drop_sources(packages)
        run(
            own_python,
            "-m",
            "zappa.cli",
            "package",
            stage,
            "--output",
            "package.zip",
            cwd=site,
            env={"VIRTUAL_ENV": str(environment), "AWS_DEFAULT_REGION": "us-east-1"},
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(site / "package.zip", out)
    return out


def find_python() -> str:
    """The python3.13 of this machine, on the path or pyenv's. Raises DeployError when there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates = [shutil.which(f"python{PYTHON}"), *sorted(pyenv.glob(f"{PYTHON}*/bin/python{PYTHON}"))]
    for candidate in candidates:
        # pyenv's stand-in on the path answers for versions that are not chosen, too: with an error.
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(candidate)
    raise DeployError(
        f"Lambda runs Python {PYTHON}, and no python{PYTHON} is here to build for it. Install it beside your own: "
        f"apt-get install python{PYTHON}-venv, uv python install {PYTHON}, or pyenv install {PYTHON}."
    )


def require_linux() -> None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise DeployError("Lambda runs x86-64 Linux, and this is none: build here with the Dockerfile instead.")


def copy_site(site: Path) -> None:
    """What git tracks, or would: no caches, no database, no pictures, no tests, nothing that needs PyTorch."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SITE)
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise DeployError(f"git does not list the files to package: {listed.stderr.strip()}")
    for file in [*listed.stdout.split("\0"), SETTINGS, "deploy/policy.json"]:
        if file and (ROOT / file).is_file():
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, site / file)
    for folder in BUILT:
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, site / folder)


def drop_sources(packages: Path) -> None:
    """Puts bytecode in the place of other people's sources: half as many files, and ten megabytes less."""
    for bytecode in packages.rglob("__pycache__/*.pyc"):
        source = bytecode.parents[1] / f"{bytecode.name.partition('.')[0]}.py"
        # Zappa would put an empty __init__.py where it sees none.
        if source.exists() and source.name != "__init__.py" and source.parent.name not in SHIPPED_AS_SOURCES:
            bytecode.rename(source.with_suffix(".pyc"))
            source.unlink()


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Raises DeployError, with the command's output, when it fails."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(("DJANGO_", "PYTHON"))}
    environment = inherited | {"PYTHONDONTWRITEBYTECODE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | (env or {})
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        output = f"{done.stdout}\n{done.stderr}".strip()
        raise DeployError(f"{' '.join(map(str, command))} failed:\n{output}")


def weigh(package: Path) -> None:
    """Prints what takes how much room. Raises DeployError above the limits."""
    by_name: collections.Counter[str] = collections.Counter()
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            by_name[entry.filename.split("/")[0].split(".")[0].split("-")[0]] += entry.file_size
    unzipped = by_name.total() / MB
    zipped = package.stat().st_size / MB
    for name, size in by_name.most_common():
        if size >= MB:
            print(f"{name:>20} {size / MB:6.1f} MB")
    print(f"{'all':>20} {unzipped:6.1f} MB, of {MAX_UNZIPPED_MB} at most")
    print(f"{'zipped':>20} {zipped:6.1f} MB, of {MAX_ZIP_MB} at most")
    if unzipped > MAX_UNZIPPED_MB or zipped > MAX_ZIP_MB:
        raise DeployError(f"{package.name} is too large. Exclude more in {SETTINGS}, or deploy the container image.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--out", type=Path, help="default: dist/STAGE.zip")
    parser.add_argument("--no-bytecode", action="store_true", help="to compare with")
    arguments = parser.parse_args()
    try:
        stage = stages.read(arguments.stage)
        out = arguments.out or ROOT / "dist" / f"{stage.name}.zip"
        weigh(build(stage.name, out, bytecode=not arguments.no_bytecode))
    except DeployError as error:
        sys.exit(f"Not packaged. {error}")
    print(out)


if __name__ == "__main__":
    main()

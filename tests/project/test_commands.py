"""The files that start everything else: Makefile, .ci/run, Dockerfile."""

import fnmatch
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(*arguments):
    """What make prints; not as a part of the make that may have started these tests."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_make_alone_lists_every_command_with_what_it_does():
    (phony,) = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    lines = make().splitlines()
    assert [line.split()[:2] for line in lines] == [["make", command] for command in phony.split()]
    assert all(len(line.split()) > 4 for line in lines)


@pytest.mark.parametrize("command", ["fast", "test"])
def test_both_loops_begin_with_all_of_lint(command):
    lint = make("--dry-run", "--always-make", "lint").splitlines()
    assert make("--dry-run", "--always-make", command).splitlines()[: len(lint)] == lint
    assert [tool for tool in ("ruff", "mypy", "manage.py check") if not any(tool in line for line in lint)] == []


def test_continuous_integration_runs_the_command_of_readme():
    assert ".ci/run" in (ROOT / ".github/workflows/ci.yml").read_text()
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "CI=true make test"


def test_every_accepted_vulnerability_has_a_date_and_a_reason():
    lines = [line for line in (ROOT / ".ci/accepted").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"\S+-\S+ \d{4}-\d\d-\d\d \S.{20,}", line)] == []
    assert ".ci/audit" in (ROOT / ".github/workflows/ci.yml").read_text()


def is_sent_to_docker(path):
    """By .dockerignore, whose last pattern that matches decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text().split():
        pattern = line.removeprefix("!")
        if any(fnmatch.fnmatch(str(part), pattern) for part in (path, *path.parents[:-1])):
            sent = line.startswith("!")
    return sent


def test_the_image_is_built_from_files_that_are_there_and_sent():
    copies = re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    sources = [Path(source) for line in copies for source in line.split()]
    assert Path("locks/requirements-server.txt") in sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if not is_sent_to_docker(source)] == []
    assert not is_sent_to_docker(Path("tests"))

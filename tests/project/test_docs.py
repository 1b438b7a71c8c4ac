"""Documents name files and functions that exist."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))


def files():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_is_there(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_the_architecture_names_what_is_in_the_sources():
    document = (ROOT / "docs" / "architecture.md").read_text()
    spans = set(re.findall(r"`([^`]+)`", document))
    paths = {span.rstrip("/") for span in spans if "/" in span and "…" not in span}
    assert "carsite/settings.py" in paths
    assert not [path for path in paths if not (ROOT / path).exists()]
    sources = "\n".join(path.read_text() for path in files() if path.suffix in (".py", ".js") and path.exists())
    words = {span.split(".")[-1] for span in spans if re.fullmatch(r"[A-Za-z_][\w.]*(?<!\.py)(?<!\.js)", span)}
    assert "versioned_picture" in words
    assert not [word for word in words if not re.search(rf"\b{word}\b", sources)]


def test_readme_lists_every_setting_and_no_other():
    settings = (ROOT / "carsite" / "settings.py").read_text()
    read = set(re.findall(r"""(?:text|switch|required|whole_number|hourly_limits)\("([A-Z_0-9]+)\"""", settings))
    assert "MAX_UPLOAD_BYTES" in read
    (section,) = re.findall(r"\n## Settings\n(.*?)\n## ", (ROOT / "README.md").read_text(), re.DOTALL)
    listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(listed) == sorted(read - {"AWS_REGION", "AWS_DEFAULT_REGION"})  # boto3's own

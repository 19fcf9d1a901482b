"""What is written about the code is there: files, sections, links and dates that texts and docstrings point at."""

import configparser
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from assembly.local.addresses import ROOT

TEXTS = {".py", ".md", ".html", ".txt", ".css", ".js", ".mjs", ".yml", ".yaml", ".toml", ".sh", ".sql", ".conf", ""}
PRODUCT = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission", "demo")
CODE = r"[A-Z](?:-?\d{1,2})?"
# « domain.md B11, B13 and F-2 », « pdf.md 4.1 »: a file, then the sections of it.
CITATION = re.compile(rf"(?<![\w/*.-])((?:[\w-]+/)*[\w-]+\.md)((?:(?:,| and| to|;)? (?:{CODE}|\d(?:\.\d+)?)\b)*)")
SECTION = re.compile(rf"\b(?:{CODE}|\d(?:\.\d+)?)\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|html|css|mjs|js|sql|conf|yml|toml|sh|txt|csv))`")
BARE = re.compile(r"(?<![\w.,-])[BH]\d{1,2}\b")


def tracked() -> list[Path]:
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in said.split("\0") if name]
    return [path for path in paths if path.suffix in TEXTS and path.is_file() and path.name != "LICENSE"]


FILES = tracked()
MARKDOWN = [path for path in FILES if path.suffix == ".md"]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def cited(path: Path, target: str) -> Path | None:
    """Return the cited file, from the page or from the root (a bare name is in docs/), or None."""
    places = (path.parent / target, ROOT / target, ROOT / "docs" / target)
    return next((place for place in places if place.is_file()), None)


def sections(path: Path) -> set[str]:
    """Return codes and numbers of headings and rows: « ### B11. Sitting », « ### 4.1 Who », « | F9 | »."""
    return set(re.findall(rf"^(?:#+|\|) ({CODE}|\d(?:\.\d+)?)\b", text(path), re.MULTILINE))


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub and GitLab make of headings."""
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def decisions(path: Path) -> list[str]:
    """Return the bullets of the sections called « Decisions », each with its continuation lines."""
    found, inside = [], False
    for line in text(path).splitlines():
        if line.startswith("#"):
            inside = line.lstrip("# ").startswith("Decisions")
        elif inside and line.startswith("- "):
            found.append(line)
        elif inside and found and line.startswith(" "):
            found[-1] += line
    return found


def test_every_cited_document_and_section_exists():
    missing = []
    for path in FILES:
        for target, codes in CITATION.findall(text(path)):
            document = cited(path, target)
            if document is None:
                missing.append(f"{name(path)}: {target}")
            else:
                known = sections(document)
                missing += [f"{name(path)}: {target} {code}" for code in SECTION.findall(codes) if code not in known]
    assert missing == []


def test_no_section_is_cited_without_its_document():
    bare = []
    for path in FILES:
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PRODUCT:
            left = CITATION.sub("", text(path))
            bare += [f"{name(path)}: {code}" for code in BARE.findall(left)]
    assert bare == []


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_links_lead_to_files_and_headings(path):
    broken = []
    for link in LINK.findall(text(path)):
        target, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        file = path.parent / target if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_named_files_exist(path):
    """Paths are written from the root, from the folder of the text, from `assembly/` or from `templates/`."""
    places = (path.parent, ROOT, ROOT / "assembly", ROOT / "templates")
    assert [named for named in PATH.findall(text(path)) if not any((place / named).exists() for place in places)] == []


def test_decisions_are_dated():
    undated = [f"{name(path)}: {line[:80]}" for path in MARKDOWN for line in decisions(path) if not DATE.search(line)]
    assert undated == []


def test_editors_are_told_the_widths_that_the_checks_enforce():
    told = configparser.ConfigParser()
    told.read_string("[top]\n" + text(ROOT / ".editorconfig"))
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]
    assert told["*.py"]["max_line_length"] == str(project["ruff"]["line-length"])
    assert told["*.html"]["max_line_length"] == str(project["djlint"]["max_line_length"])

"""`docs/glossary.md` against the public names of the product: one name, one meaning."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGES = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission")
# A function with the name of the action, query or component that it calls is the same word, not a second one.
CALLERS = re.compile(r"(^|/)(views|pages|receivers|tasks|templatetags|portal|contributions)(/|\.py$)")
PREFIXES, SUFFIXES = ("can_", "is_", "has_", "may_"), ("_of",)


class Name(NamedTuple):
    """A public name: `kind` is module, class, function or field; `path` is relative to the repository."""

    kind: str
    path: str
    name: str
    bases: tuple[str, ...] = ()


@cache
def glossary() -> dict[str, list[list[str]]]:
    """Return the rows of each table by the heading above it."""
    parts: dict[str, list[list[str]]] = defaultdict(list)
    heading = ""
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("|---"):
            parts[heading].append([cell.strip() for cell in line.strip("|").split(" | ")])
    return {name: rows[1:] for name, rows in parts.items()}


def coded(cell: str) -> list[str]:
    return re.findall(r"`(\w+)[…(]*`", cell)


@cache
def names() -> tuple[Name, ...]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    kept = [path for path in paths if not {"migrations", "management"} & set(path.parts)]
    return tuple(name for path in kept for name in names_of(path))


def names_of(path: Path) -> Iterator[Name]:
    place = path.relative_to(ROOT).as_posix()
    yield Name("module", place, path.stem if path.stem != "__init__" else path.parent.name)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield Name("function", place, node.name)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield Name("class", place, node.name, tuple(ast.unparse(base).split(".")[-1] for base in node.bases))
            fields = (item.target for item in node.body if isinstance(item, ast.AnnAssign))
            yield from (Name("field", place, field.id) for field in fields if isinstance(field, ast.Name))


def words_of(name: str) -> list[str]:
    """Split a name into lower-case words: `OpinionVisaCapacity` → opinion, visa, capacity."""
    return [word.lower() for part in name.split("_") for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", part)]


def defined(kind: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in names():
        if name.kind == kind:
            found[name.name].add(name.path)
    return found


def test_each_model_and_enumeration_is_explained():
    rows = [cell for part in ("The job", "Engineering") for row in glossary()[part] for cell in coded(row[1])]
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    parts = re.search(r"^State, kind, .*?are used as", page, re.M | re.S)
    known = {word for name in rows for word in words_of(name)} | set(re.findall(r"\w+", parts[0].lower()))
    bases = {"Model", "AbstractBaseUser", "TextChoices", "IntegerChoices", "States"}
    public = {name.name for name in names() if name.kind == "class" and bases & set(name.bases)}
    assert len(public) > 100
    unknown = {name: missing for name in public if (missing := set(words_of(name)) - known) and name not in rows}
    assert unknown == {}


def test_words_that_are_not_used_are_no_part_of_a_name():
    banned = [name for row in glossary()["Words that are not used"] for name in row[0].split(", ")]
    assert "house" in banned
    wrong = re.compile(rf"(^|_)({'|'.join(banned)})(_|$)")
    assert [name for name in names() if wrong.search("_".join(words_of(name.name)))] == []


def test_words_that_are_not_used_are_no_part_of_a_name_of_the_scripts():
    """Files, exports and data attributes of the browser modules."""
    banned = "|".join(name for row in glossary()["Words that are not used"] for name in row[0].split(", "))
    wrong = re.compile(rf"(^|[_-])({banned})($|[_-])")
    paths = sorted((ROOT / "static" / "js").rglob("*.js"))
    assert len(paths) > 40
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    public = re.compile(r"^export (?:async )?(?:class|function|const) (\w+)|data-assembly-([\w-]+)", re.MULTILINE)
    found = {path.stem for path in paths} | {"".join(name) for text in texts.values() for name in public.findall(text)}
    assert [name for name in sorted(found) if wrong.search("_".join(words_of(name.replace("-", "_"))))] == []


def test_a_class_is_defined_once():
    allowed = {name for row in glossary()["Classes that several modules define"] for name in coded(row[0])}
    several = {name for name, places in defined("class").items() if len(places) > 1}
    assert several - allowed == set()
    assert allowed - several == set()  # a name that is defined once leaves the table


def test_a_function_of_several_modules_is_a_word_of_the_glossary():
    allowed = {name for row in glossary()["Names that several modules define"] for name in coded(row[0])}
    several = {
        name: places
        for name, paths in defined("function").items()
        if len(places := {path for path in paths if not CALLERS.search(path)}) > 1
        and not name.startswith(PREFIXES)
        and not name.endswith(SUFFIXES)
    }
    assert {name: sorted(places) for name, places in several.items() if name not in allowed} == {}
    assert allowed - set(several) == set()  # a word that no longer has several definitions leaves the table

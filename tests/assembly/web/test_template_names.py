"""A template reads no name that nobody gives: a context key that was renamed in the view alone is empty on the page.

Read without rendering: each name that a template uses is set in it, in a template that it includes or is included by,
or written somewhere in the Python of its app, as a string, a keyword, a parameter or a function.
"""

import ast
import re
from collections import defaultdict
from functools import cache

import pytest

from assembly.local.addresses import ROOT

TEMPLATES = ROOT / "templates"
APPS = ("answers", "consultations", "draws", "members", "mission", "opinions", "sessions")
BUILT_IN = set("forloop True False None block csrf_token request user messages not and or in is _".split())
FROM_ASSEMBLY = {"own", "site_url", "institution"}  # context of mails, context processors
# Names given from outside of the app.
GIVEN_ELSEWHERE = {
    "mission/grants/decision_send.html": {"missing"},  # assembly.dossiers.pages
    "mission/registers/row_list.html": {"query"},  # assembly.lists.declaration
}
TAG = re.compile(r"{%\s*(\w+)(.*?)%}", re.DOTALL)
NAME = r"[A-Za-z_]\w*"


@cache
def names_of_python(app):
    names = set()
    for path in (ROOT / app).rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if text.isidentifier():
                    names.add(text)
                case ast.keyword(arg=str(name)) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                    names.add(name)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    names.add(name)
    return names


@cache
def texts():
    paths = (path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
    return {path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def names_set(text):
    """Names that `for`, `with`, `include … with` and `as` set."""
    names = set()
    for tag, rest in TAG.findall(text):
        names |= set(re.findall(r"(\w+)=", rest)) | set(re.findall(r"\bas(?:var)? (\w+)", rest))
        if tag == "for":
            names |= set(re.findall(r"\w+", rest.split(" in ")[0]))
    return names


@cache
def names_from_others():
    names = defaultdict(set)
    for path, text in texts().items():
        for other, rest in re.findall(r'{%\s*(?:include|extends)\s+"([^"]+)"(.*?)%}', text, re.DOTALL):
            names[other] |= set(re.findall(r"(\w+)=", rest)) | names_set(text)
            names[path] |= names_set(texts().get(other, ""))
    return names


def names_used(text):
    names = set(re.findall(rf"{{{{\s*({NAME})", text))
    for tag, rest in TAG.findall(text):
        rest = re.sub(r'"[^"]*"', "", rest)
        if tag in {"if", "elif"}:
            names |= set(re.findall(rf"(?<![\w.|:'])({NAME})(?=[\s.|)]|$)", rest))
        elif tag == "for":
            names |= set(re.findall(rf"\sin\s+({NAME})", rest))
        elif tag in {"include", "with", "url", "blocktrans"}:
            names |= set(re.findall(rf"=({NAME})", rest)) | set(re.findall(rf"\|add:({NAME})", rest))
    return names


@pytest.mark.parametrize("app", APPS)
def test_templates_read_names_that_somebody_gives(app):
    unknown = {}
    for path, text in texts().items():
        if path.startswith(f"{app}/"):
            known = names_set(text) | names_from_others()[path] | names_of_python(app) | BUILT_IN | FROM_ASSEMBLY
            if unread := names_used(text) - known - GIVEN_ELSEWHERE.get(path, set()):
                unknown[path] = unread
    assert unknown == {}

"""Names enter sentences through `of_name`, `to_name`, `the_name`: « de l’Assemblée », « d’Escalquens »."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.test_architecture import APPS

TAG = re.compile(r"\{% *(?:blocktrans(?:late)?|with)\b(.*?)%\}", re.S)
GIVEN = re.compile(r"(\w+)=((?:\"[^\"]*\"|[^\s\"]+)+)")
NAME = re.compile(r"(?:^|[._])(?:name|full_name|first_name|authority|house|canton|directorate|author)(?:\||$)")
INSTITUTIONS = re.compile(r"\b(?:assembly|institution|directorate|successor|inherited_from)\.name\b|authority_name")
MENDED = re.compile(r"\|(?:of|to|the)_name\b")
BEFORE = r"(?:\"(?:\|nbsp)? %\}|<[^>]+>|\s|:)*\{\{ *(.*?) *\}\}"
OF = re.compile(r"\bde" + BEFORE, re.IGNORECASE)
TO = re.compile(r"\b(?:à|par|avec|pour|du|au)" + BEFORE, re.IGNORECASE)
IN_PYTHON = re.compile(
    r"\b(?:[Dd][eu]|[Aa]u|à) %\((?:name|full_name|first_name|directorate|canton|house|authority|author)\)s"
)


def bare_names(text: str) -> Iterator[str]:
    """Names that follow « de », or that of an institution that follows another preposition, without a helper."""
    given: dict[str, set[str]] = {}
    for tag in TAG.finditer(text):
        for name, value in GIVEN.findall(tag[1]):
            given.setdefault(name, set()).add(value)
    for pattern, named in ((OF, NAME), (TO, INSTITUTIONS)):
        for found in pattern.finditer(text):
            values = given.get(found[1].split("|")[0], {found[1]})
            if any(named.search(value) and not MENDED.search(value) for value in values):
                yield found[0]


def test_the_search_for_bare_names_finds_them():
    assert [*bare_names("la réponse de {{ invitee.person.full_name }}")] == ["de {{ invitee.person.full_name }}"]
    assert [*bare_names("{% blocktrans with x=directorate.name %}Passé à {{ x }}{% endblocktrans %}")] == ["à {{ x }}"]
    assert [*bare_names('{% trans "Membre de :" %} {{ assembly.name }}')] == ['de :" %} {{ assembly.name }}']
    assert [*bare_names("{% blocktrans with x=a.name|of_name %}Vous êtes membre {{ x }}{% endblocktrans %}")] == []
    assert [*bare_names("de {{ start|time_words }} à {{ user.get_full_name }}, par {{ by.full_name }}")] == []


def test_no_template_puts_a_bare_name_after_a_preposition():
    templates = Path(settings.BASE_DIR / "templates")
    files = [path for path in templates.rglob("*") if path.is_file()]
    found = {str(path.relative_to(templates)): [*bare_names(path.read_text())] for path in files}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_sentence_in_python_puts_a_bare_name_after_a_preposition():
    files = [path for name in APPS for path in Path(settings.BASE_DIR / name).rglob("*.py")]
    found = {str(path): IN_PYTHON.findall(path.read_text()) for path in files}
    assert {path: names for path, names in found.items() if names} == {}

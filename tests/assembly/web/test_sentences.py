"""Names enter sentences through `of_name`, `to_name`, `the_name`: « de l’Assemblée », « d’Escalquens »."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

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
    """Return names after « de », and names of institutions after another preposition, without a helper."""
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
    assert [*bare_names("de {{ start|format_time }} à {{ user.get_full_name }}, par {{ by.full_name }}")] == []


def test_no_template_puts_a_bare_name_after_a_preposition():
    templates = Path(settings.BASE_DIR / "templates")
    files = [path for path in templates.rglob("*") if path.is_file()]
    found = {str(path.relative_to(templates)): [*bare_names(path.read_text())] for path in files}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_sentence_in_python_puts_a_bare_name_after_a_preposition():
    files = [path for name in APPS for path in Path(settings.BASE_DIR / name).rglob("*.py")]
    found = {str(path): IN_PYTHON.findall(path.read_text()) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b(.*?)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
AFTER_NUMBER = r"[ \u00a0]+([a-zàâéèêëîïôûç]+[sx])\b"
COUNTED = re.compile(r"\{\{ ?([\w.|]+) ?\}\}" + AFTER_NUMBER)
COUNTED_IN_PYTHON = re.compile(r"%\(\w+\)s" + AFTER_NUMBER)
NO_PLURAL = set("ans après aux avis dans depuis des est fois mois nous pas plus remis sans sur vers voix vous".split())
# What stands before a plural and is never one: seats, terms of storage, limits, what a condition says is several.
NEVER_ONE = {
    "call.term.seats",
    "candidate.call.term.seats",
    "count|number",  # people of several pages
    "items|length",  # beyond six
    "most_backups",
    "old_after",
    "widget.call.term.seats",
    "record.told_alternates",
    "retention_days",
    "sidebar.suggestions|length",  # several
    "term.seats",
    "withdrawn_retention_days",
}
NEVER_ONE_IN_PYTHON = (
    "%(n)s habitants tirés au sort",
    "%(n)s personnes reçoivent un courriel.",  # beyond eight
    "Un hémicycle de %(n)s places",
    "Vous déposez %(count)s fichiers",
    "Collez de une à %(most)s lignes",
    "Ce texte est trop long",
    "Ce fichier a plus de %(n)s lignes",
    "CSV ou XLSX, %(rows)s lignes et 5 Mo au plus.",  # 500 or more
    "Feuilles de plus de %(n)s lignes",
    "Seules les %(n)s premières feuilles",
    "Cette case est beaucoup trop longue",
    "La liste est trop longue",
    "Écrivez %(n)s chiffres",
    "Écrivez entre %(least)s et %(most)s signes",
    "Ses réponses sont effacées dans %(n)s jours",
    "Bonjour %(name)s",  # the letters about several absences
    "Le dossier a déjà %(n)s documents",
    "Une suite donnée a au plus %(most)s étapes",
    "L’assemblée et le public liront ce texte",
    "Un refus s’explique",
    "%(year)s : %(planned)s prévus",  # euros
)


def plurals_alone(text: str) -> Iterator[str]:
    """Return counts of a template before a plural word without a singular form."""
    for block in BLOCK.finditer(text):
        if not re.search(r"\bcount\b", block[1]) and "{% plural %}" not in block[2]:
            given = dict(GIVEN.findall(block[1]))
            for name, word in COUNTED.findall(block[2]):
                if word not in NO_PLURAL and given.get(name, name) not in NEVER_ONE:
                    yield f"{given.get(name, name)} {word}"
    for name, word in COUNTED.findall(re.sub(r"<[^>]*>", "|", BLOCK.sub("", text))):
        if word not in NO_PLURAL and name not in NEVER_ONE:
            yield f"{name} {word}"


def test_the_search_for_plurals_finds_them():
    assert [*plurals_alone("{% blocktrans with n=rows|length %}{{ n }} lignes{% endblocktrans %}")] == [
        "rows|length lignes"
    ]
    assert [*plurals_alone("{{ count }} membres présents")] == ["count membres"]
    assert [
        *plurals_alone("{% blocktrans count n=n %}{{ n }} ligne{% plural %}{{ n }} lignes{% endblocktrans %}")
    ] == []
    assert [*plurals_alone("{{ n }} voix, {{ n }} ligne{{ n|plural }}, {{ n }}</b> lignes")] == []


def test_each_count_of_a_template_has_its_singular():
    templates = Path(settings.BASE_DIR / "templates")
    files = [path for path in templates.rglob("*") if path.suffix in {".html", ".txt"}]
    found = {str(path.relative_to(templates)): [*plurals_alone(path.read_text())] for path in files}
    assert {path: counts for path, counts in found.items() if counts} == {}


def test_each_count_of_a_sentence_in_python_has_its_singular():
    files = [path for name in APPS for path in Path(settings.BASE_DIR / name).rglob("*.py")]
    wrong = []
    for path in files:
        if "migrations" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args):
                continue
            text = getattr(call.args[0], "value", "")
            if call.func.id in {"_", "gettext", "gettext_lazy"} and isinstance(text, str):
                words = [word for word in COUNTED_IN_PYTHON.findall(text) if word not in NO_PLURAL]
                if words and not text.startswith(NEVER_ONE_IN_PYTHON):
                    wrong.append(f"{path.relative_to(settings.BASE_DIR)}:{call.lineno} {text[:80]}")
    assert wrong == []


TRANSLATED = re.compile(
    r"(?:\b_|gettext|gettext_lazy)\(\s*\"((?:[^\"\\]|\\.)*)\"\s*\)"
    r"|\{%\s*trans(?:late)? \"([^\"]*)\"(?! context)|_\(\"([^\"]*)\"\)"
)


def test_no_sentence_of_ours_is_replaced_by_the_catalogue_of_a_package():
    """« Note » was « Remarque » on one page: allauth translates an English word that is spelled as the French one."""
    files = [path for name in [*APPS, "templates"] for path in Path(settings.BASE_DIR / name).rglob("*.*")]
    texts = [path.read_text() for path in files if path.suffix in {".py", ".html", ".txt"}]
    ours = {text for each in texts for found in TRANSLATED.findall(each) for text in found if text.strip(" :.")}
    assert len(ours) > 3000
    with translation.override("fr"):
        assert {text: gettext(text) for text in ours if gettext(text) != text} == {}

"""Mails, PDF and pages of the demonstration, read by `bench/visible_text.py`, are in French as it is printed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.visible_text import SUBJECT
from demo import archive

WALK = "from pathlib import Path; from bench.visible_text import write; write(Path({folder!r}), *{chosen!r})"
ENGLISH = (
    "the and of is are with from your this you error none null true false undefined click update delete unknown "
    "feature value reader row rows label state pending user draft"
)
# Words that end as a plural does and are none, or that no number counts.
NOT_COUNTED = (
    "accès après as aux avis bois bras chez compris cours dans depuis des deux dix dès elles est fils fois ils jamais "
    "les leurs mais mois moins nos nous palais pas plus prix procès prévus puis remis repas sans ses six sous succès "
    "suis temps toujours trois très vers voix vos vous"
)
BUILDERS = (
    "la maison (?:garde|montre|sait)|ne vaut plus|Tête publiée|Gestes?|(?:membres?|personnes?) là|même âge|"
    "[cC]losez|valent tirage|point en retard|points en retard|(?:courriel|message|lettre|relance) part[.]|à viser avec"
)
FAULTS = {
    "not elided": re.compile(r"\b(?:[dD]e|[qQ]ue|[jJ]e) [AEIOUÉÈÊÂÎÔŒaeiouéèêâîôœ]\w"),
    "not contracted": re.compile(
        r"\b(?:de|à) (?:Les? |les? (?=[A-ZÉ]))|\bdu (?:la|les?)\b|\bau (?:la|les?)\b|\bà les\b"
    ),
    "a space that may break": re.compile(r"\S [:;?!»%€](?=\s|$)|« \S"),
    "plural of one": re.compile(
        rf"(?<![\w,/.:°–-])(?<!\d[ \u00a0])(?<!n°[ \u00a0])[01][ \u00a0](?!(?:{'|'.join(NOT_COUNTED.split())})\b)"
        r"[a-zàâéèêëîïôûç]+[sx]\b"
    ),
    "two colons": re.compile(
        r"(?<![\w:])[^.?!:;·…«»\d][^.?!:;·…«»]*[ \u00a0]:[ \u00a0][^.?!:;·…«»]*[ \u00a0]:[ \u00a0]"
    ),
    "a word of the builders": re.compile(rf"\b(?:{BUILDERS})"),
    "English": re.compile(rf"\b(?:{'|'.join(ENGLISH.split())})\b", re.IGNORECASE),
    "a name of the code": re.compile(
        r"(?<![\w./@-])[a-z]+_[a-z_]+\b(?![\w@./])|\bobject \(\w+\)|‹uuid›(?!(?:_[0-9a-f]{20}_\d*)?:‹token›)"
    ),  # a signed link holds all of them
}
# What is never elided, or not before a number; marks of changes for ears; the list of terms below a page.
SPARED = re.compile(r"\b[dD]e (?:onze|oui|un à|une à)\b|(?:ajouté|supprimé), début\s:|^Les mots de cette page\s:.*")
MOST_SIGNS = 70  # of the subject of a mail


def faults(text: str) -> Iterator[str]:
    """Return forbidden texts, each with its line; addresses and attributes are not checked."""
    for line in {*text.splitlines()}:
        if line.startswith(("    ", "## ", "none for this one")):
            continue
        if line.startswith(SUBJECT) and len(line) > len(SUBJECT) + MOST_SIGNS:
            yield f"a subject of {len(line) - len(SUBJECT)} signs: {line}"
        # A picture begins another item of a cell.
        words = SPARED.sub("", line.removeprefix(SUBJECT)).replace("▢", " · ")
        yield from (
            f"{what} ({found[0]}): {line[:200]}" for what, one in FAULTS.items() if (found := one.search(words))
        )


@pytest.fixture
def scratch(tmp_path):
    with archive.scratch_installation(tmp_path / "maison") as scratch:
        scratch.manage("demo", "--load")
        scratch.manage("migrate", "--verbosity=0")
        yield scratch


def walked(scratch: archive.ScratchInstallation, folder: Path, *chosen: str) -> str:
    scratch.manage("shell", "--verbosity=0", "--command", WALK.format(folder=str(folder), chosen=chosen))
    text = "\n".join(path.read_text() for path in sorted(folder.iterdir()))
    return text.replace(str(folder.parent), "")  # a page names the folder of the backups: pytest's own words


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("le canton de Escalquens", "not elided"),
        ("Passé à le Conseil", "not contracted"),
        ("le canton de Le Fousseret", "not contracted"),
        ("Qui vient ?", "a space that may break"),
        ("Error 500", "English"),
        ("Exporter ces 1 lignes", "plural of one"),
        ("0 membres présents", "plural of one"),
        ("reader 1", "English"),
        ("feature, value", "English"),
        ("Sur l’ensemble\u00a0: Adopté\u00a0: 79 voix pour", "two colons"),
        ("Ce que la maison garde", "a word of the builders"),
        ("0 membre là sur 105", "a word of the builders"),
        ("internal_check", "a name of the code"),
        (f"{SUBJECT}{'a' * 71}", "a subject of 71 signs"),
        ("    a href='de Escalquens ?'", ""),
        (
            "1 avis, 1 mois, 21 lignes, 10,1 points, le 1er mars, version 1\u00a0: prête. Elle dit\u00a0: oui",
            "",
        ),
        ("la Direction de l’Autonomie\u00a0: d’Escalquens, avant de le lire, dir_contact@demo.example.org", ""),
    ],
)
def test_the_search_finds_each_fault(text, what):
    assert [fault.split(" (")[0].split(":")[0] for fault in faults(text)] == ([what] if what else [])


def test_mails_and_papers_are_in_french(scratch, tmp_path):
    text = walked(scratch, tmp_path / "words", "mails", "papers")
    assert text.count("\n## ") > 150
    assert sorted(faults(text)) == []


@pytest.mark.long
def test_pages_are_in_french(scratch, tmp_path):
    text = walked(scratch, tmp_path / "words")
    assert text.count("\n## ") > 1500
    assert sorted(faults(text)) == []

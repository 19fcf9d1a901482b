"""French words: accents, plurals and apostrophes do not stand in the way."""

import pytest
from django.db import connection

from assembly.search.queries import is_reference
from assembly.search.text import CONFIG

pytestmark = pytest.mark.django_db


def matches(text: str, words: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector(%s::regconfig, %s) @@ websearch_to_tsquery(%s::regconfig, %s)",
            [CONFIG, text, CONFIG, words],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Les préconisations adoptées", "preconisation"),
        ("une preconisation", "préconisations"),
        ("L’assemblée plénière", "assemblee pleniere"),
        ("l'école de Muret", "ÉCOLE"),
        ("les élèves du collège", "eleve colleges"),
        ("La petite enfance", '"petite enfance"'),
        ("transport à la demande", "transports -scolaire"),
        ("Ni cœur ni œuvre", "coeur"),
        ("un budget voté", "budget or voirie"),
    ],
)
def test_words_that_meet(text, words):
    assert matches(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’enfance est petite", '"petite enfance"'),
        ("transport scolaire", "transports -scolaire"),
        ("La voirie", "voirie budget"),
        ("Le lac et la forêt", "le la"),
    ],
)
def test_words_that_do_not_meet(text, words):
    assert not matches(text, words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("PL-2026-02", True), ("s-2026", True), ("PL-2026-02-D3", True), ("petit-déjeuner", False), ("-2026", False)],
)
def test_what_looks_like_a_reference(words, expected):
    assert is_reference(words) is expected

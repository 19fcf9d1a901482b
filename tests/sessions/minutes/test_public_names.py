"""No private person's name in what is published, however it was typed."""

import pytest

from sessions.minutes.rules import PrivatePersons, Redactor, texts_of, without_names

PEOPLE = [
    PrivatePersons("Gisèle", "Rouquette", email="gisele.r@example.org"),
    PrivatePersons("Jean-Luc", "Saint-Gaudens"),
    PrivatePersons("Élise", "de la Tour"),
    PrivatePersons("Paul", "Revel"),
    PrivatePersons("Ana", "Li"),
    PrivatePersons("Inès", "Faure", is_member=False),
]


@pytest.fixture(scope="module")
def redactor():
    return Redactor(PEOPLE, places=["Revel", "Muret"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gisèle Rouquette demande", "un·e\u00a0membre demande"),
        ("ROUQUETTE Gisèle demande", "un·e\u00a0membre demande"),
        ("Gisele\u00a0Rouquette demande", "un·e\u00a0membre demande"),
        ("Mme Rouquette demande", "un·e\u00a0membre demande"),
        ("Selon Rouquette, oui", "Selon un·e\u00a0membre, oui"),
        ("M. Jean Luc Saint Gaudens", "un·e\u00a0membre"),
        ("Élise de la Tour parle", "un·e\u00a0membre parle"),
        ("le canton de Revel", "le canton de Revel"),
        ("Paul Revel parle", "un·e\u00a0membre parle"),
        ("Ana Li, deux lettres", "un·e\u00a0membre, deux lettres"),
        ("on lit Libération", "on lit Libération"),
        ("Inès Faure répond", "une personne répond"),
        ("la forêt de Rouquettes", "la forêt de Rouquettes"),
        ("écrire à gisele.r@example.org", "écrire à adresse retirée"),
        ("écrire à contact@haute-garonne.fr", "écrire à contact@haute-garonne.fr"),
        ('<a href="mailto:g.rouquette@ici.fr">Gisèle</a>', "Gisèle"),
    ],
)
def test_redact(redactor, text, expected):
    assert redactor.redact(text) == expected


def test_names_in_tells_the_writer(redactor):
    assert redactor.names_in("Gisèle Rouquette, puis Mme Rouquette et Inès Faure") == [
        "Gisèle Rouquette",
        "Inès Faure",
        "Mme Rouquette",
    ]


def test_every_text_of_a_value_is_cleaned_but_the_spared_branches(redactor):
    facts = {"a": ["Gisèle Rouquette", {"b": "Paul Revel"}], "chair": {"name": "Gisèle Rouquette"}, "n": 3}
    assert without_names(facts, redactor, spared=frozenset({"chair"})) == {
        "a": ["un·e\u00a0membre", {"b": "un·e\u00a0membre"}],
        "chair": {"name": "Gisèle Rouquette"},
        "n": 3,
    }


def test_nobody_to_hide_changes_nothing():
    assert Redactor([]).redact("Gisèle Rouquette") == "Gisèle Rouquette"


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Revel demande la parole", ["«\u00a0Revel demande la parole\u00a0»"]),
        ("REVEL d’accord, puis Li", ["«\u00a0REVEL d’accord, puis Li\u00a0»"] * 2),
        ("le canton de Revel et la gare de\u00a0Revel", []),
        ("on va à Revel", ["«\u00a0on va à Revel\u00a0»"]),
        ("Muret n’est le nom de personne", []),
        ("le revel des cloches", []),
        (
            "Au début de la séance du matin, tout le monde parle. Revel répond. "
            "Ensuite le groupe passe à la suite des jours",
            ["«\u00a0… séance du matin, tout le monde parle. Revel répond. Ensuite le groupe passe à la …\u00a0»"],
        ),
    ],
)
def test_surnames_that_are_places_are_told_and_left(redactor, text, doubts):
    assert redactor.doubts_in(text) == doubts
    assert redactor.redact(text).lower().count("revel") == text.lower().count("revel")


def test_texts_of_a_value_leaves_out_what_is_spared():
    facts = {"a": ["un", {"b": "deux"}], "chair": {"name": "trois"}, "n": 4}
    assert list(texts_of(facts, spared=frozenset({"chair"}))) == ["un", "deux"]

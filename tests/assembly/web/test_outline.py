"""Durations as people type them, and lists pasted from a mail, a text or a table."""

import pytest

from assembly.text.french import format_duration
from assembly.web.outline import PastedLine, minutes_of, pasted_lines


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("20", 20),
        (" 20 min ", 20),
        ("20min", 20),
        ("45 mn", 45),
        ("5 minutes", 5),
        ("1 h", 60),
        ("1h", 60),
        ("1 h 30", 90),
        ("1h30", 90),
        ("1\u00a0h\u00a005", 65),
        ("1 heure 15 min", 75),
        ("2 heures", 120),
        ("0", 0),
        ("", None),
        ("-5", None),
        ("1 h 75", None),
        ("bientôt", None),
        ("1000", None),
    ],
)
def test_a_duration_as_it_is_typed(typed, minutes):
    assert minutes_of(typed) == minutes


@pytest.mark.parametrize("minutes", [0, 5, 59, 60, 65, 90, 600])
def test_a_duration_is_read_as_it_was_written(minutes):
    assert minutes_of(format_duration(minutes)) == minutes


LISTS = {
    "numbered": (
        "1. Accueil (10 min)\n2. Le schéma : où en est-on ? – 1 h\n2.1 Présentation\t20\n2.2. Questions : 40 min\n\n",
        [("Accueil", 0, 10), ("Le schéma : où en est-on ?", 0, 60), ("Présentation", 1, 20), ("Questions", 1, 40)],
    ),
    "bullets of a word processor": (
        "•\tAccueil\no\tTour de table, 5 min\n•\tVote",
        [("Accueil", 0, None), ("Tour de table", 1, 5), ("Vote", 0, None)],
    ),
    "bullets below numbers": (
        "1) Débat\n- Pour\n- Contre",
        [("Débat", 0, None), ("Pour", 1, None), ("Contre", 1, None)],
    ),
    "set in": (
        "Débat\n    Pour\n\tContre\nVote",
        [("Débat", 0, None), ("Pour", 1, None), ("Contre", 1, None), ("Vote", 0, None)],
    ),
    "with hours": (
        "9h00 – 9h15 : Accueil\n9 h 15 Débat\n10:30 - 12:00 Ateliers (90)",
        [("Accueil", 0, 15), ("Débat", 0, None), ("Ateliers", 0, 90)],
    ),
    "a table": ("Accueil\t15\nVote\t1 h 30", [("Accueil", 0, 15), ("Vote", 0, 90)]),
    "words that look like marks": (
        "3 propositions à discuter\nBilan de 2026\nUne séance de 2 h\nPoint 3 - 20 ans après",
        [
            ("3 propositions à discuter", 0, None),
            ("Bilan de 2026", 0, None),
            ("Une séance de 2 h", 0, None),
            ("Point 3 - 20 ans après", 0, None),
        ],
    ),
    "nothing": (" \n•\n", []),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_as_it_is_pasted(name):
    text, expected = LISTS[name]
    assert pasted_lines(text) == [PastedLine(*line) for line in expected]

"""Private names in one text: the same answers as with everybody, read from those alone whom the text may name."""

import pytest

from members.models import Mandate
from sessions.attendance.queries.facts import roll_of
from sessions.minutes.queries.facts import redactor_for
from tests.factories.members import MandateFactory
from tests.growth import made
from tests.sessions.sittings.closed_sitting import closed_sitting

pytestmark = pytest.mark.django_db
NAMES = [
    ("Jeanne", "d’Arc"),
    ("Jean-Luc", "Saint-Gaudens"),
    ("Élise", "de la Tour"),
    ("Anaïs", "Œuvrard"),
    ("Ana", "Li"),
]
TEXTS = [
    "",
    "<p>Personne n’est nommé.</p>",
    "<p>Gisèle Rouquette, puis Mme D'ARC et ELISE DE LA TOUR.</p>",
    "<p>M. Saint Gaudens (Jean\u00a0Luc), ŒUVRARD Anaïs, Ana Li ; Saint-Gaudensville.</p>",
    "<p>La rue de la Tournelle, l’arc, Oeuvrard.</p>",
]


@pytest.fixture
def held(people):
    for first, last in NAMES:
        MandateFactory(term=people.term, member__person__first_name=first, member__person__last_name=last)
    return closed_sitting(people)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_names_the_same_people_whoever_is_left_out(held, text):
    roll = roll_of(held.sitting)
    everybody = redactor_for(held.sitting, roll).names_in(text)
    assert redactor_for(held.sitting, roll, text=text).names_in(text) == everybody


def test_names_met_are_those_of_the_text(held):
    text = TEXTS[2] + TEXTS[3]
    assert redactor_for(held.sitting, roll_of(held.sitting), text=text).names_in(text) == [
        "Gisèle Rouquette",
        "ELISE DE LA TOUR",
        "ŒUVRARD Anaïs",
        "Ana Li",
        "Mme D'ARC",
        "M. Saint Gaudens",
    ]


@pytest.mark.parametrize("many", [1, 6])
def test_a_term_of_many_makes_no_larger_patterns(held, many, django_assert_num_queries):
    for _ in range(many):
        MandateFactory(term=held.sitting.term)
    roll = roll_of(held.sitting)
    with django_assert_num_queries(1), made(Mandate) as mandates:
        redactor = redactor_for(held.sitting, roll, text=TEXTS[2])
    # « Li » may stand in « ELISE » as far as this tells: a few too many are tried, never one too few.
    assert sorted(person.last_name for person in redactor.people) == ["Li", "Rouquette", "de la Tour", "d’Arc"]
    assert mandates == []

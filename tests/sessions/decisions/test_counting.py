"""The sheet of a count says how many are in the room, and each error says which box it is about."""

import re

import pytest
from django.urls import reverse

from sessions.decisions import actions as decisions
from sessions.models import Ballot
from tests.sessions.sittings.closed_sitting import closed_sitting

pytestmark = pytest.mark.django_db
# Of five members, one is excused and one came at five past ten: three are there at ten, four at half past.
COUNTED = {"votes_for": 2, "votes_against": 1, "abstentions": 0, "no_opinion": 0, "voted_at": "10:30"}
COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}


@pytest.fixture
def sheet(people, signed_in):
    held = closed_sitting(people)
    ballot = decisions.prepare_ballot(held.items[2], question="Adopter le carnet ?", by=held.officer)
    return signed_in(held.officer), ballot, reverse("sittings:ballot-count", args=[ballot.pk])


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


def summary(page):
    """Return pairs (id of the control, text) of the summary of errors."""
    box = words_of(page).partition('class="error-summary')[2].partition("</ul>")[0]
    return re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', box)


def test_the_sheet_says_how_many_are_in_the_room(sheet):
    browser, _ballot, address = sheet
    assert "4 membres sont dans la salle à 11 h 32." in words_of(browser.get(address))
    told = words_of(browser.post(address, COUNTED | COUNTERS | {"votes_for": 40, "voted_at": "10:00"}))
    assert "3 membres sont dans la salle à 10 h." in told


def test_each_error_names_its_box(sheet):
    browser, ballot, address = sheet
    page = browser.post(address, {"votes_for": "", "votes_against": "x", "abstentions": 0, "no_opinion": 0})
    assert summary(page) == [
        ("id_votes_for", "Pour – Écrivez un nombre, 0 s’il n’y en a pas."),
        ("id_votes_against", "Contre – Écrivez un nombre entier."),
        ("id_voted_at", "Heure du vote – Ce champ est vide : écrivez une réponse."),
        ("id_first_counter", "Compté par – Ce champ est vide : écrivez une réponse."),
        ("id_second_counter", "Confirmé par – Ce champ est vide : écrivez une réponse."),
    ]
    assert Ballot.objects.get(pk=ballot.pk).state == "prepared"


@pytest.mark.parametrize(
    ("typed", "target", "words"),
    [
        ({"votes_for": 40}, "id_votes_for", "recomptez"),
        ({"votes_for": 0}, "id_gap_confirmed", "Il manque"),
        ({"second_counter": "nadia fauré"}, "id_second_counter", "Deux personnes différentes"),
    ],
)
def test_what_the_action_refuses_leads_to_the_box_that_mends_it(sheet, typed, target, words):
    browser, _ballot, address = sheet
    page = browser.post(address, {**COUNTED, **COUNTERS, "votes_for": 3, **typed})
    ((found, told),) = summary(page)
    assert found == target
    assert words in told
    assert page.status_code == 422

"""A constraint that breaks is a French sentence, nothing is lost and nothing moves, whichever way a step is taken."""

from datetime import date

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from assembly.audit.models import Entry
from mission.partners.models import Partner
from mission.registers.declaration import registers
from mission.registers.models import check, filled_in
from mission.trips.models import Trip
from tests.factories.mission import PartnerFactory
from tests.mission.example import EXAMPLES

LIST = "/bureau/mission/partenaires/"
DAY, TWICE = "Dites jusqu’à quand.", "Un autre partenaire de ce territoire est déjà actif."
NO_WORDS = "Ce changement ne va pas avec le reste : rien n’est enregistré."


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


@pytest.fixture
def constrain(monkeypatch):
    """Return a function that adds constraints to the model and the table for the test."""

    def add(*found):
        monkeypatch.setattr(Partner._meta, "constraints", [*Partner._meta.constraints, *found])
        with connection.schema_editor() as editor:
            for each in found:
                editor.add_constraint(Partner, each)

    return add


def active_has_day(**options):
    return filled_in("active", "due_on", **options)(name="partner_active_has_day")


def one_active_a_territory(words):
    return ExclusionConstraint(
        name="partner_one_active_a_territory",
        expressions=[("territory", "=")],
        condition=Q(state="active"),
        violation_error_message=words,
    )


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def nothing_moved(row, state):
    row.refresh_from_db()
    assert row.state == state
    assert not Entry.objects.filter(subject_type="mission.Partner", subject_id=str(row.pk)).exists()


@pytest.mark.parametrize(("words", "told"), [(DAY, DAY), (None, NO_WORDS)])
def test_a_step_that_asks_nothing_says_its_check(desk, constrain, words, told):
    constrain(active_has_day(message=words))
    row = PartnerFactory()
    response = desk.post(f"{LIST}{row.pk}/etapes/engager/")
    assert (response.status_code, told in text(response)) == (422, True)
    nothing_moved(row, "to_contact")


def test_a_step_that_asks_why_keeps_what_was_typed(desk, constrain):
    constrain(check(~Q(state="ended", notes=""), "Dites dans les notes ce qui reste.")(name="partner_ended_has_notes"))
    row = PartnerFactory()
    response = desk.post(f"{LIST}{row.pk}/etapes/terminer/", {"reason": "Plus de nouvelles."})
    assert (response.status_code, "Dites dans les notes ce qui reste." in text(response)) == (422, True)
    assert "Plus de nouvelles." in text(response)
    nothing_moved(row, "to_contact")


@pytest.mark.parametrize(("words", "told"), [(TWICE, TWICE), (None, NO_WORDS)])
def test_a_step_says_what_excludes_it(desk, constrain, words, told):
    constrain(one_active_a_territory(words))
    PartnerFactory(state="active", territory="Volvestre")
    row = PartnerFactory(territory="Volvestre")
    response = desk.post(f"{LIST}{row.pk}/etapes/engager/")
    assert (response.status_code, told in text(response)) == (422, True)
    nothing_moved(row, "to_contact")


def test_the_board_leads_to_the_page_that_says_it(desk, constrain):
    constrain(active_has_day(message=DAY))
    row = PartnerFactory()
    lanes = desk.get(f"{LIST}?vue=tableau").context["lanes"]
    links = {str(label): url for url, label in lanes[0].cards[0].step_links}
    response = desk.post(links["Noter comme actif"])
    assert (response.status_code, DAY in text(response)) == (422, True)
    nothing_moved(row, "to_contact")


def test_of_many_rows_those_that_may_move_do_and_the_others_say_why(desk, constrain):
    constrain(active_has_day(message=DAY))
    good, bad = PartnerFactory(due_on=date(2027, 1, 1)), PartnerFactory(name="Sans jour")
    answer = desk.post(f"{LIST}choix/", {"ligne": [good.pk, bad.pk], "acte": "engager"}, follow=True)
    assert (answer.status_code, f"Sans jour : {DAY}" in text(answer)) == (200, True)
    good.refresh_from_db()
    assert good.state == "active"
    nothing_moved(bad, "to_contact")


def test_of_many_rows_none_moves(desk, constrain):
    constrain(one_active_a_territory(TWICE))
    PartnerFactory(state="active", territory="Volvestre")
    rows = [PartnerFactory(territory="Volvestre"), PartnerFactory(territory="Volvestre")]
    answer = desk.post(f"{LIST}choix/", {"ligne": [row.pk for row in rows], "acte": "engager"})
    assert (answer.status_code, text(answer).count(TWICE)) == (422, 2)
    for row in rows:
        nothing_moved(row, "to_contact")


def test_another_day_for_many_rows(desk, constrain):
    constrain(active_has_day(message=DAY))
    rows = [PartnerFactory(state="active", due_on=date(2027, 1, 1), name=f"P{n}") for n in range(2)]
    answer = desk.post(f"{LIST}choix/", {"ligne": [row.pk for row in rows], "acte": "echeance", "due_on": ""})
    assert (answer.status_code, text(answer).count(DAY)) == (422, 2)
    assert [row.due_on for row in Partner.objects.all()] == [date(2027, 1, 1)] * 2


def test_code_that_takes_a_step_is_told_too(people, constrain):
    constrain(active_has_day(message=DAY, at="due_on"))
    row = PartnerFactory(assembly=people.assembly)
    with pytest.raises(ValidationError) as refused:
        registers["partners"].workflow.transition(row, "engage", by=people["officer"])
    assert (refused.value.messages, refused.value.code) == ([DAY], "due_on")
    nothing_moved(row, "to_contact")


def test_a_form_says_at_its_field_what_the_constraint_names(desk):
    trip = {"name": "Visite", "place": "Muret", "means": "train"}
    moments = {"starts_at": "2026-12-07T10:00", "ends_at": "2026-12-07T09:00"}
    response = desk.post("/bureau/mission/deplacements/nouveau/", {**trip, **moments})
    assert response.status_code == 422
    assert response.context["form"].errors == {"ends_at": ["Le retour vient après le départ."]}
    assert not Trip.objects.exists()


BOOKED = {"name": "Réunion", "starts_at": "0026-12-07T09:00", "ends_at": "2026-12-07T10:00"}
BACKWARDS = {"starts_on": "2026-05-01", "ends_on": "2026-01-01"}
GROUP = {"group_min": "9", "group_max": "3"}
SCHEME = {"opens_on": "2027-05-01", "closes_on": "2027-01-01"}
NOBODY = {"epci": "", "directorate": ""}
AT_ITS_FIELD = [
    ("bookings", "", BOOKED, "starts_at", "Écrivez une année entre 2000 et 2099."),
    ("budget", "", {"planned": "-4"}, "planned", "Le montant prévu n’est pas négatif."),
    ("legal", "", {"renewal": "tacit"}, "due_on", "Ce qui se renouvelle a une échéance."),
    ("methods", "", GROUP, "group_max", "Le groupe va d’une taille à une autre, plus grande ou égale."),
    ("sources", "", {"address": ""}, "address", "Un flux a une adresse."),
    ("contracts", "", BACKWARDS, "ends_on", "La fin vient après le début."),
    ("contracts", "commandes", {"amount": "-5"}, "amount", "Le montant d’une commande est positif."),
    ("partners", "conventions", BACKWARDS, "ends_on", "La fin vient après le début."),
    ("schemes", "", SCHEME, "closes_on", "Le dernier jour vient après le premier."),
    ("support", "", NOBODY, "directorate", "Qui demande : une direction, ou une intercommunalité (et sa commune)."),
]


@pytest.mark.parametrize(("key", "kind", "typed", "name", "words"), AT_ITS_FIELD)
def test_what_a_row_breaks_is_said_at_the_field_that_mends_it(desk, people, key, kind, typed, name, words):
    example = EXAMPLES[key]
    if kind:
        address = reverse(f"mission:{key}-line-add", args=[example.any_row(people).pk, kind])
        values = example.lines[kind](people)
    else:
        address, values = reverse(f"mission:{key}-new"), example.values(people)
    response = desk.post(address, {**values, **typed})
    assert (response.status_code, response.context["form"].errors) == (422, {name: [words]})

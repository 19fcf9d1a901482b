"""Workbooks of the lists that are no registers: members, candidates, sittings, people without account."""

from datetime import date, time

import pytest
from django.urls import reverse

from assembly.imports import actions as imports
from assembly.imports.models import ImportBatch
from consultations.models import Referral
from draws.models import Candidate
from members.mandates import actions as mandates
from members.models import Contact, Mandate
from sessions.models import Sitting
from tests.factories.candidates import CallFactory
from tests.factories.institution import CantonFactory, CommitteeFactory, DirectorateFactory
from tests.mission.imports.workbooks import OfficerWorkbook

pytestmark = pytest.mark.django_db

MEMBERS = OfficerWorkbook(
    "Membres de l’assemblée",
    ["Civ.", "Prénom", "NOM", "Sexe", "Né(e) en", "Canton", "Ville", "Adresse postale", "CP", "Mail", "Portable"],
    [
        ["Mme", "Amina", "Diallo", "F", 1968, "Auterive", "Auterive", "3 rue du Moulin", 31190, "a@ex.fr", 639980001],
        ["M.", "Hugo", "Vidal", "H", 1990, 1, "Auterive", "1 place", "31190", "", "06 39 98 00 02"],
    ],
    [["Total", 2]],
    {"Civ.": "civility", "Né(e) en": "birth_year"},
)
CANDIDATES = OfficerWorkbook(
    "Candidatures reçues au marché",
    ["Prénoms", "Nom de famille", "Né le", "Sexe", "CSP", "Adresse", "CP", "Ville", "Mail", "Tél."],
    [
        ["Amina", "Diallo", "14/03/68", "F", "employe", "3 rue du Moulin", 31190, "Auterive", "a@ex.fr", 639980000],
        ["Hugo", "Vidal", date(1990, 7, 2), "homme", "Retraité·e", "1 place", "09100", "Pamiers", "", ""],
    ],
)
SITTINGS = OfficerWorkbook(
    "Calendrier des séances",
    ["Intitulé", "Groupe", "Jour", "Heure de début", "Heure de fin", "Salle", "Public"],
    [
        ["Plénière de printemps", "", "samedi 13 mars 2027", "9h", "17 h 00", "Hôtel du département", "oui"],
        ["Groupe Habiter", "Habiter", date(2027, 3, 16), time(18, 30), "20:30", "Salle Pyrène", "non"],
    ],
    choose={"Groupe": "body", "Jour": "day", "Salle": "place_name", "Public": "is_public"},
)
PERSONS = OfficerWorkbook(
    "Élus et agents invités",
    ["NOM", "Prénom", "Fonction", "Mail", "Tél fixe", "Adresse postale", "CP", "Ville"],
    [
        ["Roux", "Odile", "conseillère départementale", "odile.roux@ex.fr", "05.61.00.00.00", "", "", ""],
        ["Gil", "Paul", "expert", "", "", "3 rue du Moulin", 31190, "Auterive"],
    ],
    choose={"Fonction": "capacity"},
)
REFERRALS = OfficerWorkbook(
    "Saisines envisagées",
    ["Sujet", "Question", "Service pilote", "Directions associées", "Début des travaux", "Avis attendu"],
    [
        ["Bien vieillir", "Comment ?", "Direction de l’Auto", "", "4 janvier 2027", "30/06/27"],
        ["Se déplacer", "Où ?", "", "Direction de l’Autonomie ; Routes", date(2027, 2, 1), date(2027, 9, 1)],
    ],
    choose={
        "Sujet": "title",
        "Question": "question",
        "Service pilote": "lead",
        "Début des travaux": "work_starts_on",
        "Avis attendu": "due_on",
    },
)
LISTS = {
    "members:": (MEMBERS, Mandate, {"state": "proposed"}),
    "draws:": (CANDIDATES, Candidate, {"consent": "on"}),
    "sittings:": (SITTINGS, Sitting, {}),
    "consultations:": (REFERRALS, Referral, {}),
    "members:person-": (PERSONS, Contact, {}),
}


@pytest.fixture
def desk(signed_in, people):
    CantonFactory(assembly=people.assembly, number=1, name="Auterive", slug="auterive")
    CommitteeFactory(term=people.term, name="Habiter", slug="habiter")
    CallFactory(term=people.term)
    DirectorateFactory(assembly=people.assembly, name="Direction des Routes")
    assert people.directorate.name == "Direction de l’Autonomie"
    mandates.create_seats(people.term, by=people["lead"])
    return signed_in("officer")


@pytest.mark.parametrize("name", LISTS)
def test_a_workbook_writes_its_rows(desk, people, name):
    workbook, model, confirmation = LISTS[name]
    answer = desk.post(reverse(f"{name}import-start"), {"file": workbook.file()}, follow=True)
    batch = ImportBatch.objects.latest("pk")
    assert "colonnes" in answer.request["PATH_INFO"]
    rows = answer.context["form"].rows()
    data = {field.name: workbook.choose.get(column.title, column.key) for column, field in rows}
    answer = desk.post(answer.request["PATH_INFO"], data | {"sheet": 0}, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    batch.refresh_from_db()
    assert [error for error in batch.errors if error["column"]] == []
    assert len(batch.errors) == len(workbook.last)
    assert desk.post(reverse(f"{name}import-confirm", args=[batch.public_id]), confirmation).status_code == 302
    batch.refresh_from_db()
    imports.write_rows(batch)
    batch.refresh_from_db()
    assert (batch.counters["create"], batch.counters["late"], batch.errors) == (2, 0, batch.errors[:1])
    assert model.objects.count() == 2
    desk.post(reverse(f"{name}import-start"), {"file": workbook.file()})
    again = ImportBatch.objects.latest("pk")
    assert (again.counters["create"], again.counters["same"], again.source.are_columns_known) == (0, 2, True)
    if model is Sitting:
        plenary, group = Sitting.objects.order_by("starts_at")
        assert (plenary.kind, plenary.state, group.committee.name) == ("plenary", "planned", "Habiter")
        assert [f"{moment:%d/%m %H:%M}" for moment in (plenary.starts_at, group.starts_at)] == [
            "13/03 08:00",
            "16/03 17:30",
        ]

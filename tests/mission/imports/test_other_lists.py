"""Workbooks of the lists that are no registers: members, candidates, sittings, people without account."""

from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse

from assembly.imports import actions as imports
from assembly.imports.columns import guess_columns
from assembly.imports.models import ImportBatch
from assembly.imports.tables import read_sheets
from assembly.institution.models import Canton, Committee, CommitteeMembership, Directorate, Invitation
from consultations.models import Referral
from draws.models import Candidate
from members.mandates import actions as mandates
from members.models import Contact, Mandate
from sessions.expenses.importing import CLAIM_ROWS
from sessions.models import ExpenseClaim, ExpenseRate, Sitting
from tests.factories.candidates import CallFactory
from tests.factories.identity import PersonFactory
from tests.factories.institution import CantonFactory, CommitteeFactory, DirectorateFactory
from tests.factories.life import ExpenseRateFactory
from tests.factories.members import ContactFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory
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
BODIES = OfficerWorkbook(
    "GROUPES ET INSTANCES",
    ["Groupe", "Nature", "Mission confiée", "Création", "Cantons concernés"],
    [
        ["Vieillir chez soi", "groupe de trav", "Rédiger l’avis", "lundi 4 janv. 2027", ""],
        ["Commission du sud", "commission terr", "", date(2027, 1, 11), "Auterive ; Muret"],
    ],
    [["TOTAL", 2]],
    {
        "Groupe": "name",
        "Nature": "kind",
        "Mission confiée": "purpose",
        "Création": "opened_on",
        "Cantons concernés": "cantons",
    },
)
SEATS = OfficerWorkbook(
    "Composition des groupes",
    ["Groupe", "NOM", "Prénom", "Rôle dans le groupe", "Depuis le", "Jusqu’au"],
    [
        ["Habiter", "Roux", "Odile", "présidence", "4/1/2027", ""],
        ["habiter", "Gil", "Paul", "membre", date(2027, 1, 4), "30.06.27"],
    ],
    choose={"Groupe": "committee", "Rôle dans le groupe": "function", "Depuis le": "starts_on"},
)
DIRECTORATES = OfficerWorkbook(
    "Organigramme",
    ["Sigle", "Service", "Directeur", "Poste"],
    [
        ["DGS", "Direction générale des services", "M. Vidal", 1201],
        ["enfance", "Direction de l’Enfance", "", "05 61 00 00 00"],
    ],
    choose={"Service": "name", "Directeur": "", "Poste": ""},
)
CANTONS = OfficerWorkbook(
    "Les cantons",
    ["N°", "Canton", "Chef-lieu", "INSEE", "CP", "Type"],
    [[14, "Muret", "Muret", 31395, 31600, "périurbain"], ["15", "Revel", "Revel", "31451", "31250", ""]],
    [["Total", "", "", "", "", 2]],
    {"N°": "number", "Chef-lieu": "seat_commune", "INSEE": "insee_code", "Type": "kind"},
)
ACCOUNTS = OfficerWorkbook(
    "Accès à ouvrir",
    ["NOM", "Prénom", "Fonction", "Mail", "Accès demandé", "Service"],
    [
        ["Sanchez", "Inès", "chargée de mission", "ines.sanchez@ex.fr", "chargé·e de mission", ""],
        ["Faure", "Luc", "directeur", "", "directeur ou directrice", "Direction de l’Auto"],
    ],
    choose={"Fonction": "capacity", "Accès demandé": "role"},
)
RATES = OfficerWorkbook(
    "Barème des frais",
    ["Nature des frais", "Tarif", "Forfait", "À partir du", "Jusqu’au", "Délibération", "Votée le"],
    [
        ["Billet", "80,00 €", "non", "1er janvier 2026", "31/12/26", "2025-11-12", "12/11/2025"],
        ["nuit d’h", 90.0, "", date(2026, 1, 1), "", "2025-11-12", date(2025, 11, 12)],
    ],
    choose={"Nature des frais": "kind", "Tarif": "amount", "Délibération": "decision_reference"},
)
CLAIMS = OfficerWorkbook(
    "Frais de la plénière",
    ["Séance", "NOM", "Prénom", "Arrivée le", "Km A/R", "Repas", "Repas payé", "Justif. vus"],
    [
        ["12/05/2026", "Roux", "Odile", "20 mai 2026", 84, 1, "15,50 €", "oui"],
        ["Plénière de prin", "Gil", "Paul", date(2026, 5, 21), "12,5", "", "", ""],
    ],
    [["TOTAL", "", "", "", 96.5, 1]],
    {
        "Arrivée le": "received_on",
        "Km A/R": "quantity_km",
        "Repas": "quantity_meal",
        "Repas payé": "cost_meal",
        "Justif. vus": "is_seen",
    },
)
LISTS = {
    "members:": (MEMBERS, Mandate, {"state": "proposed"}),
    "draws:": (CANDIDATES, Candidate, {"consent": "on"}),
    "sittings:": (SITTINGS, Sitting, {}),
    "consultations:": (REFERRALS, Referral, {}),
    "members:person-": (PERSONS, Contact, {}),
    "imports:body-": (BODIES, Committee, {}),
    "imports:seat-": (SEATS, CommitteeMembership, {}),
    "imports:directorate-": (DIRECTORATES, Directorate, {}),
    "imports:canton-": (CANTONS, Canton, {}),
    "imports:account-": (ACCOUNTS, Invitation, {"agreed": "on"}),
    "sittings:expense-rates-": (RATES, ExpenseRate, {}),
    "sittings:expense-claims-": (CLAIMS, ExpenseClaim, {}),
}
MAY, EVENING = datetime(2026, 5, 12, 7, 30, tzinfo=UTC), datetime(2026, 5, 12, 15, tzinfo=UTC)
OF_LEADS = ("imports:directorate-", "imports:canton-", "imports:account-", "sittings:expense-rates-")


@pytest.fixture
def desk(signed_in, people, request):
    name = request.node.callspec.params["name"]
    if name == "imports:seat-":
        for last_name, first_name in (("Roux", "Odile"), ("Gil", "Paul")):
            ContactFactory(assembly=people.assembly, person__last_name=last_name, person__first_name=first_name)
    if name == "sittings:expense-claims-":
        for kind, more in (("km", {}), ("meal", {"is_flat": False, "amount": 20})):
            ExpenseRateFactory(term=people.term, kind=kind, valid_from=date(2026, 1, 1), **more)
        held = SittingFactory(
            term=people.term, title="Plénière de printemps", held=True, starts_at=MAY, ends_at=EVENING
        )
        for last_name, first_name in (("Roux", "Odile"), ("Gil", "Paul")):
            person = PersonFactory(last_name=last_name, first_name=first_name)
            AttendanceFactory(invitee=InviteeFactory(sitting=held, person=person), arrived_at=MAY, left_at=EVENING)
    if name == "imports:body-":
        CantonFactory(assembly=people.assembly, number=2, name="Muret", slug="muret")
    CantonFactory(assembly=people.assembly, number=1, name="Auterive", slug="auterive")
    CommitteeFactory(term=people.term, name="Habiter", slug="habiter")
    CallFactory(term=people.term)
    DirectorateFactory(assembly=people.assembly, name="Direction des Routes")
    assert people.directorate.name == "Direction de l’Autonomie"
    mandates.create_seats(people.term, by=people["lead"])
    return signed_in("lead" if name in OF_LEADS else "officer")


@pytest.mark.parametrize("name", LISTS)
def test_a_workbook_writes_its_rows(desk, people, name):
    workbook, model, confirmation = LISTS[name]
    before = model.objects.count()
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
    assert model.objects.count() == before + 2
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


def test_what_officers_write_above_the_columns_of_claims_is_known():
    header = ["Km", "Nb repas", "Montant repas", "Train", "Frais de garde", "Hôtel", "Vus"]
    content = "\n".join((";".join(header), "84;1;15,50;12;30;70;oui"))
    sheets, _notes = read_sheets(content.encode(), 500)
    found = guess_columns(sheets[0], CLAIM_ROWS.columns(), {})
    assert [column.key for column in found.columns] == [
        "quantity_km", "quantity_meal", "cost_meal", "cost_ticket", "cost_childcare", "cost_lodging", "is_seen",
    ]  # fmt: skip

"""Files that must not do what they say: no right, another person’s address, twice the same, another assembly."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assembly.identity.models import Person
from assembly.imports import actions as imports
from assembly.imports.models import BatchState, ImportBatch
from assembly.institution.models import Canton, Committee, CommitteeMembership, Invitation, RoleAssignment
from assembly.notifications.models import Delivery
from sessions.models import ExpenseClaim, ExpenseRate
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory
from tests.factories.life import ExpenseRateFactory
from tests.factories.members import ContactFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db

HEADS = {
    "accounts": "Prénom;Nom;Qualité;Adresse électronique;Rôle;Direction",
    "cantons": "Numéro;Canton;Bureau centralisateur",
    "rates": (
        "Nature;Montant par unité, en euros;Forfait, sans justificatif;Du;Au;Délibération du Conseil;Délibérée le"
    ),
    "claims": "Séance;Nom;Prénom;Reçue;Reçue le;Trajet en voiture, kilomètres",
    "bodies": "Référence;Nom;Type;Objet",
    "body-seats": "Comité;Nom;Prénom;Fonction;Du",
}


def previewed(people, kind, *lines, who="lead"):
    content = "\n".join([HEADS[kind], *lines]).encode()
    return imports.preview(people.term, content, "liste.csv", by=people[who], kind=kind)


def errors_of(batch):
    return [(error["line"], error["column"]) for error in batch.errors]


@pytest.mark.parametrize("kind", ["accounts", "cantons", "rates"])
def test_an_officer_sends_no_file_of_the_lead(people, kind):
    with pytest.raises(PermissionDenied):
        previewed(people, kind, ";;", who="officer")
    assert not ImportBatch.objects.exists()


def test_a_right_that_ended_before_the_writing_stops_it(people):
    batch = previewed(people, "accounts", "Inès;Sanchez;;i@exemple.fr;chargé·e de mission;")
    imports.start(batch, by=people["lead"])
    held = RoleAssignment.objects.get(user=people["lead"])
    RoleAssignment.objects.filter(pk=held.pk).update(ended_at="2026-01-01T00:00:00Z")
    batch = ImportBatch.objects.get(pk=batch.pk)
    with pytest.raises(PermissionDenied):
        imports.write_rows(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.done, Invitation.objects.count()) == (BatchState.STOPPED, 0, 0)


def test_nobody_is_invited_before_the_box_is_ticked(people, signed_in):
    batch = previewed(
        people,
        "accounts",
        "Inès;Sanchez;;i@exemple.fr;chargé·e de mission;",
        "Luc;Faure;;;directeur ou directrice;Direction de l’Autonomie" if people.directorate else "",
    )
    assert [row["plan"] for row in batch.rows] == ["create", "create"]
    assert Delivery.objects.count() == Invitation.objects.count() == 0
    browser, address = signed_in("lead"), reverse("imports:account-import-confirm", args=[batch.public_id])
    assert browser.post(address).status_code == 422
    assert Delivery.objects.count() == Invitation.objects.count() == 0
    assert browser.post(address, {"agreed": "on"}).status_code == 302
    imports.write_rows(ImportBatch.objects.get(pk=batch.pk))
    assert sorted(Invitation.objects.values_list("email", "role")) == [
        ("", "dir_approver"),
        ("i@exemple.fr", "officer"),
    ]
    assert sorted(Delivery.objects.values_list("person__last_name", flat=True)) == [
        "Faure",
        "Sanchez",
    ]  # one by letter
    assert not RoleAssignment.objects.filter(user__person__last_name__in=["Sanchez", "Faure"]).exists()
    again = previewed(people, "accounts", "Inès;Sanchez;;i@exemple.fr;chargé·e de mission;")
    assert [row["plan"] for row in again.rows] == ["same"]


def test_an_account_gets_no_role_by_a_file(people):
    mine, other = people["officer"], people.elsewhere("officer")
    batch = previewed(
        people,
        "accounts",
        f"{mine.person.first_name};{mine.person.last_name};;{mine.email};responsable de la mission;",
        f"Autre;Nom;;{mine.email};responsable de la mission;",
        f"{other.person.first_name};{other.person.last_name};;{other.email};responsable de la mission;",
        f"{people['lead'].person.first_name};{people['lead'].person.last_name};;{people['lead'].email};chargé·e;",
    )
    assert batch.rows == []
    assert errors_of(batch) == [
        (2, "Rôle"), (3, "Adresse électronique"), (4, "Adresse électronique"), (5, "Rôle"),
    ]  # fmt: skip


def test_the_address_of_somebody_else_leaves_that_person_alone(people):
    known = PersonFactory(first_name="Rosa", last_name="Vidal", email="rosa@exemple.fr")
    batch = previewed(people, "accounts", "Inès;Sanchez;;ROSA@exemple.fr;chargé·e de mission;")
    imports.confirm(batch, by=people["lead"])
    known.refresh_from_db()
    assert (known.full_name, known.invitations.count()) == ("Rosa Vidal", 0)
    assert Person.objects.get(last_name="Sanchez").invitations.get().email == "rosa@exemple.fr"


def test_two_cantons_have_neither_one_number_nor_one_name(people):
    batch = previewed(people, "cantons", "7;Muret;", "7;Revel;", "8;Múret;", "x;Auch;", "9;§;")
    assert errors_of(batch) == [(3, ""), (5, "Numéro"), (6, "Canton")]
    result = imports.confirm(batch, by=people["lead"])
    assert (result["create"], result["late"]) == (1, 1)
    assert [*Canton.objects.values_list("number", "name")] == [(7, "Muret")]
    again = previewed(people, "cantons", "7;Muret-sur-Louge;Muret")
    assert [[value["label"] for value in row["values"]] for row in again.rows] == [["Canton", "Bureau centralisateur"]]
    Canton.objects.update(seat_commune="Ailleurs")
    assert imports.confirm(again, by=people["lead"])["late"] == 1


def test_a_rate_does_not_overlap_another(people):
    ExpenseRateFactory(term=people.term, kind="km", valid_from=date(2026, 1, 1))
    line = "trajet en voiture;0,50;oui;{};;2026-06-D1;01/06/2026"
    batch = previewed(people, "rates", line.format("01/07/2026"))
    assert batch.rows == []
    assert "vaut déjà à ces dates" in batch.errors[0]["message"]
    batch = previewed(people, "rates", *(f"repas;20;non;{day};;D;01/06/2026" for day in ("1/7/26", "2/7/26")))
    assert imports.confirm(batch, by=people["lead"]) == {"create": 1, "update": 0, "same": 0, "late": 1, "refused": 0}
    assert ExpenseRate.objects.count() == 2


def test_a_claim_is_only_of_somebody_who_came(people):
    start = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
    ExpenseRateFactory(term=people.term, kind="km", valid_from=date(2026, 1, 1))
    held = SittingFactory(term=people.term, held=True, starts_at=start, ends_at=start.replace(hour=15))
    elsewhere = people.elsewhere("officer").roles.get().term
    SittingFactory(term=elsewhere, held=True, title="Ailleurs", starts_at=start, ends_at=start.replace(hour=15))
    batch = previewed(
        people,
        "claims",
        f"{held.reference};Inconnue;Ada;sur papier;20/05/2026;84",
        "Ailleurs;Roux;Odile;sur papier;20/05/2026;84",
        f"{held.reference};Roux;Odile;sur papier;20/05/2099;84",
        who="officer",
    )
    assert (batch.rows, [line for line, _column in errors_of(batch)]) == ([], [2, 3, 4])
    assert not ExpenseClaim.objects.exists()


def test_rows_of_another_assembly_are_unknown(people, signed_in):
    other = people.elsewhere("officer")
    term = other.roles.get().term
    body = CommitteeFactory(term=term, name="Groupe d’ailleurs")
    contact = ContactFactory(assembly=term.assembly, person__last_name="Roux", person__first_name="Odile")
    batch = previewed(people, "bodies", f"groupe-{body.pk};Pris;groupe de travail;", who="officer")
    assert errors_of(batch) == [(2, "Référence")]
    own = CommitteeFactory(term=people.term, name="Habiter")
    batch = previewed(
        people,
        "body-seats",
        f"Groupe d’ailleurs;{contact.person.last_name};{contact.person.first_name};membre;1/2/2026",
        f"{own.name};{contact.person.last_name};{contact.person.first_name};membre;1/2/2026",
        who="officer",
    )
    assert errors_of(batch) == [(2, "Comité"), (3, "Nom")]
    theirs = imports.preview(term, b"Nom;Type\nX;groupe de travail\n", "x.csv", by=other, kind="bodies")
    assert signed_in("officer").get(reverse("imports:body-import-page", args=[theirs.public_id])).status_code == 404
    assert (Committee.objects.count(), CommitteeMembership.objects.count()) == (2, 0)


def test_a_body_that_somebody_saved_since_the_preview_stays(people):
    body = CommitteeFactory(term=people.term, name="Habiter", purpose="")
    batch = previewed(people, "bodies", f"groupe-{body.pk};Habiter mieux;groupe de travail;Écrire", who="officer")
    assert [row["plan"] for row in batch.rows] == ["update"]
    Committee.objects.filter(pk=body.pk).update(purpose="Autre chose")
    assert imports.confirm(batch, by=people["officer"])["late"] == 1
    body.refresh_from_db()
    assert (body.name, body.purpose) == ("Habiter", "Autre chose")

"""What a row has stays a choice of its own form, whatever became of it; nobody else is offered it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly.imports.models import ImportBatch
from assembly.institution.models import RoleAssignment
from mission.legal.models import LegalItem
from mission.mailings.models import ListMessage, MailingList
from mission.trips.models import TripTraveller
from tests.factories.identity import UserFactory
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory
from tests.factories.mission import LegalItemFactory
from tests.mission.example import EXAMPLES

LIST = "/bureau/mission/juridique/"


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


@pytest.fixture
def row(people):
    """Make a row of a closed directorate, followed by somebody who left."""
    owner = UserFactory(person__first_name="Odile", person__last_name="Partie")
    RoleAssignmentFactory(user=owner, role="officer", assembly=people.assembly)
    closed = DirectorateFactory(assembly=people.assembly, name="Direction des Routes")
    made = LegalItemFactory(assembly=people.assembly, name="Assurance", directorate=closed, owner=owner)
    closed.closed_on = timezone.localdate()
    closed.save()
    RoleAssignment.objects.filter(user=owner).update(ended_at=timezone.now())
    return made


def right(row, **other):
    kept = {"directorate": row.directorate_id or "", "owner": row.owner_id or ""}
    return {"name": row.name, "kind": row.kind, "renewal": "none", "version": row.version, **kept, **other}


def test_a_row_keeps_what_has_closed_or_left(desk, row):
    page = desk.get(f"{LIST}{row.pk}/modifier/").context["form"]
    assert str(page["directorate"]).count("Direction des Routes") == 1
    assert str(page["owner"]).count("Odile Partie") == 1
    sent = right(row, name="Assurance des membres")
    assert desk.post(f"{LIST}{row.pk}/modifier/", sent).status_code == 302
    kept = LegalItem.objects.get()
    assert (kept.name, kept.directorate_id, kept.owner_id) == (
        "Assurance des membres",
        row.directorate_id,
        row.owner_id,
    )


def test_others_are_not_offered_it(desk, row, people):
    other = LegalItemFactory(assembly=people.assembly)
    for address in ("nouveau/", f"{other.pk}/modifier/"):
        page = desk.get(f"{LIST}{address}").context["form"]
        assert "Direction des Routes" not in str(page["directorate"])
        assert "Odile Partie" not in str(page["owner"])
    sent = right(other, directorate=row.directorate_id, owner=row.owner_id)
    response = desk.post(f"{LIST}{other.pk}/modifier/", sent)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"directorate", "owner"})


def test_its_file_comes_in_again(desk, row):
    told = f"Référence;Nom;Direction;Suivi par\n{row.reference};Assurance 2;Direction des Routes;Odile Partie\n"
    file = SimpleUploadedFile("juridique.csv", told.encode(), "text/csv")
    assert desk.post(f"{LIST}importer/", {"file": file}).status_code == 302
    batch = ImportBatch.objects.latest("pk")
    assert (batch.errors, [line["plan"] for line in batch.rows]) == ([], ["update"])


def test_a_choice_costs_no_more_once_many_are_offered(desk, row, people, django_assert_num_queries):
    desk.get(f"{LIST}{row.pk}/modifier/")
    with django_assert_num_queries(8):
        desk.get(f"{LIST}{row.pk}/modifier/")
    for _each in range(3):
        DirectorateFactory(assembly=people.assembly)
        RoleAssignmentFactory(role="officer", assembly=people.assembly)
    with django_assert_num_queries(8):
        desk.get(f"{LIST}{row.pk}/modifier/")


def test_a_line_keeps_who_left(desk, people):
    line = EXAMPLES["trips"].line(people)
    assert isinstance(line, TripTraveller)
    line.post.state, line.post.ends_on = "left", timezone.localdate()
    line.post.save()
    address = f"/bureau/mission/deplacements/{line.row_id}/voyageurs/{line.pk}/"
    assert desk.post(address, {"post": line.post_id, "version": line.version}).status_code == 302


def test_a_message_keeps_a_list_that_closed(desk, people):
    message = EXAMPLES["messages"].row(people, "draft")
    MailingList.objects.update(state="closed")
    sent = {"mailing_list": message.mailing_list_id, "name": "Objet", "body": "Bonjour", "version": message.version}
    assert desk.post(f"/bureau/mission/messages/{message.pk}/modifier/", sent).status_code == 302
    assert ListMessage.objects.get().name == "Objet"

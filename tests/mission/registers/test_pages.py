"""The pages that every register has, tried on partners: list, board, form, versions, lines, what waits."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.todo import todo_for
from mission.partners.models import Partner, PartnerContact
from tests.factories.institution import AssemblyFactory, CantonFactory
from tests.factories.mission import PartnerFactory

LIST = "/bureau/mission/partenaires/"
RIGHT = {"name": "CDCA", "kind": "network", "topics": "Autonomie, aidants, autonomie"}


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def names(response):
    return [row.name for row in response.context["list"].page]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_at_one_and_three_rows(desk, people, rows, django_assert_num_queries):
    for number in range(rows):
        PartnerFactory(canton=CantonFactory(), owner=people["lead"], name=f"P{number}", topics=["eau"])
    desk.get(LIST)
    with django_assert_num_queries(8):
        assert len(names(desk.get(LIST))) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_board_costs_the_same_at_one_and_three_rows(desk, people, rows, django_assert_num_queries):
    for number in range(rows):
        PartnerFactory(owner=people["lead"], name=f"P{number}")
    desk.get(f"{LIST}?vue=tableau")
    with django_assert_num_queries(8):
        lanes = desk.get(f"{LIST}?vue=tableau").context["lanes"]
    assert [(lane.state, lane.count) for lane in lanes] == [
        ("to_contact", rows),
        ("active", 0),
        ("dormant", 0),
        ("ended", 0),
        ("merged", 0),
    ]


def test_filters_search_and_days(desk):
    today = timezone.localdate()
    PartnerFactory(name="Élan des cantons", topics=["eau"], due_on=today - timedelta(days=1))
    PartnerFactory(name="Cerema", kind="state", topics=["mobilité"], due_on=today + timedelta(days=3))
    PartnerFactory(name="Fini", kind="epci", topics=["air"], state="ended", due_on=today - timedelta(days=9))
    PartnerFactory(name="Ailleurs", assembly=AssemblyFactory(second=True))
    found = {
        query: names(desk.get(f"{LIST}?{query}"))
        for query in ("q=elan", "type=state", "theme=eau", "echeance=retard", "echeance=30", "etat=ended", "type=x")
    }
    assert found == {
        "q=elan": ["Élan des cantons"],
        "type=state": ["Cerema"],
        "theme=eau": ["Élan des cantons"],
        "echeance=retard": ["Élan des cantons"],
        "echeance=30": ["Cerema"],
        "etat=ended": ["Fini"],
        "type=x": ["Cerema", "Élan des cantons", "Fini"],
    }


def test_columns_are_chosen_and_moved_by_the_address(desk):
    PartnerFactory()
    page = desk.get(f"{LIST}?col=type&col=etat&col=canton&monter=etat&col=rien")
    assert [column["label"] for column in page.context["list"].columns] == ["Nom", "État", "Type", "Canton"]


def test_where_every_column_is_unticked_the_name_stands_alone(desk):
    PartnerFactory(name="Cerema", kind="state")
    choice = desk.get(LIST).content.decode().split('class="columns')[1]
    sent = re.findall('<input type="hidden" name="col" value="([^"]+)">', choice)  # what goes without a tick
    page = desk.get(LIST, {"col": sent})
    assert [column["label"] for column in page.context["list"].columns] == ["Nom"]
    assert not any(is_chosen for _column, is_chosen in page.context["chosen"])
    assert "Cerema" in page.content.decode()
    written = desk.get(f"{LIST}export/", {"col": sent}).content.decode()
    assert "Cerema" in written
    assert "État" not in written
    unknown = desk.get(f"{LIST}?col=rien")
    assert len(unknown.context["list"].columns) > 1


def test_a_column_that_was_moved_stays_there_in_files_filters_and_kept_views(desk):
    PartnerFactory(name="Cerema", kind="state")
    moved = desk.get(f"{LIST}?col=nom&col=type&col=etat&monter=etat").content.decode()
    assert 'col=etat&amp;col=type"' in moved  # what is kept, then what each file is asked with
    assert 'export/?col=etat&amp;col=type"' in moved
    filters = moved.split("Filtrer")[0]
    assert re.findall('<input type="hidden" name="col" value="([^"]+)">', filters) == ["etat", "type"]
    usual = desk.get(f"{LIST}?q=ce").content.decode()
    assert 'name="col"' not in usual.split("Filtrer")[0]
    assert 'export/?q=ce"' in usual


def test_a_view_kept_with_columns_is_the_current_one_when_they_are_chosen_anew(desk):
    PartnerFactory(name="Cerema", kind="state")
    kept = f"{reverse('saved_views:list', args=['partners'])}?col=etat&col=type"
    assert desk.post(kept, {"name": "Courte"}).status_code == 302
    for asked in ("col=nom&col=etat&col=type", "col=etat&col=type", "col=nom&col=type&col=etat&monter=etat"):
        assert 'aria-current="true">Courte</a>' in desk.get(f"{LIST}?{asked}").content.decode(), asked
    other = desk.get(f"{LIST}?col=nom&col=type&col=etat").content.decode()
    assert "Courte</a>" in other
    assert 'aria-current="true">Courte</a>' not in other


def test_a_row_is_made_with_a_reference_and_a_line_of_the_journal(desk, people):
    response = desk.post(f"{LIST}nouveau/", RIGHT)
    made = Partner.objects.get()
    assert response.headers["Location"] == reverse("mission:partners-row", args=[made.pk])
    year = timezone.localdate().year
    assert (made.reference, made.topics, made.version, made.created_by) == (
        f"PA-{year}-01",
        ["autonomie", "aidants"],
        1,
        people["officer"],
    )
    assert Entry.objects.filter(event_type="partner.created", subject_id=str(made.pk)).count() == 1


def test_an_invalid_form_loses_nothing(desk):
    response = desk.post(f"{LIST}nouveau/", {**RIGHT, "kind": "", "territory": "Volvestre"})
    assert response.status_code == 422
    assert "Volvestre" in response.content.decode()
    assert not Partner.objects.exists()


def test_the_second_of_two_writers_reads_both_texts(desk):
    row = PartnerFactory(name="CDCA", kind="network")
    address = reverse("mission:partners-edit", args=[row.pk])
    assert desk.post(address, {**RIGHT, "name": "CDCA 31", "version": 1}).status_code == 302
    late = desk.post(address, {**RIGHT, "name": "Conseil", "version": 1})
    assert late.status_code == 409
    assert "CDCA 31" in late.content.decode()
    assert "Conseil" in late.content.decode()
    # who was first is the same person here, in another tab: the sentence is true of both
    assert "par une autre personne ou par vous dans un autre onglet" in late.content.decode()
    assert desk.post(address, {**RIGHT, "name": "Conseil", "version": 2}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.version) == ("Conseil", 3)


def test_lines_are_added_corrected_and_taken_away(desk, people):
    row = PartnerFactory()
    add = reverse("mission:partners-line-add", args=[row.pk, "contacts"])
    assert desk.post(add, {"first_name": "Rosa", "last_name": "Vidal", "function": "Présidente"}).status_code == 302
    line = PartnerContact.objects.get()
    place = [row.pk, "contacts", line.pk]
    change = {"first_name": "Rose", "last_name": "Vidal", "function": "Directrice", "version": 1}
    assert desk.post(reverse("mission:partners-line", args=place), change).status_code == 302
    line = PartnerContact.objects.select_related("person").get()
    assert (line.person.first_name, line.function) == ("Rose", "Directrice")
    assert desk.post(reverse("mission:partners-line", args=place), change).status_code == 409
    assert desk.post(reverse("mission:partners-line-remove", args=place)).status_code == 302
    assert not PartnerContact.objects.exists()
    verbs = Entry.objects.filter(dossier_type="mission.Partner", dossier_id=str(row.pk)).order_by("pk")
    assert list(verbs.values_list("event_type", flat=True)) == [
        "partner.line_added",
        "partner.line_changed",
        "partner.line_removed",
    ]


def test_a_line_of_another_row_is_not_found(desk):
    row, other = PartnerFactory(), PartnerFactory()
    desk.post(reverse("mission:partners-line-add", args=[row.pk, "contacts"]), {"first_name": "R", "last_name": "V"})
    line = PartnerContact.objects.get()
    assert desk.get(reverse("mission:partners-line", args=[other.pk, "contacts", line.pk])).status_code == 404
    assert desk.get(reverse("mission:partners-line", args=[row.pk, "conventions", line.pk])).status_code == 404


def test_what_waits_is_told_in_one_statement(people, django_assert_num_queries):
    today = timezone.localdate()
    late = PartnerFactory(name="CDCA", due_on=today - timedelta(days=2))
    PartnerFactory(name="Plus tard", due_on=today + timedelta(days=31))
    PartnerFactory(name="Fini", state="ended", due_on=today)
    PartnerFactory(name="Ailleurs", assembly=AssemblyFactory(second=True), due_on=today)
    agreed = PartnerFactory(name="Cerema")
    agreed.agreements.create(
        title="Données",
        starts_on=today,
        ends_on=today + timedelta(days=89),
        created_by=people["lead"],
        changed_by=people["lead"],
    )
    lines = [
        (line.title, line.due_on)
        for line in todo_for(people["officer"], "desk", people.term).lines
        if line.url.startswith(LIST)
    ]
    assert lines == [
        ("Relancer CDCA", late.due_on),
        ("Renouveler la convention avec Cerema", today + timedelta(days=89)),
    ]
    assert not [
        line for line in todo_for(people["facilitator"], "desk", people.term).lines if line.url.startswith(LIST)
    ]

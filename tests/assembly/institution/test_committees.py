"""Committees and their dated seats; directorates; who may."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.institution import queries
from assembly.institution.actions import committees as actions, directorates
from assembly.institution.models import (
    Committee,
    CommitteeFunction,
    CommitteeKind,
    CommitteeMembership,
    Directorate,
    Role,
)
from tests.factories.identity import PersonFactory
from tests.factories.institution import (
    CantonFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    DirectorateFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.mark.parametrize("role", Role)
def test_only_the_team_opens_changes_and_closes(role, people):
    committee, person = CommitteeFactory(term=people.term), PersonFactory()
    gestures = [
        lambda by: actions.create(people.term, by=by, name="Aidants", kind=CommitteeKind.WORKING_GROUP, opened_on=DAY),
        lambda by: actions.change(committee, by=by, name="Autre", kind=CommitteeKind.STEERING),
        lambda by: actions.add_member(committee, person, by=by, starts_on=DAY),
        lambda by: actions.close(committee, by=by, on=date(2026, 6, 1)),
    ]
    for gesture in gestures:
        if role in {Role.LEAD, Role.OFFICER}:
            gesture(people[role])
        else:
            with pytest.raises(PermissionDenied):
                gesture(people[role])
    assert Entry.objects.count() == (4 if role in {Role.LEAD, Role.OFFICER} else 0)


def test_names_may_repeat_addresses_do_not(people):
    made = [
        actions.create(people.term, by=people["lead"], name="Été", kind=CommitteeKind.THEMATIC, opened_on=DAY)
        for _ in range(3)
    ]
    assert [committee.slug for committee in made] == ["ete", "ete-2", "ete-3"]


def test_one_function_is_held_once_at_a_time(people):
    committee, person = CommitteeFactory(term=people.term), PersonFactory()
    first = actions.add_member(committee, person, by=people["officer"], starts_on=DAY)
    with pytest.raises(ValidationError, match="tient déjà"):
        actions.add_member(committee, person, by=people["officer"], starts_on=date(2026, 4, 1))
    actions.add_member(committee, person, by=people["officer"], starts_on=DAY, function=CommitteeFunction.RAPPORTEUR)
    actions.end_member(first, by=people["officer"], on=date(2026, 3, 31))
    actions.add_member(committee, person, by=people["officer"], starts_on=date(2026, 4, 1))
    assert committee.memberships.count() == 3


def test_closing_ends_the_seats_still_open_that_day(people):
    seat = CommitteeMembershipFactory(committee__term=people.term)
    actions.close(seat.committee, by=people["lead"], on=date(2026, 6, 1))
    seat.refresh_from_db()
    assert seat.ends_on == date(2026, 6, 1)
    with pytest.raises(PermissionDenied):
        actions.add_member(seat.committee, PersonFactory(), by=people["lead"], starts_on=DAY)


def test_a_committee_from_the_screen(signed_in, people):
    browser = signed_in("officer")
    canton = CantonFactory(assembly=people.assembly)
    form = {"name": "Comité de pilotage", "kind": "steering", "opened_on": "2026-01-10", "cantons": [canton.pk]}
    response = browser.post(reverse("institution:committee-create"), form)
    committee = Committee.objects.get()
    assert response.headers["Location"] == reverse("institution:committee", args=[committee.pk])
    person = people["dir_contact"].person
    page = browser.get(reverse("institution:committee", args=[committee.pk]))
    assert person.full_name in page.content.decode()
    add = reverse("institution:seat-add", args=[committee.pk])
    seat_form = {"person": person.pk, "function": "chair", "starts_on": "2026-01-10"}
    browser.post(add, seat_form)
    again = browser.post(add, seat_form)
    assert again.status_code == 422
    assert "tient déjà cette fonction" in again.content.decode()
    assert f'value="{person.pk}"' in again.content.decode()
    seat = CommitteeMembership.objects.get()
    assert browser.get(reverse("institution:seat-end", args=[seat.pk])).status_code == 200
    browser.post(reverse("institution:seat-end", args=[seat.pk]), {"on": "2026-02-01"})
    assert "Anciens membres" in browser.get(reverse("institution:committee", args=[committee.pk])).content.decode()
    changed = {"name": "COPIL", "kind": "steering", "purpose": "Piloter"}
    browser.post(reverse("institution:committee-change", args=[committee.pk]), changed)
    assert (
        "Comité de pilotage → COPIL"
        in browser.get(reverse("institution:committee", args=[committee.pk])).content.decode()
    )
    early = browser.post(reverse("institution:committee-close", args=[committee.pk]), {"on": "2025-01-01"})
    assert early.status_code == 422
    assert "doit venir après la création" in early.content.decode()
    committee.refresh_from_db()
    assert committee.closed_on is None
    browser.post(reverse("institution:committee-close", args=[committee.pk]), {"on": "2026-05-01"})
    committee.refresh_from_db()
    assert committee.closed_on == date(2026, 5, 1)
    csv = browser.get(reverse("institution:committee-export")).content.decode("utf-8-sig")
    assert "COPIL" in csv


def test_people_of_another_assembly_are_not_found(people):
    committee = CommitteeFactory(term=people.term)
    other = people.elsewhere("officer").person
    assert other not in queries.candidates_for(committee.term)
    assert people["member"].person in queries.candidates_for(committee.term)


def test_a_facilitator_reads_names_and_changes_nothing(signed_in, people):
    seat = CommitteeMembershipFactory(committee__term=people.term)
    page = signed_in("facilitator").get(reverse("institution:committee", args=[seat.committee_id])).content.decode()
    assert seat.person.full_name in page
    assert seat.person.email not in page
    assert "Faire entrer" not in page


def test_a_committee_shows_a_page_of_its_seats_and_those_who_left_apart(signed_in, people):
    """Ten thousand people sit in the committees of a hundred terms: a page holds fifty of them."""
    committee = CommitteeFactory(term=people.term)
    names = [f"Roux{number:02}" for number in range(52)]
    for name in names:
        CommitteeMembershipFactory(committee=committee, person__last_name=name, person__first_name="Rosa")
    left = {"starts_on": DAY, "ends_on": date(2026, 4, 3)}
    CommitteeMembershipFactory(committee=committee, person__last_name="Partie", person__first_name="Ada", **left)
    browser, url = signed_in("officer"), reverse("institution:committee", args=[committee.pk])
    first = browser.get(url)
    assert [seat.person.last_name for seat in first.context["page"]] == names[:50]
    assert [
        seat.person.last_name for seat in browser.get(url, {"apres": first.context["page"].after}).context["page"]
    ] == (names[50:])
    assert "Membres, 52" in first.text
    table = browser.get(url, {"anciens": "oui"}).text.split("<tbody>")[1].split("</tbody>")[0]
    assert "du 1er mars 2026 au 3 avril 2026" in " ".join(table.split())
    assert "Roux00" not in table
    assert "Finir" not in table


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_questions(count, signed_in, people, django_assert_num_queries):
    browser = signed_in("lead")
    for _ in range(count):
        CommitteeMembershipFactory(committee__term=people.term)
        DirectorateFactory(assembly=people.assembly)
    for name, questions in (("committees", 4), ("directorates", 6), ("terms", 5), ("cantons", 4)):
        browser.get(reverse(f"institution:{name}"))
        with django_assert_num_queries(questions, info=name):
            browser.get(reverse(f"institution:{name}"))


def test_directorates_open_change_name_and_close_with_a_successor(signed_in, people):
    browser = signed_in("lead")
    browser.post(reverse("institution:directorate-create"), {"name": "Direction de l’Eau", "code": "eau"})
    again = browser.post(reverse("institution:directorate-create"), {"name": "Direction de l’Eau bis", "code": "eau"})
    assert again.status_code == 422
    assert "porte déjà ce sigle" in again.content.decode()
    nameless = browser.post(reverse("institution:directorate-create"), {"name": "MDPH", "code": "mdph"})
    assert (nameless.status_code, "«\u00a0La MDPH\u00a0» par exemple" in nameless.content.decode()) == (422, True)
    directorate, heir = Directorate.objects.get(code="eau"), people.directorate
    browser.post(reverse("institution:directorate-rename", args=[directorate.pk]), {"name": "Direction de l’Eau vive"})
    browser.post(
        reverse("institution:directorate-close", args=[directorate.pk]), {"on": "2026-06-01", "successor": heir.pk}
    )
    directorate.refresh_from_db()
    assert (directorate.name, directorate.closed_on, directorate.successor) == (
        "Direction de l’Eau vive",
        date(2026, 6, 1),
        heir,
    )
    page = browser.get(reverse("institution:directorates")).content.decode()
    assert "reprise par la Direction de l’Autonomie" in page
    assert "Eau vive" in browser.get(reverse("institution:directorate-export")).content.decode()
    verbs = ["directorate.created", "directorate.renamed", "directorate.closed"]
    assert (
        list(
            Entry.objects.filter(event_type__startswith="directorate")
            .order_by("pk")
            .values_list("event_type", flat=True)
        )
        == verbs
    )


def test_a_directorate_closes_into_its_own_assembly_only(people):
    stranger = DirectorateFactory(assembly=people.elsewhere("lead").roles.get().assembly)
    with pytest.raises(ValidationError):
        directorates.close(people.directorate, by=people["lead"], on=DAY, successor=stranger)

"""Who finds whom: full names at the desk, the public identity among members, nobody elsewhere."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import resolve

from assembly.search.registry import source_of
from tests.assembly.search.indexing import found, hits, index_everything
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db
NAME, PUBLIC = ("person", "Gisèle Rouquette"), ("member", "Gisèle R.")
AMONG_MEMBERS = ("member", "Gisèle Rouquette")  # facilitators have no directory of the team


def gisele(**traits):
    return MandateFactory(member__person__first_name="Gisèle", member__person__last_name="Rouquette", **traits)


@pytest.mark.parametrize(
    ("who", "by_first_name", "by_last_name"),
    [
        ("lead", [NAME], [NAME]),
        ("officer", [NAME], [NAME]),
        ("facilitator", [AMONG_MEMBERS], [AMONG_MEMBERS]),
        ("member", [PUBLIC], []),
        ("dir_contact", [], []),
        ("president", [], []),
        ("dpo", [], []),
        ("stranger", [], []),
    ],
)
def test_who_finds_a_member(who, by_first_name, by_last_name, people):
    gisele()
    index_everything()
    assert found(people[who], "gisele") == by_first_name
    assert found(people[who], "rouquette") == by_last_name


def test_nobody_finds_a_member_without_signing_in_or_from_elsewhere(people):
    gisele()
    index_everything()
    assert found(AnonymousUser(), "gisele") == []
    assert found(people.elsewhere("lead"), "gisele rouquette") == []
    assert found(people.elsewhere("member"), "gisele") == []


@pytest.mark.parametrize(
    ("traits", "who_finds"),
    [
        ({"proposed": True}, ["officer"]),
        ({"declined": True}, ["officer"]),
        ({"ended": True}, ["officer"]),
        ({"suspended": True}, ["officer"]),
        ({"alternate": True}, ["officer"]),
        ({}, ["officer", "facilitator", "member"]),
    ],
)
def test_only_the_team_finds_those_who_do_not_sit_today(traits, who_finds, people):
    gisele(**traits)
    index_everything()
    readers = ["officer", "facilitator", "member"]
    assert [who for who in readers if found(people[who], "gisele")] == who_finds


def test_an_officer_who_also_sits_finds_each_member_once(people):
    from tests.factories.institution import RoleAssignmentFactory

    gisele()
    index_everything()
    officer = people["officer"]
    RoleAssignmentFactory(user=officer, role="member", term=people.term, assembly=people.assembly, directorate=None)
    assert found(officer, "gisele") == [NAME]


@pytest.mark.parametrize("who", ["officer", "facilitator", "member"])
def test_the_line_leads_to_a_page_that_opens(who, people, signed_in):
    gisele()
    index_everything()
    hit = hits(people[who], "gisele")[0]
    response = signed_in(who).get(hit.url)
    assert response.status_code == 200
    assert "Gisèle" in response.content.decode()
    area = "directory" if who == "officer" else "members"
    assert resolve(hit.url.partition("?")[0]).app_name == area


def test_the_canton_finds_its_members(people):
    mandate = gisele(member__canton__name="Cazères")
    index_everything()
    assert found(people["member"], "cazeres") == [PUBLIC]
    assert mandate.member.canton.name == "Cazères"


@pytest.mark.parametrize("subject", ["mandate", "member", "person"])
def test_a_line_of_the_journal_about_the_person_touches_the_mandate(subject):
    mandate = gisele()
    named = {"mandate": mandate, "member": mandate.member, "person": mandate.member.person}[subject]
    assert list(source_of("member").touched_by(named._meta.label, {str(named.pk)})) in (
        [mandate.pk],
        [str(mandate.pk)],
    )

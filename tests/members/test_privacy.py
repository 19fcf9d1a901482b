"""Personal data of members: everything declared, given whole, erased for good, kept no longer than said."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from assembly.audit.models import Entry
from assembly.identity import actions as identity
from assembly.identity.personal_data import months_later, undeclared
from assembly.imports.models import ImportBatch
from assembly.institution.models import Role, RoleAssignment, Term
from members.consents import actions as consents
from members.mandates import actions as mandates
from members.members import actions as members
from members.models import AccommodationNeed, Mandate, Member, NameChangeRequest
from tests.factories.identity import UserFactory
from tests.factories.imports import ImportLineFactory
from tests.factories.institution import RoleAssignmentFactory, TermFactory
from tests.factories.members import AccommodationNeedFactory, CharterVersionFactory, MandateFactory

pytestmark = pytest.mark.django_db
SECRETS = ["Zéphyrine", "Quatresous", "zephyrine@example.org", "06 39 98 77 66", "7 impasse du Puits", "deux jumeaux"]


@pytest.mark.parametrize("model", list(apps.get_app_config("members").get_models()), ids=lambda model: model.__name__)
def test_every_field_has_its_rule(model):
    assert undeclared(model) == []


@pytest.fixture
def mandate(people):
    """Return the mandate of a member with every kind of personal data."""
    mandate = MandateFactory(
        member__person__first_name="Zéphyrine",
        member__person__last_name="Quatresous",
        member__person__email="zephyrine@example.org",
    )
    person = mandate.member.person
    user = UserFactory(person=person)
    RoleAssignmentFactory(user=user, role=Role.MEMBER)
    contact = {"phone": "06 39 98 77 66", "address": "7 impasse du Puits", "city": "Muret", "channel": "email"}
    members.correct_own(mandate.member, by=user, person=contact)
    members.correct_own(mandate.member, by=user, person={**contact, "address": "8 impasse du Puits"})
    members.request_name(mandate.member, by=user, first_name="Zéphyrine", last_name="Quatresous-Vidal")
    consents.record_need(mandate.member, by=user, term=mandate.term, kind="childcare", measure="deux jumeaux")
    consents.accept_charter(mandate.member, CharterVersionFactory(term=mandate.term), by=user)
    consents.decide_image(mandate.member, {"press": False}, by=user, term=mandate.term)
    mandates.record_step(mandate, "suspend", by=people["officer"])
    return mandate


def found_anywhere(words):
    """Return the tables and columns of the whole database with one of these texts."""
    hits = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables")
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"])  # noqa: S608 -- names of our own tables
                if cursor.fetchone()[0]:
                    hits.append((table, word))
    return hits


def test_the_export_is_whole(mandate):
    given = json.dumps(identity.export(mandate.member.person), ensure_ascii=False)
    for word in ("Zéphyrine", "zephyrine@example.org", "06 39 98 77 66", "deux jumeaux", "childcare", "press"):
        assert word in given, word


def test_erasure_ends_the_mandate_and_leaves_nothing_behind(mandate, people):
    kept = MandateFactory()
    identity.erase(mandate.member.person, by=people["dpo"])
    mandate.refresh_from_db()
    assert (mandate.state, mandate.end_reason) == ("ended", "erased")
    assert not RoleAssignment.objects.filter(user__person=mandate.member.person_id, ended_at=None).exists()
    assert found_anywhere(SECRETS) == []
    member = Member.objects.get(pk=mandate.member_id)
    assert (member.birth_year, member.gender) == (None, "F")
    assert (AccommodationNeed.objects.count(), NameChangeRequest.objects.count()) == (0, 0)
    kept.refresh_from_db()
    assert kept.state == "active"
    verbs = set(Entry.objects.values_list("event_type", flat=True))
    assert {"mandate.ended", "member.access_ended", "charter.accepted"} <= verbs


def test_a_proposal_to_an_erased_person_falls(people):
    mandate = MandateFactory(proposed=True)
    identity.erase(mandate.member.person, by=people["dpo"])
    mandate.refresh_from_db()
    assert mandate.state == "declined"


def test_needs_go_after_the_term_and_not_before(people):
    member = MandateFactory().member
    AccommodationNeedFactory(member=member, kind="meal")
    AccommodationNeedFactory(member=member, kind="transport", ends_on=datetime(2026, 1, 1, tzinfo=UTC))
    older = MandateFactory(term=TermFactory(another=True, starts_on="2022-10-22", ends_on="2025-01-25"), ended=True)
    Mandate.objects.filter(pk=older.pk).update(activated_on="2025-11-29")
    AccommodationNeedFactory(member=older.member, kind="companion")
    for day, left in [("2026-01-10", 3), ("2026-02-01", 2), ("2027-02-01", 1), ("2028-05-30", 1), ("2028-06-02", 0)]:
        with time_machine.travel(f"{day} 12:00 +0000", tick=False):
            due = identity.count_due()
            assert identity.erase_due() == due
            assert AccommodationNeed.objects.count() == left, day
    assert Term.objects.count() == 2


def test_previews_are_let_go(people):
    with time_machine.travel("2026-03-01 10:00 +0000", tick=False):
        ImportLineFactory()
        assert identity.count_due()["members.imports"] == 0
    with time_machine.travel("2026-03-01 13:00 +0000", tick=False):
        assert identity.erase_due()["members.imports"] == 1
    assert ImportBatch.objects.count() == 0


def test_months():
    assert [f"{months_later(datetime(2026, 1, 31, tzinfo=UTC).date(), n)}" for n in (1, 12, 13, 25)] == [
        "2026-02-28",
        "2027-01-31",
        "2027-02-28",
        "2028-02-29",
    ]

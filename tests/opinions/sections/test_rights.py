"""What each person may do in the texts of opinions: every state, every role, one statement."""

import pytest
from django.utils import timezone

from assembly.collab.models import SharedText, TextRight
from opinions.models import OpinionState, ServicesCheckState
from opinions.sections.queries import rights
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory, ServicesRequestFactory, shared_text

pytestmark = pytest.mark.django_db
S, R = OpinionState, TextRight
ROLES = ["lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dpo", "stranger"]
DRAFTS = {S.DRAFTING, S.GROUP_VALIDATED, S.SERVICES_CHECK, S.CONSOLIDATED}


def sits(user, section):
    CommitteeMembershipFactory(committee=section.committee, person=user.person)


def expected(role, state):
    """Return the right in the text of a group, for a role that does not sit in it."""
    if state == S.WITHDRAWN:
        return R.READ if role in {"lead", "officer", "facilitator"} else R.NONE
    if role == "dir_contact":
        return R.COMMENT if state == S.SERVICES_CHECK else R.NONE
    if role in {"lead", "officer", "facilitator", "member"}:
        if state in S.tagged("tabled"):
            return R.READ
        return R.SUGGEST if role == "member" else R.WRITE
    return R.NONE


@pytest.mark.parametrize("state", [state for state in OpinionState if state != S.OUTLINE])
def test_who_may_what_in_the_text_of_a_group(state, people, django_assert_num_queries):
    section = OpinionSectionFactory(opinion__term=people.term, opinion__state=state)
    ServicesRequestFactory(opinion=section.opinion, directorate=people.directorate)
    users = {role: people[role] for role in ROLES}
    with django_assert_num_queries(1):
        found = rights([section.text], [user.pk for user in users.values()])
    held = {role: found.get((section.text_id, user.pk), R.NONE) for role, user in users.items()}
    assert held == {role: expected(role, state) for role in ROLES}


@pytest.mark.parametrize("state", [S.CONSOLIDATED, *S.tagged("tabled")])
def test_who_may_what_in_the_one_text(state, people):
    opinion = OpinionFactory(term=people.term, state=state)
    ServicesRequestFactory(opinion=opinion, directorate=people.directorate)
    found = rights([opinion.text], [people[role].pk for role in ROLES])
    held = {role: found.get((opinion.text_id, people[role].pk), R.NONE) for role in ROLES}
    tabled = state in S.tagged("tabled")
    readers = {"lead", "officer", "facilitator", "member", "president", "sponsor"}
    if tabled:
        assert held == {role: R.READ if role in readers else R.NONE for role in ROLES}
    else:
        writers = {"lead", "officer", "facilitator"}
        told = {role: R.WRITE if role in writers else R.NONE for role in ROLES}
        assert held == told | {"member": R.SUGGEST}


def test_members_write_in_their_own_group_while_they_sit_in_it(people):
    section = OpinionSectionFactory(opinion__term=people.term)
    member = people["member"]
    seat = CommitteeMembershipFactory(committee=section.committee, person=member.person)
    assert rights([section.text], [member.pk]) == {(section.text_id, member.pk): R.WRITE}
    seat.ends_on = timezone.localdate().replace(day=1) - timezone.timedelta(days=1)
    seat.save()
    assert rights([section.text], [member.pk]) == {(section.text_id, member.pk): R.SUGGEST}


def test_a_seat_in_a_group_gives_nothing_to_who_is_no_member(people):
    section = OpinionSectionFactory(opinion__term=people.term)
    for who in ("president", "stranger"):
        sits(people[who], section)
        assert rights([section.text], [people[who].pk]).get((section.text_id, people[who].pk), R.NONE) == R.NONE


@pytest.mark.parametrize("state", [ServicesCheckState.VALIDATED, ServicesCheckState.CLOSED])
def test_a_directorate_that_has_answered_comments_no_more(state, people):
    section = OpinionSectionFactory(opinion__term=people.term, opinion__state=S.SERVICES_CHECK)
    ServicesRequestFactory(opinion=section.opinion, directorate=people.directorate, state=state)
    assert rights([section.text], [people["dir_contact"].pk]) == {}


def test_a_directorate_that_was_not_asked_reads_nothing(people):
    section = OpinionSectionFactory(opinion__term=people.term, opinion__state=S.SERVICES_CHECK)
    ServicesRequestFactory(opinion=section.opinion)
    assert rights([section.text], [people["dir_contact"].pk]) == {}


@pytest.mark.parametrize("role", ROLES[:-1])
def test_roles_of_another_assembly_give_nothing(role, people):
    section = OpinionSectionFactory(opinion__term=people.term, opinion__state=S.SERVICES_CHECK)
    opinion = OpinionFactory(term=people.term, state=S.TABLED)
    user = people.elsewhere(role)
    assert rights([section.text, opinion.text], [user.pk]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_one_statement_whatever_the_number(count, people, django_assert_num_queries):
    sections = [OpinionSectionFactory(opinion__term=people.term) for _ in range(count)]
    opinions = [OpinionFactory(term=people.term, state=S.TABLED) for _ in range(count)]
    texts = [row.text for row in [*sections, *opinions]]
    users = [people[role].pk for role in ROLES] + [people.make("member", people.term).pk for _ in range(count)]
    with django_assert_num_queries(1):
        found = rights(texts, users)
    assert found[sections[-1].text_id, people["member"].pk] == R.SUGGEST
    assert found[opinions[-1].text_id, people["president"].pk] == R.READ


def test_the_highest_of_several_roles_holds(people):
    section = OpinionSectionFactory(opinion__term=people.term)
    user = people["member"]
    held = people["officer"].roles.get()
    held.pk, held.user = None, user
    held.save()
    assert rights([section.text], [user.pk]) == {(section.text_id, user.pk): R.WRITE}


def test_a_suspended_account_and_a_text_of_nobody_give_nothing(people):
    section = OpinionSectionFactory(opinion__term=people.term)
    officer = people["officer"]
    officer.is_active, officer.suspended_at = False, timezone.now()
    officer.save()
    orphan = shared_text("opinion-section", people.term)
    assert rights([section.text, orphan], [officer.pk, people["lead"].pk]) == {
        (section.text_id, people["lead"].pk): R.WRITE
    }
    assert SharedText.objects.filter(pk=orphan.pk).exists()

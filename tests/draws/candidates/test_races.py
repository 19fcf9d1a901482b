"""At the same moment, each with their own connection: one number each, one decision, nobody half withdrawn."""

import pytest

from assembly.identity.models import User
from draws.candidates import actions
from draws.models import CallCount, Candidate
from tests.draws.typed import recorded
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory, RoleAssignmentFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 3


def again(row):
    return Candidate.objects.select_related("call__term").get(pk=row.pk)


def user(who):
    return User.objects.get(pk=who.pk)


def test_two_forms_at_once_get_two_numbers():
    call = CallFactory()
    canton = CantonFactory()
    forms = [recorded(canton, email=f"{name}@example.org") for name in ("a", "b", "c")]
    together(
        *(lambda form=form: actions.apply(type(call).objects.get(pk=call.pk), form, ip="192.0.2.1") for form in forms)
    )
    assert sorted(Candidate.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_two_first_opinions_at_once_are_a_first_and_a_second_one(people):
    officer, lead = people["officer"], people["lead"]
    for number in range(TIMES):
        row = CandidateFactory(number=number + 1)
        together(*(lambda who=who, row=row: actions.admit(again(row), by=user(who)) for who in (officer, lead)))
        row.refresh_from_db()
        assert row.state == "eligible"
        assert {row.verdict_by, row.decided_by} == {officer, lead}


def test_three_opinions_at_once_decide_once(people):
    third = RoleAssignmentFactory(term=people.term).user
    for number in range(TIMES):
        row = CandidateFactory(number=number + 1)
        acts = [lambda row=row: actions.admit(again(row), by=user(people["officer"]))]
        acts += [
            lambda who=who, row=row: actions.reject(again(row), ground="agent", by=user(who))
            for who in (people["lead"], third)
        ]
        together(*acts)
        row.refresh_from_db()
        assert row.state in {"ineligible", "submitted"}
        assert row.decided_by is None or row.decided_by != row.verdict_by


def test_a_withdrawal_and_an_opinion_leave_nobody_half_there(people):
    for number in range(TIMES):
        row = CandidateFactory(number=number + 1)
        together(
            lambda row=row: actions.withdraw_by_link(again(row)),
            lambda row=row: actions.admit(again(row), by=user(people["lead"])),
        )
        row.refresh_from_db()
        assert (row.state, row.verdict) == ("withdrawn", "")


def test_two_purges_at_once_count_once():
    row = CandidateFactory()
    together(lambda: actions.erase_one(again(row)), lambda: actions.erase_one(again(row)))
    assert not Candidate.objects.exists()
    assert CallCount.objects.get().number == 1

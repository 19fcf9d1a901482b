"""A step is a compare-and-swap: the row of the database decides who was first."""

import pytest

from assembly.institution.enums import TermState
from assembly.institution.models import Term
from assembly.workflow import TransitionRefused, Workflow
from tests.factories.institution import TermFactory

S = TermState
TABLE = Workflow(
    [
        ("start", {S.PLANNED}, S.ACTIVE),
        ("stop", {S.ACTIVE}, S.CLOSED),
        ("stop", {S.PLANNED}, S.ARCHIVED),
    ]
)


def test_the_table_answers_without_a_database():
    assert TABLE.verbs_from(S.PLANNED) == {"start", "stop"}
    assert TABLE.target("stop", S.ACTIVE) == S.CLOSED
    assert TABLE.target("stop", S.CLOSED) is None
    assert TABLE.states() == {S.PLANNED, S.ACTIVE, S.CLOSED, S.ARCHIVED}


@pytest.mark.django_db
def test_a_step_writes_the_state_and_the_facts_together():
    term = TermFactory(state=S.PLANNED)
    TABLE.move(term, "start", seats=99)
    assert (term.state, term.seats) == (S.ACTIVE, 99)
    assert Term.objects.values_list("state", "seats").get() == (S.ACTIVE, 99)


@pytest.mark.django_db
def test_the_same_verb_leads_where_its_state_says():
    term = TermFactory(state=S.PLANNED)
    TABLE.move(term, "stop")
    assert term.state == S.ARCHIVED


@pytest.mark.django_db
def test_a_copy_that_is_late_is_refused_and_changes_nothing():
    term = TermFactory(state=S.PLANNED)
    late = Term.objects.get()
    TABLE.move(term, "start")
    with pytest.raises(TransitionRefused, match="cannot start"):
        TABLE.move(late, "start", seats=1)
    assert Term.objects.values_list("state", "seats").get() == (S.ACTIVE, 108)
    assert late.state == S.PLANNED

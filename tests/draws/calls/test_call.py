"""A call and its candidates: two people for each decision, recorded extensions, nothing twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.models import Term, TermState
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from assembly.workflow import StateConflict
from draws.calls import actions as calls
from draws.calls.queries import call_cells
from draws.calls.workflow import CALL
from draws.candidates import actions
from draws.candidates.queries import at_point, housemates, possible_duplicates
from draws.candidates.workflow import CANDIDATE
from draws.models import Call, CallExtension, CallState, Candidate, CandidateState
from tests.draws.typed import recorded
from tests.factories.candidates import CallFactory, CandidateFactory, NextCallAddressFactory
from tests.factories.institution import CantonFactory, RoleAssignmentFactory
from tests.factories.members import SeatFactory

pytestmark = pytest.mark.django_db
IP = "192.0.2.1"


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def canton(call):
    return CantonFactory()


@pytest.fixture
def third(people):
    """Return another officer of the same team."""
    return RoleAssignmentFactory(term=people.term).user


def verbs():
    return list(Entry.objects.order_by("pk").values_list("event_type", flat=True))


# Two people


def test_two_people_admit(people):
    row = CandidateFactory()
    actions.admit(row, by=people["officer"])
    assert (row.state, row.verdict, row.verdict_by) == (CandidateState.SUBMITTED, "admit", people["officer"])
    with pytest.raises(StateConflict):
        actions.admit(row, by=people["officer"])
    actions.admit(row, by=people["lead"])
    assert (row.state, row.decided_by) == (CandidateState.ELIGIBLE, people["lead"])
    assert verbs() == ["candidate.admission_proposed", "candidate.admitted"]


def test_two_people_reject_with_a_ground(people):
    row = CandidateFactory()
    actions.reject(row, ground="agent", by=people["officer"])
    actions.reject(row, ground="elected", by=people["lead"])
    assert (row.state, row.ground, row.verdict_ground) == (CandidateState.INELIGIBLE, "elected", "agent")


def test_another_opinion_takes_the_place_of_the_first_and_a_third_person_decides(people, third):
    row = CandidateFactory()
    actions.admit(row, by=people["officer"])
    actions.reject(row, ground="elected", by=people["lead"])
    assert (row.state, row.verdict, row.verdict_by) == (CandidateState.SUBMITTED, "reject", people["lead"])
    actions.reject(row, ground="elected", by=third)
    assert (row.state, row.decided_by) == (CandidateState.INELIGIBLE, third)


def test_the_database_refuses_one_person_for_both_opinions(people):
    row = CandidateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=row.pk).update(
            verdict="admit", verdict_by=people["officer"], decided_by=people["officer"], state="eligible"
        )


@pytest.mark.parametrize(
    ("trait", "code"),
    [
        ({"canton": None}, "canton"),
        ({"is_canton_checked": False}, "canton"),
        ({"minor": True}, "guardian"),
        ({"birth_date": timezone.localdate() - timedelta(days=14 * 365)}, "birth_date"),
    ],
)
def test_what_lacks_before_an_admission(people, trait, code):
    row = CandidateFactory(**trait)
    with pytest.raises(ValidationError) as refused:
        actions.admit(row, by=people["officer"])
    assert refused.value.code == code
    assert not verbs()


@pytest.mark.parametrize("who", ["facilitator", "member", "dpo", "sponsor", "witness", "stranger"])
def test_nobody_else_examines(people, who):
    row = CandidateFactory()
    for act in (actions.admit, actions.send_decision, actions.send_link_again):
        with pytest.raises(PermissionDenied):
            act(row, by=people[who])
    with pytest.raises(PermissionDenied):
        actions.enter_by_hand(row.call, recorded(row.canton), channel="paper", by=people[who])
    assert not Candidate.objects.visible_to(people[who]).exists()


def test_nothing_crosses_to_another_assembly(people):
    row = CandidateFactory()
    for role in ("lead", "officer"):
        with pytest.raises(PermissionDenied):
            actions.admit(row, by=people.elsewhere(role))
        assert not Candidate.objects.visible_to(people.elsewhere(role)).exists()


def test_only_the_lead_reopens_with_a_reason(people):
    row = CandidateFactory(ineligible=True)
    with pytest.raises(PermissionDenied):
        CANDIDATE.transition(row, "reopen", by=people["officer"], reason="Erreur.")
    with pytest.raises(ValidationError):
        CANDIDATE.transition(row, "reopen", by=people["lead"])
    CANDIDATE.transition(row, "reopen", by=people["lead"], reason="Le mandat est fini depuis mars.")
    assert (row.state, row.ground, row.verdict, row.decided_by) == ("submitted", "", "", None)


def test_a_duplicate_names_the_one_that_stays(people):
    kept = CandidateFactory(first_name="Élodie", last_name="Vidal", email="a@example.org")
    double = CandidateFactory(
        call=kept.call, canton=kept.canton, first_name="Elodie", last_name="VIDAL", email="b@example.org"
    )
    same_mail = CandidateFactory(call=kept.call, canton=kept.canton, first_name="E.", email="A@example.org")
    CandidateFactory(
        call=kept.call, canton=kept.canton, last_name="Vidal", first_name="Élodie", birth_date="1971-05-01"
    )
    assert set(possible_duplicates(kept)) == {double, same_mail}
    listed = Candidate.objects.filter(at_point("doublons"), call=kept.call)
    assert set(listed) == {kept, double, same_mail}
    actions.merge(double, kept, by=people["officer"])
    assert (double.state, double.duplicate_of) == (CandidateState.DUPLICATE, kept)
    with pytest.raises(ValidationError):
        actions.merge(kept, double, by=people["officer"])


def test_people_of_one_address_are_one_home_until_somebody_says_otherwise(people, call, canton):
    first = actions.enter_by_hand(call, recorded(canton, email=""), channel="paper", by=people["officer"])
    second = actions.enter_by_hand(
        call,
        recorded(canton, first_name="Farid", address="3, RUE DU MOULIN", email="f@example.org"),
        channel="market",
        by=people["officer"],
    )
    assert list(housemates(first)) == [second]
    CANDIDATE.transition(second, "separate", by=people["officer"])
    assert not housemates(first).exists()
    assert [row.number for row in (first, second)] == [1, 2]


def test_the_decision_is_sent_once_when_somebody_says_so(people):
    row = CandidateFactory(ineligible=True)
    assert not Delivery.objects.exists()
    actions.send_decision(row, by=people["officer"])
    delivery = Delivery.objects.get()
    kind = kinds[delivery.distribution.kind]
    assert kind.mailbox(delivery) == ("", row.email)
    with pytest.raises(StateConflict):
        actions.send_decision(row, by=people["officer"])
    paper = CandidateFactory(call=row.call, canton=row.canton, ineligible=True, email="")
    with pytest.raises(ValidationError):
        actions.send_decision(paper, by=people["officer"])


def test_numbers_are_never_given_twice(people, call, canton):
    first = actions.enter_by_hand(call, recorded(canton), channel="paper", by=people["officer"])
    first.delete()
    second = actions.enter_by_hand(call, recorded(canton), channel="paper", by=people["officer"])
    assert second.number == 2


def test_the_day_of_erasure_is_that_of_the_settings(people, call, canton):
    Term.objects.filter(pk=call.term_id).update(candidates_retention_months=3)
    call.term.refresh_from_db()
    row = actions.apply(call, recorded(canton), ip=IP)
    assert row.erase_on.month == (call.draw_on.month + 2) % 12 + 1


def test_nothing_is_added_once_the_list_is_frozen(people, call, canton):
    CandidateFactory(call=call, canton=canton, state=CandidateState.IN_POOL)
    with pytest.raises(ValidationError):
        actions.enter_by_hand(call, recorded(canton), channel="paper", by=people["officer"])
    with pytest.raises(ValidationError):
        extend(call, people)


# The call


def extend(call, people, **changed):
    day = timezone.localdate() + timedelta(days=35)
    facts = {"canton": None, "closes_on": day, "reason": "Trop peu de candidates.", "decision": "D-12"} | changed
    return calls.extend(call, by=people["lead"], **facts)


def test_opening_asks_for_what_lacks_then_starts_recruiting(people):
    Term.objects.filter(pk=people.term.pk).update(state=TermState.PLANNED)
    call = CallFactory(draft=True, term=people.term, draw_on=None)
    for _fix in range(3):
        with pytest.raises(ValidationError) as refused:
            CALL.transition(call, "open", by=people["lead"])
        match refused.value.code:
            case "decision":
                Term.objects.filter(pk=call.term_id).update(decision_reference="D-2026-4")
            case "draw_on":
                Call.objects.update(draw_on=call.closes_on + timedelta(days=9))
            case "seats":
                SeatFactory(term=call.term)
    CALL.transition(call, "open", by=people["lead"])
    assert call.state == CallState.OPEN
    assert Term.objects.get(pk=call.term_id).state == TermState.RECRUITING
    assert verbs() == ["call.opened", "term.recruited"]


def test_an_officer_does_not_open_extend_nor_close(people, call):
    for verb in ("open", "extend", "close"):
        with pytest.raises(PermissionDenied):
            CALL.transition(call, verb, by=people["officer"], reason="x")


def test_a_call_of_a_drawn_term_is_not_opened_again(people):
    call = CallFactory(draft=True)
    with pytest.raises(StateConflict):
        CALL.transition(call, "open", by=people["lead"])


def test_an_extension_is_a_decision_that_nobody_rewrites(people, call, canton):
    row = extend(call, people, canton=canton)
    assert (row.canton, row.decided_by) == (canton, people["lead"])
    assert verbs() == ["call.extended"]
    for change in (lambda: CallExtension.objects.update(reason="Autre"), lambda: CallExtension.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises((IntegrityError, InternalError)):
            cursor.execute("TRUNCATE draws_callextension CASCADE")
        transaction.set_rollback(True)


def test_an_extension_is_longer_and_before_the_draw(people, call, canton):
    for changed, code in (
        ({"closes_on": timezone.localdate() - timedelta(days=1)}, "closes_on"),
        ({"closes_on": call.closes_on}, "closes_on"),
        ({"closes_on": call.draw_on}, "draw_on"),
        ({"canton": CantonFactory(assembly=people.elsewhere("lead").roles.get().assembly)}, "canton"),
    ):
        with pytest.raises(ValidationError) as refused:
            extend(call, people, **changed)
        assert refused.value.code == code
    assert not CallExtension.objects.exists()


def test_closing_early_asks_why_and_on_time_does_not(people, call):
    with pytest.raises(ValidationError):
        CALL.transition(call, "close", by=people["lead"])
    Call.objects.update(
        closes_on=timezone.localdate() - timedelta(days=1), opens_on=timezone.localdate() - timedelta(days=9)
    )
    CALL.transition(call, "close", by=people["lead"])
    assert verbs() == ["call.closed"]


def test_whoever_asked_hears_of_the_call_once(people, call):
    row = NextCallAddressFactory(assembly=call.term.assembly)
    for _again in range(2):
        assert calls.announce(call, by=people["lead"]) == 1
    delivery = Delivery.objects.get()
    kind = kinds[delivery.distribution.kind]
    assert kind.mailbox(delivery) == ("", row.email)
    assert "candidater/arret/" in kind.unsubscribe_url(delivery)
    row.delete()
    assert kind.mailbox(delivery) is None


# Cells


def test_cells_count_homes_and_say_when_they_are_few(people, call, canton):
    for gender in "FM":
        for rank in (1, 2):
            SeatFactory(term=call.term, canton=canton, gender=gender, rank=rank)
    for number in range(7):
        CandidateFactory(call=call, canton=canton, number=number + 1, household=f"h{number}")
    CandidateFactory(call=call, canton=canton, number=8, household="h1", eligible=True)
    CandidateFactory(call=call, canton=canton, number=9)
    for number in range(3):
        CandidateFactory(call=call, canton=canton, number=20 + number, gender="M", household="same")
    CandidateFactory(call=call, canton=canton, number=30, gender="M", state=CandidateState.WITHDRAWN)
    CandidateFactory(call=call, canton=canton, number=31, gender="X")
    found = {
        cell.gender: (cell.people, cell.households, cell.eligible, cell.level, cell.missing)
        for cell in call_cells(call)
    }
    assert found == {"F": (9, 8, 1, "assez", 0), "M": (3, 1, 0, "trop peu", 7)}


def test_cells_of_a_list_that_was_drawn_are_those_of_the_day_of_the_draw(people, call, canton, client):
    """After the draw the page said that every cell was empty, and to open a stand on the market."""
    SeatFactory(term=call.term, canton=canton, gender="F", rank=1)
    after = (CandidateState.DRAWN, CandidateState.ALTERNATE, CandidateState.NOT_DRAWN)
    for number, state in enumerate(after, 1):
        CandidateFactory(call=call, canton=canton, number=number, state=state)
    assert [(cell.people, cell.eligible) for cell in call_cells(call)] == [(3, 3)]
    page = client.enter(people.ready(people["officer"])).get(reverse("draws:call-cells"))
    assert "marché" not in page.text


def test_cells_cost_the_same_however_many_candidates(people, call, canton, django_assert_num_queries):
    SeatFactory(term=call.term, canton=canton)
    for number in range(2):
        CandidateFactory(call=call, canton=canton, number=number + 1)
    call = Call.objects.select_related("term").get()
    with django_assert_num_queries(3):
        call_cells(call)

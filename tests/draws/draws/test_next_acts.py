"""« À faire » of the draw: the next act of each reader, state by state; the term is drawn by an attested draw."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.institution.models import Term, TermState
from assembly.institution.todo import todo_for
from draws.calls.workflow import check_certified
from draws.draws.actions import ceremony, preparation as actions
from draws.draws.contributions import LINES
from draws.draws.queries.pending import next_acts
from draws.models import Call, CallState, Computation, ComputationKind, ComputationState, Contestation, Draw, DrawState
from draws.succession import actions as succession
from members.mandates import actions as mandates
from members.rules import replacement_cutoff
from tests.draws.stage import closed_call, draw_in, fresh, registered_record, tried

pytestmark = pytest.mark.django_db
S = DrawState
READERS = ("lead", "officer", "witness")


def acts(draw, people, *readers):
    return tuple(
        "".join(next_acts(people[reader], draw.call.term).values_list("act", flat=True))
        for reader in readers or READERS
    )


def titles(people, role="lead"):
    lines = todo_for(people[role], "desk", people.term).lines
    return [str(line.title) for line in lines if "indicateurs" not in line.title]


@pytest.mark.parametrize(
    ("state", "expected"),
    {
        S.DRAFT: ("trial", "trial", ""),
        S.CHECKED: ("freeze", "", ""),
        S.FROZEN: ("compute", "compute", ""),
        S.COMPUTED: ("announce", "", ""),
        S.ANNOUNCED: ("draw", "draw", "draw"),
        S.DRAWN: ("seal", "seal", ""),
        S.CERTIFIED: ("reveal", "", ""),
        S.VOID: ("", "", ""),
    }.items(),
)
def test_each_reader_has_the_act_of_the_state_that_is_theirs(state, expected, people):
    draw = draw_in(people, state)
    assert acts(draw, people) == expected
    assert acts(draw, people, "facilitator", "member") == ("", "")
    shown = [line for line in todo_for(people["lead"], "desk", people.term).lines if line.detail == draw.reference]
    assert [line.url for line in shown] == [reverse("draws:draw", args=[draw.pk])] * bool(expected[0])


def test_quotas_then_a_trial_then_the_verification(people):
    draw = draw_in(people)
    Draw.objects.filter(pk=draw.pk).update(quotas=None)
    assert acts(draw, people, "officer") == ("quotas",)
    Draw.objects.filter(pk=draw.pk).update(quotas=draw.quotas)
    row = tried(draw, people)
    assert acts(draw, people, "officer") == ("check",)
    Computation.objects.filter(pk=row.pk).update(state=ComputationState.FAILED)
    assert acts(draw, people, "officer") == ("trial",)
    Computation.objects.create(draw=draw, kind=ComputationKind.TRIAL, quotas=draw.quotas, asked_by=people["lead"])
    assert acts(draw, people) == ("", "", "")


def test_who_prepared_does_not_freeze_and_an_open_call_is_not_frozen(people):
    draw = draw_in(people, S.CHECKED)
    Draw.objects.filter(pk=draw.pk).update(prepared_by=people["lead"])
    assert acts(draw, people, "lead") == ("",)
    Draw.objects.filter(pk=draw.pk).update(prepared_by=people["officer"])
    Call.objects.filter(pk=draw.call_id).update(state=CallState.OPEN, closed_on=None)
    assert acts(draw, people, "lead") == ("",)


def test_a_contestation_is_answered_before_the_announcement(people):
    draw = draw_in(people, S.COMPUTED)
    contestation = Contestation.objects.create(entry=draw.pool.entries.first(), text="Je suis née en 1990.")
    assert acts(draw, people, "lead") == ("",)
    assert titles(people) == ["Répondre à 1 contestation"]
    actions.answer_contestation(contestation, answer="C’est corrigé.", by=people["officer"])
    assert titles(people) == ["Annoncer le tirage"]
    Draw.objects.filter(pk=draw.pk).update(contest_days=3)
    assert titles(people) == []


def test_what_presses_before_the_draw_has_its_day(people):
    draw = draw_in(people, S.FROZEN)
    Draw.objects.filter(pk=draw.pk).update(takes_place_at=timezone.now() - timedelta(days=2))
    waiting = todo_for(people["officer"], "desk", people.term)
    assert [str(line.title) for line in waiting.late if "indicateurs" not in line.title] == [
        "Calculer les lots du tirage"
    ]


def test_the_sealed_record_waits_for_the_statement_of_the_witness(signed_in, people):
    draw = draw_in(people, S.DRAWN)
    registered_record(draw)
    assert acts(draw, people) == ("", "", "certify")
    browser = signed_in("witness")
    page = browser.get(reverse("draws:list")).text
    assert "Constater le tirage" in page
    assert "Constater le tirage" not in signed_in("officer").get(reverse("draws:list")).text


def test_after_the_names_the_seats_the_term_and_whoever_leaves(people):
    draw = draw_in(people, S.CERTIFIED)
    Term.objects.filter(pk=people.term.pk).update(state=TermState.RECRUITING)
    ceremony.reveal(draw, by=people["lead"])
    assert acts(draw, people) == ("propose", "propose", "")
    succession.propose_mandates(fresh(draw), by=people["officer"])
    assert acts(draw, people) == ("note", "", "")
    Term.objects.filter(pk=people.term.pk).update(state=TermState.DRAWN)
    assert acts(draw, people) == ("", "", "")
    gone = draw.placements.select_related("mandate__term").first().mandate
    mandates.record_step(gone, "decline", by=people["officer"])
    assert acts(draw, people) == ("replace", "replace", "")
    succession.replace_vacated(fresh(draw), by=people["officer"])
    assert acts(draw, people) == ("", "", "")


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_the_day_after_which_a_seat_stays_vacant_is_that_of_the_rule(days, people):
    draw = draw_in(people, S.CERTIFIED)
    ceremony.reveal(draw, by=people["lead"])
    succession.propose_mandates(fresh(draw), by=people["officer"])
    mandates.record_step(
        draw.placements.select_related("mandate__term").first().mandate, "decline", by=people["officer"]
    )
    term = Term.objects.get(pk=people.term.pk)
    moved = timezone.localdate() + timedelta(days=days) - replacement_cutoff(term)
    Term.objects.filter(pk=term.pk).update(ends_on=term.ends_on + moved)
    is_early = replacement_cutoff(Term.objects.get(pk=term.pk)) > timezone.localdate()
    assert acts(draw, people, "lead") == ("replace" if is_early else "",)


def test_another_assembly_and_another_term_have_nothing(people):
    draw = draw_in(people, S.CHECKED)
    assert not next_acts(people.elsewhere("lead"), draw.call.term).exists()
    assert not next_acts(people["lead"], draw.call.term_id + 1).exists()


def test_all_of_it_is_one_statement(people, django_assert_num_queries):
    draw = draw_in(people, S.COMPUTED)
    Contestation.objects.create(entry=draw.pool.entries.first(), text="Je suis née en 1990.")
    lead, term = people["lead"], Term.objects.get(pk=people.term.pk)
    LINES.backlog(lead, term, 20)
    with django_assert_num_queries(1):
        assert LINES.backlog(lead, term, 20).count == 1


def step_url(term, slug="tirage"):
    return reverse("institution:term-step", args=[term.pk, slug])


def test_a_term_with_a_call_is_drawn_by_an_attested_draw(signed_in, people):
    draw = draw_in(people, S.DRAWN)
    term, browser = draw.call.term, signed_in("lead")
    Term.objects.filter(pk=term.pk).update(state=TermState.RECRUITING)
    refused = browser.post(step_url(term))
    assert refused.status_code == 422
    assert "faites d’abord constater son tirage au sort" in refused.text


def test_the_page_of_the_draw_leads_the_lead_to_the_step_of_the_term(signed_in, people):
    draw = draw_in(people, S.CERTIFIED)
    term, browser = draw.call.term, signed_in("lead")
    Term.objects.filter(pk=term.pk).update(state=TermState.RECRUITING)
    ceremony.reveal(draw, by=people["lead"])
    page = reverse("draws:draw", args=[draw.pk])
    assert step_url(term) not in browser.get(page).text
    succession.propose_mandates(fresh(draw), by=people["officer"])
    assert step_url(term) in browser.get(page).text
    assert step_url(term) not in signed_in("officer").get(page).text
    assert browser.post(step_url(term)).status_code == 302
    assert Term.objects.get(pk=term.pk).state == TermState.DRAWN
    assert step_url(term) not in browser.get(page).text


def test_a_call_in_preparation_asks_for_no_draw(people):
    call = closed_call(people)
    with pytest.raises(ValidationError):
        check_certified(call.term)
    Call.objects.filter(pk=call.pk).update(state=CallState.DRAFT, closed_on=None)
    assert check_certified(call.term) is None

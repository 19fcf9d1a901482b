"""Somebody writes while minutes take a step: what comes after the step is refused or set aside, what came before it
is in the text that goes out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from assembly.tasks.models import Task
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict, lock
from sessions.attendance import actions as attendance
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.minutes.actions import corrections, publication, writing
from sessions.minutes.models import MinutesState, MinutesVisaCapacity
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import (
    ActionItem,
    Ballot,
    Correction,
    Decision,
    Minutes,
    MinutesSection,
    SectionRevision,
    Sitting,
    Visa,
)
from sessions.sittings.models import SittingState, Via
from tests.factories.documents import DocumentFactory
from tests.second_hand import during
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import CLOSED, OPENED, at_state, next_plenary

COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}
ASKED = {"passage": "novembre 2026", "proposal": "décembre 2026"}


def fresh(minutes):
    """Return the minutes as another page reads them."""
    return Minutes.objects.select_related("sitting__term").get(pk=minutes.pk)


def written():
    """Return all fields of the minutes and their related rows."""
    tables = (MinutesSection, SectionRevision, Decision, Ballot, ActionItem, Task, Correction, Visa)
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


FACTS = {
    "decide": lambda page: decisions.decide(page.held.items[1], text="Autre décision.", by=page.by),
    "change": lambda page: decisions.change_decision(page.decision, text="Autre texte.", by=page.by),
    "withdraw": lambda page: decisions.withdraw_decision(page.decision, reason="Erreur.", by=page.by),
    "prepare": lambda page: decisions.prepare_ballot(page.held.items[1], question="Un vote ?", by=page.by),
    "count": lambda page: decisions.count_ballot(
        page.ballot, Count(4, 0), by=page.by, voted_at=OPENED + timedelta(hours=2), **COUNTERS
    ),
    "proclaim": lambda page: decisions.end_ballot(page.counted, "proclaim", by=page.by),
    "cancel": lambda page: decisions.end_ballot(page.ballot, "cancel", by=page.by),
    "act": lambda page: decisions.add_action(page.held.sitting, text="Écrire", owner_text="Nadia", by=page.by),
}
REQUESTS = {
    "ask": lambda page: corrections.ask(page.minutes, page.held.items[1], by=page.member, **ASKED),
    "note": lambda page: corrections.note(
        page.minutes, page.held.items[1], author=page.member.person, via=Via.PAPER, by=page.by, **ASKED
    ),
    "accept": lambda page: corrections.accept(page.correction, by=page.by),
    "refuse": lambda page: corrections.refuse(page.correction, answer="Non.", by=page.by),
}
STEPS = {
    "visa": lambda page: publication.give_visa(page.minutes, MinutesVisaCapacity.CHAIR, by=page.held.chair),
    "paper visa": lambda page: publication.record_visa(page.minutes, MinutesVisaCapacity.SECRETARY, by=page.by),
    "seal": lambda page: publication.seal(page.minutes, by=page.by),
}


class Page:
    """Minutes with a vote to count, a vote to proclaim, a decision, and what an officer's page holds of them."""

    def __init__(self, people):
        self.minutes = written_minutes(people)
        self.held, self.by, self.lead = self.minutes.held, self.minutes.held.officer, people["lead"]
        self.member = self.held.members[1]
        self.decision = Decision.objects.select_related("sitting__term").order_by("pk")[0]
        self.ballot = decisions.prepare_ballot(self.held.items[2], question="Un second vote ?", by=self.by)
        self.counted = Ballot.objects.select_related("agenda_item__sitting__term").get(state="counted")

    def circulated(self):
        at_state(self.minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timedelta(days=3))
        made = corrections.ask(self.minutes, self.held.items[1], by=self.member, **ASKED)
        self.correction = Correction.objects.select_related("minutes__sitting__term", "section__minutes").get(
            pk=made.pk
        )
        return self

    def brought_to(self, state):
        if state == MinutesState.CIRCULATED:
            self.circulated()
        else:
            at_state(self.minutes, state)

    def circulate(self):
        return writing.circulate(fresh(self.minutes), by=self.by)

    def reopen(self):
        return MINUTES.transition(fresh(self.minutes), "reopen", by=self.lead, reason="Une erreur de date.")

    def sign(self):
        now = timezone.now()
        Minutes.objects.update(internal_sealed_at=now, public_sealed_at=now)
        MINUTES.follow(fresh(self.minutes), "sign", signed_at=now)


@pytest.fixture
def page(people):
    made = Page(people)
    at_state(made.minutes, MinutesState.INTERNAL_CHECK)
    return made


@pytest.mark.django_db(transaction=True)
def test_words_that_come_while_the_text_goes_out_are_set_aside(page):
    section = MinutesSection.objects.get(agenda_item=page.held.items[0])
    refusal = during(
        page.circulate,
        lambda: writing.write(page.minutes, page.held.items[0], "<p>Trop tard</p>", revision=1, by=page.by),
    )
    assert (type(refusal), refusal.is_closed) == (EditConflict, True)
    kept = SectionRevision.objects.latest("pk")
    assert (kept.kind, kept.summary_html) == ("conflict", "<p>Trop tard</p>")
    assert MinutesSection.objects.filter(pk=section.pk, summary_html=section.summary_html, revision=1).exists()


@pytest.mark.django_db(transaction=True)
def test_a_text_goes_out_with_the_words_being_saved(page):
    met = during(
        lambda: writing.write(page.minutes, page.held.items[0], "<p>À temps</p>", revision=1, by=page.by),
        page.circulate,
    )
    assert (met, fresh(page.minutes).state) == (None, MinutesState.CIRCULATED)
    assert MinutesSection.objects.get(agenda_item=page.held.items[0]).summary_html == "<p>À temps</p>"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["proclaim", "cancel"])
def test_a_ballot_is_locked_after_its_sitting(name, page):
    """Acts on an agenda lock the sitting, the opinion, then its ballot: who began with the ballot met them halfway."""

    def nobody_holds_a_ballot():
        with transaction.atomic():
            assert list(Ballot.objects.select_for_update(nowait=True))

    met = during(lambda: lock(page.minutes.sitting), lambda: FACTS[name](page), nobody_holds_a_ballot)
    assert met is None
    ended = {"proclaim": page.counted, "cancel": page.ballot}[name]
    assert Ballot.objects.get(pk=ended.pk).state == {"proclaim": "proclaimed", "cancel": "cancelled"}[name]


LATE = [
    *((FACTS, name, MinutesState.INTERNAL_CHECK, "circulate", StateConflict) for name in FACTS),
    *((REQUESTS, name, MinutesState.CIRCULATED, "reopen", StateConflict) for name in REQUESTS),
    *((STEPS, name, MinutesState.APPROVED, "sign", StateConflict) for name in STEPS),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("acts", "name", "state", "step", "refused"), LATE, ids=[f"{case[1]} while {case[3]}" for case in LATE]
)
def test_what_comes_while_the_minutes_take_a_step_is_refused(page, acts, name, state, step, refused):
    """Facts while the text goes out, corrections while it is reopened, visas and seals while the worker seals."""
    page.brought_to(state)
    before = written()
    assert isinstance(during(getattr(page, step), lambda: acts[name](page)), refused)
    assert written() == before


@pytest.mark.django_db(transaction=True)
def test_a_letter_noted_while_the_text_is_submitted_is_answered_first(page):
    at_state(page.minutes, MinutesState.CORRECTIONS)
    plenary = next_plenary(page.held)
    refusal = during(
        lambda: REQUESTS["note"](page),
        lambda: publication.submit_for_approval(fresh(page.minutes), plenary, by=page.by),
    )
    assert (type(refusal), refusal.code) == (ValidationError, "corrections")
    assert fresh(page.minutes).state == MinutesState.CORRECTIONS


@pytest.mark.django_db(transaction=True)
def test_two_corrections_accepted_at_once_are_both_in_the_text(page):
    page.circulated()
    other = corrections.ask(
        page.minutes, page.held.items[1], passage="une avance existe", proposal="il y a une avance", by=page.member
    )
    other = Correction.objects.select_related("minutes__sitting__term", "section__minutes").get(pk=other.pk)
    met = during(
        lambda: corrections.accept(page.correction, by=page.by), lambda: corrections.accept(other, by=page.by)
    )
    text = MinutesSection.objects.get(pk=other.section_id).summary_html
    assert (met, "décembre 2026" in text, "il y a une avance" in text) == (None, True, True)


@pytest.mark.django_db
def test_a_page_that_did_not_see_the_step_writes_nothing(page):
    """The same without two connections: the page was read before, the act comes after."""
    page.circulated()
    stale = fresh(page.minutes)
    page.reopen()
    before = written()
    for name, act in REQUESTS.items():
        with pytest.raises(StateConflict):
            act(page)
        assert written() == before, name
    at_state(page.minutes, MinutesState.CIRCULATED)
    stale.state = MinutesState.INTERNAL_CHECK
    with pytest.raises(EditConflict) as kept:
        writing.write(stale, page.held.items[0], "<p>Trop tard</p>", revision=1, by=page.by)
    assert (kept.value.is_closed, SectionRevision.objects.latest("pk").kind) == (True, "conflict")


# What changes the sitting too: the state of the report before, the act, the state of the sitting after.
MOVES = {
    "circulate": (MinutesState.VALIDATED, lambda report, page: writing.circulate(report, by=page.officer), "minuted"),
    "seal": (
        MinutesState.CIRCULATED,
        lambda report, page: publication.record_sealed(report, DocumentFactory(term=page.sitting.term), "public"),
        "minuted",
    ),
    "reopen": (
        MinutesState.CIRCULATED,
        lambda report, page: MINUTES.transition(report, "reopen", by=page.lead, reason="Une erreur."),
        "closed",
    ),
    "name": (
        MinutesState.CIRCULATED,
        lambda report, page: writing.name_functions(
            report, chair=page.members[1].person, secretary=page.secretary.person, by=page.officer
        ),
        "closed",
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", MOVES)
def test_a_step_waits_for_the_sitting_that_closes_before_it_takes_the_minutes(people, name):
    """Parent before child: while the step waits, nobody is kept from the minutes; then it sees the closed sitting."""
    state, act, after = MOVES[name]
    report = written_minutes(people, committee=True, state=SittingState.OPEN)
    held, held.lead = report.held, people["lead"]
    at_state(report, state)
    Minutes.objects.update(internal_sealed_at=timezone.now())
    page = fresh(report)

    def minutes_are_free():
        with transaction.atomic():
            Minutes.objects.select_for_update(nowait=True).get(pk=report.pk)

    met = during(
        lambda: attendance.close(
            Sitting.objects.get(pk=held.sitting.pk), by=held.officer, closed_at=CLOSED, reason="Le débat a duré."
        ),
        lambda: act(page, held),
        minutes_are_free,
    )
    assert (met, Sitting.objects.get().state) == (None, after)


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_a_step_of_the_minutes_never_wait_for_each_other(page):
    """Both take the sitting first: the decision to continue its series, the step because it may change it."""
    for _round in range(5):
        at_state(page.minutes, MinutesState.DRAFT)
        start = Barrier(2)

        def decide(start=start):
            start.wait(20)
            decisions.decide(page.held.items[1], text="Encore une décision.", by=page.by)

        def name(start=start):
            start.wait(20)
            functions = {"chair": page.held.chair.person, "secretary": page.held.secretary.person}
            writing.name_functions(fresh(page.minutes), **functions, by=page.by)

        assert at_once(decide, name) == [None, None]


def at_once(*acts):
    """Run each act on its own connection; return what each one raised, or None."""

    def run(act):
        try:
            act()
        except Exception as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(30) for done in [pool.submit(run, act) for act in acts]]

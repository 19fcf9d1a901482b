"""A step: the lock, the right, the state, the guards, a compare-and-swap, the journal, what follows; in that order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier, Event, Thread

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from assembly.audit.models import Entry
from assembly.institution.models import Role, Term, TermState
from assembly.institution.rules import has_role, is_lead
from assembly.workflow import Permission, StateConflict, Step, Workflow, lock, make_guard, share
from consultations.models import Hearing
from sessions.models import Minutes, MinutesState, Sitting
from tests.factories.consultations import HearingFactory
from tests.factories.institution import TermFactory
from tests.factories.sessions import MinutesFactory, SittingFactory

S, M = TermState, MinutesState
TABLE = Workflow(
    [
        Step("start", {S.PLANNED}, S.ACTIVE),
        Step("stop", {S.ACTIVE}, S.CLOSED),
        Step("stop", {S.PLANNED}, S.ARCHIVED),
    ]
)


@pytest.mark.django_db
def test_a_step_writes_the_state_and_the_facts_together():
    term = TermFactory(state=S.PLANNED)
    TABLE.set_state(term, "start", seats=99)
    assert (term.state, term.seats) == (S.ACTIVE, 99)
    assert Term.objects.values_list("state", "seats").get() == (S.ACTIVE, 99)


@pytest.mark.django_db
def test_the_same_verb_leads_where_its_state_says():
    term = TermFactory(state=S.PLANNED)
    TABLE.set_state(term, "stop")
    assert term.state == S.ARCHIVED


@pytest.mark.django_db
def test_a_copy_that_is_late_is_refused_and_changes_nothing():
    term = TermFactory(state=S.PLANNED)
    late = Term.objects.get()
    TABLE.set_state(term, "start")
    with pytest.raises(StateConflict, match="cannot start"):
        TABLE.set_state(late, "start", seats=1)
    assert Term.objects.values_list("state", "seats").get() == (S.ACTIVE, 108)
    assert late.state == S.PLANNED


def fails_with(problem):
    """Return a guard that refuses with `problem` while the term has 99 seats."""
    return make_guard(lambda term: term.seats != 99, problem, "seats")


FOLLOWED = []
LEAD = Permission(lambda user, term: is_lead(user, term.pk), "responsable")
OFFICER = Permission(lambda user, term: has_role(user, Role.OFFICER, term=term.pk), "chargé·e de mission")
COUNCIL = Permission(lambda user, term: False, "le conseil")
TERM = Workflow(
    [
        Step(
            "start",
            {S.PLANNED},
            S.ACTIVE,
            by=LEAD | OFFICER,
            primary=True,
            event_type="test.started",
            history_text="a commencé",
            guards=(fails_with("Il manque neuf sièges."), fails_with("Et une salle.")),
            changes=lambda term, taken: {"decision_reference": taken.reason},
            then=lambda term, taken: FOLLOWED.append((term.state, taken.before, taken.reason, dict(taken.facts))),
        ),
        Step(
            "stop",
            {S.ACTIVE},
            S.CLOSED,
            by=LEAD,
            event_type="test.stopped",
            history_text="a arrêté",
            needs_reason=True,
        ),
        Step("lapse", {S.ACTIVE}, S.CLOSED, event_type="test.lapsed", history_text="a pris fin"),
        Step(
            "remind",
            {S.ACTIVE},
            by=OFFICER,
            event_type="test.reminded",
            history_text="a rappelé",
            changes=lambda term, taken: {"seats": 107},
        ),
        Step("wait", {S.ACTIVE}, S.CLOSING, by=OFFICER, when=lambda term: term.seats > 100),
    ],
    facts=lambda term: {"seats": term.seats} if term.seats == 107 else {},
    common_columns=lambda: {"opinion_label": "X9"},
    next_steps={S.ACTIVE: ["remind", COUNCIL], S.CLOSING: lambda term: ["stop"]},
)


def last_lines():
    rows = Entry.objects.filter(event_type__startswith="test.").order_by("pk")
    return [(row.event_type, row.facts, row.detail.text if hasattr(row, "detail") else "") for row in rows]


@pytest.mark.django_db
def test_a_transition_writes_state_columns_journal_and_what_follows(people):
    FOLLOWED.clear()
    term = people.term
    Term.objects.update(state=S.PLANNED)
    late_copy = Term.objects.get()
    TERM.transition(late_copy, "start", by=people["officer"], reason=" Il est temps ", facts={"day": 3}, seats=98)
    term.refresh_from_db()
    assert (term.state, term.seats, term.opinion_label, term.decision_reference) == (
        S.ACTIVE,
        98,
        "X9",
        "Il est temps",
    )
    facts = {"before": "planned", "after": "active", "day": 3}
    assert last_lines() == [("test.started", facts, "Il est temps")]
    assert FOLLOWED == [(S.ACTIVE, S.PLANNED, "Il est temps", {"day": 3})]


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 28, 23, 30, tzinfo=UTC), tick=False)
def test_a_step_keeps_its_day_of_paris_or_its_moment():
    anybody = Permission(lambda user, row: True)
    stop = Workflow([Step("stop", {S.ACTIVE}, S.CLOSED, by=anybody, when_column="ends_on")])
    note = Workflow([Step("note", {M.DRAFT}, by=anybody, when_column="circulated_at")])
    term, minutes = TermFactory(state=S.ACTIVE), MinutesFactory(state=M.DRAFT)
    stop.transition(term, "stop", by=None)
    note.transition(minutes, "note", by=None)
    assert Term.objects.get(pk=term.pk).ends_on == date(2026, 11, 29)
    assert Minutes.objects.get().circulated_at == datetime(2026, 11, 28, 23, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_step_keeps_who_took_it_and_why_which_it_asks_for(people):
    anybody, hearing = Permission(lambda user, row: True), HearingFactory()
    cancel = Step("cancel", {"planned"}, "cancelled", anybody, reason_column="reason", by_column="created_by")
    with pytest.raises(ValidationError, match="Dites pourquoi."):
        Workflow([cancel]).transition(hearing, "cancel", by=people["lead"], reason=" ")
    assert Hearing.objects.get().state == "planned"
    Workflow([cancel]).transition(hearing, "cancel", by=people["lead"], reason=" Il neige. ")
    found = Hearing.objects.values_list("state", "reason", "created_by").get()
    assert found == ("cancelled", "Il neige.", people["lead"].pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "verb", "state", "expected"),
    [
        ("member", "start", S.PLANNED, PermissionDenied),
        ("member", "start", S.CLOSED, PermissionDenied),
        ("officer", "stop", S.ACTIVE, PermissionDenied),
        ("officer", "start", S.ACTIVE, StateConflict),
        ("lead", "stop", S.PLANNED, StateConflict),
        ("lead", "stop", S.ACTIVE, ValidationError),
        ("lead", "lapse", S.ACTIVE, PermissionDenied),
        ("lead", "no-such-verb", S.ACTIVE, PermissionDenied),
        ("officer", "remind", S.PLANNED, StateConflict),
        ("officer", "remind", S.ACTIVE, None),
        ("officer", "wait", S.ACTIVE, None),
        ("lead", "wait", S.ACTIVE, PermissionDenied),
    ],
)
def test_the_right_comes_before_the_state_and_the_state_before_the_guards(people, who, verb, state, expected):
    Term.objects.filter(pk=people.term.pk).update(state=state)
    term = Term.objects.get(pk=people.term.pk)
    if expected is None:
        TERM.transition(term, verb, by=people[who])
        return
    with pytest.raises(expected):
        TERM.transition(term, verb, by=people[who])
    term.refresh_from_db()
    assert (term.state, term.opinion_label) == (state, people.term.opinion_label)
    assert last_lines() == []


@pytest.mark.django_db
def test_what_is_not_there_at_the_moment_is_a_conflict_and_no_refusal(people):
    Term.objects.filter(pk=people.term.pk).update(state=S.ACTIVE, seats=100)
    with pytest.raises(StateConflict):
        TERM.transition(Term.objects.get(pk=people.term.pk), "wait", by=people["officer"])


@pytest.mark.django_db
def test_guards_say_everything_that_lacks_and_stop_the_step(people):
    Term.objects.filter(pk=people.term.pk).update(state=S.PLANNED, seats=99)
    term = Term.objects.get(pk=people.term.pk)
    assert [(error.message, error.code) for error in TERM.missing(term, "start")] == [
        ("Il manque neuf sièges.", "seats"),
        ("Et une salle.", "seats"),
    ]
    with pytest.raises(ValidationError, match="neuf"):
        TERM.transition(term, "start", by=people["lead"])
    assert Term.objects.get(pk=term.pk).state == S.PLANNED


@pytest.mark.django_db
def test_a_step_without_target_leaves_the_state(people):
    Term.objects.filter(pk=people.term.pk).update(state=S.ACTIVE)
    term = Term.objects.get(pk=people.term.pk)
    TERM.transition(term, "remind", by=people["officer"])
    assert (Term.objects.get(pk=term.pk).state, last_lines()) == (S.ACTIVE, [("test.reminded", {"seats": 107}, "")])


@pytest.mark.django_db
def test_a_step_that_follows_asks_no_right(people):
    Term.objects.filter(pk=people.term.pk).update(state=S.ACTIVE)
    term = Term.objects.get(pk=people.term.pk)
    TERM.follow(term, "lapse")
    assert last_lines() == [("test.lapsed", {"before": "active", "after": "closed"}, "")]
    with pytest.raises(StateConflict):
        TERM.follow(term, "lapse")


@pytest.mark.django_db
def test_what_a_page_asks(people, django_assert_num_queries):
    term, officer = people.term, people["officer"]
    term.state, term.seats = S.ACTIVE, 108
    assert TERM.available_steps(officer, term) == {"remind", "wait"}
    with django_assert_num_queries(0):
        assert TERM.abilities(officer, term) == {
            "start": False,
            "stop": False,
            "lapse": False,
            "remind": True,
            "wait": True,
        }
    assert [who.labels for who in TERM.awaited(term)] == [("chargé·e de mission",), ("le conseil",)]
    assert TERM.awaited(TermFactory.build(state=S.CLOSED)) == []  # an end
    term.seats = 100
    assert TERM.available_steps(officer, term) == {"remind"}


@pytest.mark.django_db
def test_guards_of_apps_above_are_asked_once(people):
    table = Workflow([Step("start", {S.PLANNED}, S.ACTIVE, by=LEAD)])
    check = fails_with("Un tirage certifié.")
    table.add_guard("start", check)
    table.add_guard("start", check)
    term = people.term
    term.state, term.seats = S.PLANNED, 99
    assert [error.message for error in table.missing(term, "start")] == ["Un tirage certifié."]


@pytest.mark.django_db
def test_a_model_may_have_several_tables(people):
    table = Workflow(
        {
            "small": [Step("start", {S.PLANNED}, S.ACTIVE, by=LEAD)],
            "large": [Step("draw", {S.PLANNED}, S.DRAWN, by=LEAD)],
        },
        choose=lambda term: "large" if term.seats > 100 else "small",
    )
    term = people.term
    term.state, term.seats = S.PLANNED, 50
    assert table.available_steps(people["lead"], term) == {"start"}
    term.seats = 108
    assert table.available_steps(people["lead"], term) == {"draw"}
    assert table.abilities(people["lead"], term) == {"start": False, "draw": True}
    with pytest.raises(PermissionDenied):
        table.transition(term, "start", by=people["lead"])


MINUTES = Workflow(
    [
        Step("submit", {M.DRAFT}, M.INTERNAL_CHECK, by=Permission(lambda user, row: True, "tous")),
        Step("close", {M.DRAFT}, M.INTERNAL_CHECK, by=Permission(lambda user, row: True, "tous"), locks_parent=True),
    ],
    parent="sitting",
)


@pytest.mark.django_db(transaction=True)
def test_a_lock_asks_for_a_transaction_each_time():
    """Its statement is compiled at the first lock; whether a transaction runs is asked at every one."""
    term = TermFactory(state=S.PLANNED)
    with transaction.atomic():
        lock(term)
    with pytest.raises(transaction.TransactionManagementError):
        lock(term)


@pytest.mark.django_db(transaction=True)
def test_whoever_shares_a_row_takes_no_step_of_it():
    sitting = SittingFactory()
    step = Workflow([Step("open", {sitting.state}, by=Permission(lambda user, row: True, "tous"))])
    with transaction.atomic():
        assert share(Sitting.objects.filter(pk=sitting.pk)).pk == sitting.pk
        with pytest.raises(RuntimeError, match="shared by this transaction"):
            step.transition(sitting, "open", by=None)
    step.transition(sitting, "open", by=None)


@pytest.mark.django_db(transaction=True)
def test_whoever_locked_a_row_may_take_steps_of_its_children_and_of_itself_again():
    minutes = Minutes.objects.select_related("sitting").get(pk=MinutesFactory().pk)
    Minutes.objects.update(state=M.DRAFT)
    with transaction.atomic():
        lock(minutes.sitting)
        MINUTES.transition(minutes, "submit", by=None)
        assert lock(minutes.sitting) is minutes.sitting
    assert Minutes.objects.get().state == M.INTERNAL_CHECK


@pytest.mark.django_db
def test_a_step_reads_its_parent_as_it_is_now():
    minutes = Minutes.objects.select_related("sitting").get(pk=MinutesFactory().pk)
    Minutes.objects.update(state=M.DRAFT)
    Sitting.objects.update(title="Changée entre-temps")
    MINUTES.transition(minutes, "submit", by=None)
    assert minutes.sitting.title == "Changée entre-temps"


@pytest.mark.django_db(transaction=True)
def test_a_shared_row_that_was_rolled_back_is_free_again():
    sitting = SittingFactory()
    with transaction.atomic():
        try:
            with transaction.atomic():
                share(Sitting.objects.filter(pk=sitting.pk))
                raise ValueError
        except ValueError:
            pass
        assert lock(sitting) is sitting


def waits(act, *, while_):
    """Return whether `act`, on another connection, waits for the locks of the transaction `while_`."""
    done = Event()

    def run():
        try:
            act()
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        while_()
        other = Thread(target=run)
        other.start()
        waited = not done.wait(0.4)
    other.join(10)
    assert done.is_set()
    return waited


@pytest.mark.django_db(transaction=True)
def test_the_two_strengths_of_a_lock():
    minutes = MinutesFactory()
    rows = Minutes.objects.filter(pk=minutes.pk)

    def step():
        MINUTES.transition(Minutes.objects.select_related("sitting").get(), "submit", by=None)

    def share_sitting():
        with transaction.atomic():
            share(Sitting.objects.filter(pk=minutes.sitting_id))

    def lock_sitting():
        with transaction.atomic():
            lock(Sitting.objects.get(pk=minutes.sitting_id))

    assert waits(lambda: lock_sitting(), while_=lambda: lock_sitting())
    assert waits(lock_sitting, while_=share_sitting)
    assert not waits(share_sitting, while_=share_sitting)
    assert waits(step, while_=lambda: share(rows))
    rows.update(state=M.DRAFT)
    assert not waits(step, while_=share_sitting), "a step shares its parent"
    rows.update(state=M.DRAFT)
    assert waits(step, while_=lock_sitting), "a step of the parent comes first"


@pytest.mark.django_db(transaction=True)
def test_a_step_that_moves_its_parent_locks_it():
    minutes = MinutesFactory()

    def close():
        MINUTES.transition(Minutes.objects.select_related("sitting").get(), "close", by=None)

    assert waits(close, while_=lambda: share(Sitting.objects.filter(pk=minutes.sitting_id)))


@pytest.mark.django_db(transaction=True)
def test_a_parent_that_may_not_exist_yet_is_shared_once_it_does():
    """Votes of a sitting share its minutes: a step of the minutes waits for the vote, another vote does not."""
    sitting = SittingFactory()
    votes = Workflow(
        [Step("count", {sitting.state}, by=Permission(lambda user, row: True, "tous"))],
        parent=lambda row: Minutes.objects.filter(sitting=row.pk),
    )
    votes.transition(sitting, "count", by=None)
    minutes = MinutesFactory(sitting=sitting)

    def share_minutes():
        with transaction.atomic():
            share(Minutes.objects.filter(pk=minutes.pk))

    def count():
        votes.transition(Sitting.objects.get(), "count", by=None)

    assert waits(count, while_=lambda: lock(minutes))
    assert not waits(share_minutes, while_=count)


@pytest.mark.django_db(transaction=True)
def test_the_strength_is_that_of_the_verb_in_every_table():
    """The kind in memory may be late: a step that moves the parent in one table locks it in all."""
    anybody = Permission(lambda user, row: True, "tous")
    table = Workflow(
        {
            "formal": [Step("close", {M.DRAFT}, by=anybody)],
            "report": [
                Step("close", {M.DRAFT}, by=anybody, locks_parent=True, then=lambda row, taken: lock(row.sitting))
            ],
        },
        choose=lambda minutes: minutes.kind,
        parent="sitting",
    )
    minutes = MinutesFactory(kind="formal")
    Minutes.objects.update(kind="report")
    assert table.transition(minutes, "close", by=None).step.locks_parent


@pytest.mark.django_db
def test_what_was_required_is_taken_without_being_asked_again(people):
    asked = []
    table = Workflow(
        [
            Step(
                "start",
                {S.PLANNED},
                S.ACTIVE,
                by=Permission(lambda user, term: not asked.append("right"), "tous"),
                event_type="test.started",
                guards=(lambda term: asked.append("guard"),),
            )
        ]
    )
    term = people.term
    Term.objects.update(state=S.PLANNED)
    with transaction.atomic():
        step = table.require(term, "start", by=people["officer"])
        before = list(asked)
        table.take(term, step, by=people["officer"], on_behalf_of=people["member"].person, facts={"day": 3})
    assert asked == before
    line = Entry.objects.get(event_type="test.started")
    assert (line.on_behalf_of, line.facts) == (
        people["member"].person.pseudonym,
        {"before": "planned", "after": "active", "day": 3},
    )


@pytest.mark.django_db(transaction=True)
def test_of_four_who_take_a_step_at_once_one_does(people):
    lead = people["lead"]
    Term.objects.filter(pk=people.term.pk).update(state=S.PLANNED)
    FOLLOWED.clear()
    start = Barrier(4)

    def one(_number):
        try:
            term = Term.objects.get(pk=people.term.pk)
            start.wait()
            TERM.transition(term, "start", by=lead)
        except StateConflict as conflict:
            return conflict.obj.state
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        met = list(pool.map(one, range(4)))
    assert sorted(met, key=str) == sorted([None, *[S.ACTIVE] * 3], key=str)
    assert (len(FOLLOWED), len(last_lines())) == (1, 1)


@pytest.mark.django_db
def test_a_lock_keeps_related_objects_that_were_read(people, django_assert_num_queries):
    minutes = Minutes.objects.select_related("sitting__term").get(pk=MinutesFactory().pk)
    Minutes.objects.update(approval_note="Adopté")
    lock(minutes)
    assert minutes.approval_note == "Adopté"
    with django_assert_num_queries(0):
        assert minutes.sitting.term.pk

"""Computations of a draw by a worker: trials, lots, cancel, a dead worker, equal bytes."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error as DatabaseError

from draws.draws.actions import computation as actions
from draws.draws.queries.draw import lots_of, portfolio_of
from draws.draws.workflow.draw import DRAW
from draws.models import Computation, ComputationKind, ComputationState, DrawState
from tests.draws.stage import draw_in, freeze, fresh, tried

pytestmark = pytest.mark.django_db
S, C = DrawState, ComputationState


def frozen(people):
    draw = draw_in(people)
    tried(draw, people)
    freeze(draw, people)
    return fresh(draw)


def made(row):
    actions.run_computation(row.pk)
    return Computation.objects.get(pk=row.pk)


def test_a_trial_says_that_the_quotas_are_possible_and_the_draw_may_be_checked(people):
    draw = draw_in(people)
    assert [error.code for error in DRAW.missing(draw, "check")] == ["trial"]
    trial = made(actions.ask_trial(draw, by=people["officer"]))
    assert (trial.state, trial.findings) == (C.READY, {"forced": [], "excluded": []})
    DRAW.transition(fresh(draw), "check", by=people["officer"])


def test_a_trial_names_who_is_forced_and_who_is_out(people):
    draw = draw_in(people)
    draw.call.candidates.filter(number__in=[2, 3]).update(state="withdrawn")
    trial = made(actions.ask_trial(draw, by=people["officer"]))
    assert trial.findings["forced"] == ["C-0001"]


def test_an_impossible_pool_gives_the_sentence_and_its_remedies(people):
    draw = draw_in(people)
    draw.call.candidates.filter(number__in=[1, 2, 3]).update(state="withdrawn")
    trial = made(actions.ask_trial(draw, by=people["officer"]))
    assert trial.state == C.READY
    assert trial.findings["impossible"].startswith("Tirage impossible")
    assert len(trial.findings["remedies"]) >= 3
    assert [error.code for error in DRAW.missing(fresh(draw), "check")] == ["trial"]


def test_lots_are_valid_and_equal_inputs_give_equal_bytes(people):
    draw = frozen(people)
    first = made(actions.ask_portfolio(draw, by=people["officer"]))
    assert (first.state, fresh(draw).state, first.done) == (C.READY, S.COMPUTED, 100)
    lots = lots_of(portfolio_of(fresh(draw)))
    assert (lots[0].first, lots[-1].last, {len(lot.members) for lot in lots}) == (0, 9999, {4})
    second = made(actions.ask_portfolio(fresh(draw), by=people["officer"]))
    assert bytes(second.lots) == bytes(first.lots)


def test_other_bytes_of_equal_inputs_are_an_alarm(people):
    draw = frozen(people)
    first = made(actions.ask_portfolio(draw, by=people["officer"]))
    again = actions.ask_portfolio(fresh(draw), by=people["officer"])
    changes = {"state": C.READY, "digest": first.digest, "lots": b"x", "lots_sha256": "f" * 64, "certificate": b"{}"}
    actions.finish_computation(again, changes)
    again.refresh_from_db()
    assert (again.state, "autres octets" in again.error) == (C.FAILED, True)
    assert portfolio_of(fresh(draw)) == first


def test_lots_are_never_changed(people):
    made(actions.ask_portfolio(frozen(people), by=people["officer"]))
    rows = Computation.objects.filter(kind=ComputationKind.PORTFOLIO)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(lots=b"lot,de,a,membres\n")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(connection.alias)


def test_a_ceiling_too_low_is_said(people):
    draw = frozen(people)
    type(draw).objects.filter(pk=draw.pk).update(ceiling="0.20")
    row = made(actions.ask_portfolio(fresh(draw), by=people["officer"]))
    assert (row.state, "Plafond" in row.error) == (C.FAILED, True)
    assert fresh(draw).state == S.FROZEN


def test_one_computation_of_a_draw_at_a_time(people):
    draw = draw_in(people)
    actions.ask_trial(draw, by=people["officer"])
    with pytest.raises(ValidationError):
        actions.ask_trial(fresh(draw), by=people["lead"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Computation.objects.create(
            draw=draw, kind=ComputationKind.TRIAL, quotas=draw.quotas, asked_by=people["officer"]
        )


def test_one_that_waits_is_stopped_at_once_and_one_that_runs_at_the_next_question(people):
    draw = draw_in(people)
    waiting = actions.ask_trial(draw, by=people["officer"])
    with pytest.raises(PermissionDenied):
        actions.cancel(waiting, by=people["witness"])
    actions.cancel(waiting, by=people["officer"])
    assert made(waiting).state == C.CANCELLED
    running = actions.ask_trial(fresh(draw), by=people["officer"])
    Computation.objects.filter(pk=running.pk).update(state=C.RUNNING)
    actions.cancel(running, by=people["officer"])
    assert made(running).state == C.CANCELLED


def test_what_a_dead_worker_left_begins_anew(people):
    row = actions.ask_trial(draw_in(people), by=people["officer"])
    Computation.objects.filter(pk=row.pk).update(state=C.RUNNING, done=40, phase="decomposition")
    assert made(row).state == C.READY


def test_a_second_worker_leaves_at_the_door(people, django_db_blocker):
    row = actions.ask_trial(draw_in(people), by=people["officer"])
    held, leave = threading.Event(), threading.Event()

    def hold():
        with django_db_blocker.unblock():
            with actions.try_advisory_lock() as mine:
                assert mine
                held.set()
                leave.wait(20)
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)
    assert made(row).state == C.QUEUED
    leave.set()
    other.join()
    assert made(row).state == C.READY

"""Every address that takes a POST and every step × a session whose proof is two hours old: fresh_proofs.py says."""

import time
from typing import Any

import pytest
from django.urls import reverse

from tests.browsing import StrictClient
from tests.people import People
from tests.security.expectations import ROUTES
from tests.security.fresh_objects import OBJECTS, STEP_OBJECTS, STOPS_AT_ITS_FORM
from tests.security.fresh_proofs import READS, ROUTES_THAT_WRITE, STEPS
from tests.security.routes import address
from tests.security.test_matrix import KEPT_BY_SESSIONS, written
from tests.security.turns import long_but_those_of_today

TWO_HOURS = 2 * 3600
NO_ACT = KEPT_BY_SESSIONS | {"jobs_idempotencykey"}  # a key is claimed before the view runs, and given back
QUESTIONS = ("mfa_reauthenticate", "account_reauthenticate", "mfa_reauthenticate_webauthn", "identity:confirm")


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


def test_no_address_and_no_step_is_forgotten():
    assert sorted(ROUTES_THAT_WRITE | STEPS) == sorted(name for name, route in ROUTES.items() if route.post)
    assert set(READS) <= {name for name, route in ROUTES.items() if route.get}


def test_the_steps_say_what_the_table_says():
    from answers.cases.views import DIRECTORATE_STEPS
    from answers.follow_up.views import COMMITTEE_STEPS, DESK_FOLLOW_UP_STEPS
    from answers.pages import DESK_STEPS, DIRECTORATE_FOLLOW_UP_STEPS
    from assembly.correspondence.views import STEPS as MESSAGE_STEPS
    from assembly.tasks.views import NOTE_STEPS, TASK_STEPS
    from consultations.pages import SELF_REFERRAL_STEPS, STEPS as REFERRAL_STEPS
    from consultations.referrals.views import OFFICE_STEPS
    from draws.calls.views import CALL_STEPS
    from draws.candidates.views.desk import STEPS as CANDIDATE_STEPS
    from draws.draws.views.frame import STEPS as DRAW_STEPS
    from mission.registers.declaration import registers
    from mission.registers.pages import step_pages
    from mission.support.views import DIRECTORATE_STEPS as SUPPORT_STEPS
    from opinions.pages import STEPS as OPINION_STEPS
    from sessions.attendance.views import STEPS as ABSENCE_STEPS
    from sessions.expenses.views.claims import DESK_STEPS as EXPENSE_STEPS, MY_STEPS as OWN_EXPENSE_STEPS
    from sessions.minutes.views.steps import STEPS as MINUTES_STEPS

    declared = {
        **{f"mission:{key}-step": step_pages(key).pages for key in registers},
        "mission:directorate-support-step": SUPPORT_STEPS.pages,
        "correspondence:step": MESSAGE_STEPS.pages,
        "tasks:step": TASK_STEPS.pages,
        "tasks:note-step": NOTE_STEPS.pages,
        "draws:call-step": CALL_STEPS.pages,
        "draws:candidate-step": CANDIDATE_STEPS.pages,
        "draws:draw-step": DRAW_STEPS.pages,
        "answers:desk-step": DESK_STEPS.pages,
        "answers:directorate-step": DIRECTORATE_STEPS.pages,
        "answers:follow-up-step": DESK_FOLLOW_UP_STEPS.pages,
        "answers:directorate-follow-up-step": DIRECTORATE_FOLLOW_UP_STEPS.pages,
        "answers:committee-step": COMMITTEE_STEPS.pages,
        "sittings:absence-step": ABSENCE_STEPS.pages,
        "sittings:my-expense-step": OWN_EXPENSE_STEPS.pages,
        "sittings:expense-step": EXPENSE_STEPS.pages,
        "sittings:minutes-step": MINUTES_STEPS.pages,
        "consultations:step": REFERRAL_STEPS.pages,
        "consultations:office-step": OFFICE_STEPS.pages,
        "consultations:self-referral-step": SELF_REFERRAL_STEPS.pages,
        "opinions:step": OPINION_STEPS.pages,
    }
    assert {name: {slug: step.fresh for slug, step in steps.items()} for name, steps in declared.items()} == STEPS


def aged(browser: StrictClient, seconds: float, method: str = "") -> StrictClient:
    session = browser.session
    was = session["account_authentication_methods"][-1]["method"]
    session["account_authentication_methods"] = [{"method": method or was, "at": time.time() - seconds}]
    session.save()
    return browser


def is_asked(response: Any) -> bool:
    target = response.headers.get("Location", "").split("?")[0]
    return response.status_code == 302 and target in {reverse(name) for name in QUESTIONS}


def case(name: str, slug: str, people: People) -> tuple[str, str, Any, str]:
    """Return user, address and data: from the table of rights, or a case that goes on to the write."""
    route = ROUTES[name]
    who, of, data = (STEP_OBJECTS if slug else OBJECTS).get(f"{name} {slug}".strip(), ("", route.of, route.data))
    who = who or next(role for role in (route.post or route.get).split() if role != "anonymous")
    kwargs = of(people) if of else {}
    return who, address(name, {**kwargs, "slug": slug} if slug else kwargs), data(people) if callable(data) else data


CASES = [
    *((name, "") for name, due in ROUTES_THAT_WRITE.items() if due),
    *((name, slug) for name, steps in STEPS.items() for slug, due in steps.items() if due),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "slug"), CASES)
def test_a_stale_session_is_asked_and_nothing_is_written(name, slug, people):
    who, url, data = case(name, slug, people)
    stale = aged(StrictClient().enter(people[who]), TWO_HOURS)
    before = written()
    response = stale.post(url, data or {})
    changed = {table for table, rows in written().items() if rows != before.get(table, 0)} - NO_ACT
    assert (is_asked(response), changed) == (True, set()), response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "slug"), CASES)
def test_a_fresh_session_passes(name, slug, people):
    who, url, data = case(name, slug, people)
    browser = StrictClient().enter(people[who])
    before = written()
    response = browser.post(url, data or {})
    changed = {table for table, rows in written().items() if rows != before.get(table, 0)} - NO_ACT
    assert not is_asked(response)
    assert response.status_code in (200, 302, 422), response.status_code
    assert changed or f"{name} {slug}".strip() in STOPS_AT_ITS_FORM


@pytest.mark.django_db
@pytest.mark.parametrize("name", long_but_those_of_today([name for name, due in ROUTES_THAT_WRITE.items() if not due]))
def test_elsewhere_nobody_is_asked(name, people):
    who, url, data = case(name, "", people)
    response = aged(StrictClient().enter(people[who]), TWO_HOURS).post(url, data or {})
    assert not is_asked(response) or name in QUESTIONS


@pytest.mark.django_db
@pytest.mark.parametrize("name", READS)
def test_private_files_ask_too(name, people):
    who, url, _data = case(name, "", people)
    browser = StrictClient().enter(people[who])
    assert browser.get(url).status_code == 200
    before = written()
    assert is_asked(aged(browser, TWO_HOURS).get(url))
    assert {table for table, rows in written().items() if rows != before.get(table, 0)} <= NO_ACT


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["password", "code", "password_reset", "invitation"])
def test_only_the_second_factor_counts_where_there_is_one(method, people):
    """A code generator is enrolled, and the proof of a minute ago was a password or a code by mail."""
    browser = aged(StrictClient().enter(people["lead"]), 60, method)
    assert is_asked(browser.get(reverse("institution:invite")))
    member = aged(StrictClient().enter(people["member"]), 60, method)
    assert not is_asked(member.post(reverse("identity:my-data-export")))


@pytest.mark.django_db
def test_the_demonstration_asks_nothing(people, settings):
    settings.DEMO = True
    assert not is_asked(aged(StrictClient().enter(people["lead"]), TWO_HOURS).get(reverse("institution:invite")))

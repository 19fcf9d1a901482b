"""Every page of a step × every state of its row × every role: one rule, `steps/rule.py`, against tables by hand.

404 for a row that is not seen, 403 without the right, 409 from another state, 422 for what the form asks or a guard
misses, 302 done; the question, asked with GET, answers 200 where the step may be taken. A refusal leaves the row in
its state. The hearings run in the ordinary suite; the whole product is marked `long`.
"""

import gc
from collections.abc import Iterator
from itertools import count as counted
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.models import Model
from django.http import HttpResponse
from django.urls import get_resolver, reverse

from assembly.dossiers import StepPages
from assembly.workflow import Workflow
from tests.browsing import StrictClient
from tests.people import People
from tests.security.everybody import open_session
from tests.security.steps import (
    answer_desk,
    answer_directorate,
    calls,
    correspondence,
    desk,
    draws,
    follow_up,
    life,
    mission,
    opinions,
    referrals,
)
from tests.security.steps.rule import ROLES, Table, expected, is_taken, step_routes
from tests.undo import undone

APPS = (
    *(desk, calls, correspondence, draws, referrals, opinions, answer_desk, answer_directorate, follow_up, life),
    mission,
)
TABLES = {name: table for app in APPS for name, table in app.TABLES.items()}
CELLS = [(name, state) for name, table in TABLES.items() for state in table.states.split()]
IN_EVERY_RUN = [(name, state) for name, state in CELLS if name == "hearings"]


def registries() -> list[StepPages[Any]]:
    """Return every `StepPages` of the product: the URLconf imports them all."""
    assert get_resolver().url_patterns
    gc.unfreeze()  # tests/conftest.py froze what was collected, and what is frozen is not found
    found = [
        made for made in gc.get_objects() if issubclass(type(made), StepPages)
    ]  # a lazy object is not looked into
    gc.freeze()
    return [pages for pages in found if not pages.fetch.__module__.startswith("tests.")]


def test_every_page_of_a_step_stands_in_a_table():
    assert len(registries()) >= 20
    known: dict[int, set[str]] = {}
    for table in TABLES.values():
        known.setdefault(id(table.registry), set()).update(table.steps)
    assert {id(pages): set(pages.pages) for pages in registries()} == known


def ends(workflow: Workflow[Any]) -> set[str]:
    """Return every state that a step starts from or leads to."""
    steps = [step for table in workflow.tables.values() for step in table]
    return {step.target for step in steps if step.target}.union(*(step.sources for step in steps))


def test_every_state_of_a_row_stands_in_a_table():
    """Over all tables of a workflow: a kind of row may not know every state."""
    known: dict[int, set[str]] = {}
    for table in TABLES.values():
        known.setdefault(id(table.registry.workflow), set()).update(table.states.split())
    assert {id(pages.workflow): ends(pages.workflow) for pages in registries()} == known


def test_every_role_of_a_table_is_tried():
    """A step that belongs to nobody who may enter, or a misspelt role, would prove nothing."""
    homes, named = {role.partition("@")[0] for role in ROLES}, set()
    for table in TABLES.values():
        named |= {
            *table.enters.split(),
            *table.unseen,
            *(role for whose, _ in table.steps.values() for role in whose.split()),
        }
    assert named - homes == {"author", "chair", "cosigner", "group_lead", "rapporteur", "secretary"}


def addresses(table: Table, row: Model) -> Iterator[tuple[str, str, bool]]:
    """Return (step, address, whether it takes posts only) of each step."""
    pages, routes = table.registry, list(step_routes())
    for slug in table.steps:
        if table.address:
            yield slug, reverse(table.address, args=[row.pk]), False
            continue
        found = [route for route in routes if route.serves(pages, slug)]
        assert len(found) == 1, f"{slug} has {len(found)} addresses"
        yield slug, found[0].url(row, slug), found[0].is_post_only


def answer(user: Any, method: str, url: str) -> HttpResponse:
    cache.clear()
    browser = StrictClient()
    browser.cookies[settings.SESSION_COOKIE_NAME] = user.open_session
    return browser.generic(method, url)


def offers_what_is_refused(table: Table, slug: str, question: HttpResponse, meets: int) -> bool:
    """Return whether the page offers a step without form as a button although the row lacks what it needs."""
    asks_nothing = table.registry.pages[slug].form is None
    return asks_nothing and meets == 422 and b'aria-disabled="true"' not in question.content


def state_of(row: Model) -> str | None:
    """Return the state of the row, or None if it was deleted."""
    return type(row)._base_manager.filter(pk=row.pk).values_list("state", flat=True).first()


def judge(table: Table, state: str, people: People) -> tuple[int, list[str]]:
    """Return the number of requests, and the answers that differ from the table and the rule.

    A step is posted by every role. Whoever may take it is asked the question first; of the others, by turns, one in
    four asks it too, and meets the same refusal.
    """
    row = table.row(people, state)
    assert state_of(row) == state
    users = {role: people[role] for role in ROLES} | dict(table.holders(people, row))
    for user in users.values():
        if not hasattr(user, "open_session"):
            open_session(people.ready(user))
    requests, turn, wrong = 0, counted(), []
    for slug, url, is_post_only in addresses(table, row):
        for role, user in users.items():
            meets, taken = expected(table, slug, state, role), is_taken(table, slug, state, role)
            asks = [] if is_post_only or not (taken or next(turn) % 4 == 0) else [("GET", 200 if taken else meets)]
            for method, wanted in [*asks, ("POST", meets)]:
                with undone(slug, state, role, method):
                    response = answer(user, method, url)
                    met, left = response.status_code, state_of(row)
                if method == "GET" and met == 200 and offers_what_is_refused(table, slug, response, meets):
                    wrong.append(f"{slug} in {state} by {role} is offered and can only be refused")
                if met != wanted or (left != state and met != 302):
                    wrong.append(f"{method} {slug} by {role} in {state}: {met}, not {wanted}; the row is {left}")
                requests += 1
    return requests, wrong


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize(("name", "state"), IN_EVERY_RUN)
def test_steps_of_hearings(name, state, people, count):
    requests, wrong = judge(TABLES[name], state, people)
    count(requests=requests, faults=len(wrong))
    assert wrong == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize(("name", "state"), CELLS)
def test_every_step(name, state, people, count):
    requests, wrong = judge(TABLES[name], state, people)
    count(requests=requests, faults=len(wrong))
    assert wrong == []

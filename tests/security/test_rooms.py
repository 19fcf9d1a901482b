"""No answer tells a known id from an unknown one: each address with an id × each role that may not see the object."""

import re
import uuid
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from tests.browsing import StrictClient
from tests.people import People
from tests.security.everybody import stopped_at_the_door
from tests.security.expectations import ROUTES
from tests.security.routes import ROLES, Route, address
from tests.security.turns import of_today

# Ids and words that nothing has; a word that names a kind or a step is kept, since it is no id.
UNKNOWN = {"int": 987_654_321, "UUID": uuid.UUID(int=7)}
WORDS = {"slug", "action", "kind", "suffix", "word", "answer", "body", "start", "label", "provider"}
PASSING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|[0-9a-f]{32}|next=[^"&]+|\d+')
INSIDE = {
    "facilitator",
    "other_member",
    "dir_contact",
    "sponsor",
    "officer@elsewhere",
    "member@elsewhere",
    "dir_approver@elsewhere",
}
# Where the object of these addresses is read: whoever is let in there sees it, and a step that is not theirs is 403.
# The first line that begins the name counts.
SEEN_AT = {
    "answers:desk-step": ["answers:desk-case"],
    "answers:directorate-step": ["answers:directorate-case"],
    "answers:follow-up-step": ["answers:desk-follow-up"],
    "answers:committee-step": ["answers:committee-follow-up"],
    "answers:directorate-follow-up-step": ["answers:directorate-case"],
    "collab:": ["collab:sidebar"],
    "consultations:delegation-end": ["consultations:delegations"],
    "consultations:visa-level-": ["consultations:visa-levels"],
    "consultations:instruction-thread": ["consultations:office-referral"],
    "consultations:instruction-visa": ["consultations:instruction"],
    "consultations:office-step": ["consultations:office-referral"],
    "consultations:my-suggestion-": ["consultations:my-suggestion"],
    "consultations:": ["consultations:referral"],
    "draws:": ["draws:draw"],
    "institution:committee-": ["institution:committee"],
    "institution:seat-": ["institution:committee"],
    "members:member-": ["members:member-list"],
    "mission:budget-step": ["mission:budget-row"],
    "mission:schemes-step": ["mission:schemes-row"],
    "mission:means-": ["sittings:sitting"],
    "mission:directorate-indicator-rows": ["mission:directorate-indicators"],
    "notifications:delivery-": ["notifications:distribution-page"],
    "notifications:distribution-stop": ["notifications:distribution-page"],
    "notifications:letters-": ["notifications:distribution-page"],
    "opinions:amendment-check": [],  # a draft is its author's alone
    "opinions:amendment-discard": [],
    "opinions:amendment-edit": [],
    "opinions:check-": ["opinions:check"],
    "opinions:import": ["collab:sidebar"],
    "opinions:position-check": [],
    "opinions:position-discard": [],
    "opinions:position-edit": [],
    "opinions:": ["opinions:opinion", "opinions:my-opinion", "opinions:office-opinion"],
    "sittings:correction-ask": ["sittings:minutes-read"],
    "sittings:minutes-visa": ["sittings:minutes-read"],
    "sittings:": ["sittings:sitting"],
}
NAMES = sorted(name for name, route in ROUTES.items() if route.of and "anonymous" not in (route.get + route.post))


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


def unknown(kwargs: dict[str, Any]) -> dict[str, Any]:
    def other(name: str, value: Any) -> Any:
        if name in WORDS:
            return value
        if isinstance(value, str) and not value.isdigit():
            return str(uuid.UUID(int=7)) if re.fullmatch(r"[0-9a-f-]{36}", value) else "INCONNU-1"
        return UNKNOWN["UUID"] if isinstance(value, uuid.UUID) else UNKNOWN["int"]

    return {name: other(name, value) for name, value in kwargs.items()}


def answer(user: Any, method: str, url: str, data: Any) -> tuple[int, bytes]:
    """Return status and body, without the address and without what changes between two answers."""
    cache.clear()
    browser = StrictClient(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = user.open_session
    with transaction.atomic():
        response = browser.get(url) if method == "GET" else browser.post(url, data or {})
        transaction.set_rollback(True)
    body = b"" if response.streaming else response.content
    return response.status_code, PASSING.sub(b"", body.replace(url.encode(), b""))


def outsiders(route: Route, name: str, stopped: Collection[str], *, whole: bool) -> Iterator[str]:
    """Return the roles that may not act there, here and from another assembly: all that no line allows.

    Unless `whole`: some of those that may enter the area (the others are refused before an id is looked up), and one
    of all by turns.
    """
    pages = next((pages for start, pages in SEEN_AT.items() if name.startswith(start)), [])
    others = [role for role in ROLES[1:] if not (route.allows("GET", role) or route.allows("POST", role))]
    roles = [role for role in others if not any(ROUTES[page].allows("GET", role) for page in pages)]
    if not route.crosses:
        roles += [f"{role}@elsewhere" for role in ROLES[1:] if role not in {"stranger", "other_member"}]
    turn = roles[NAMES.index(name) % len(roles)] if roles else ""
    asked = {role for role in INSIDE if role.partition("@")[0] not in stopped} | {turn}
    yield from (role for role in roles if whole or role in asked)


def told(name: str, people: People, count: Callable[..., None], *, whole: bool) -> list[str]:
    route = ROUTES[name]
    kwargs = route.of(people)
    if unknown(kwargs) == kwargs:
        return []  # nothing but words in this address
    known, other = address(name, kwargs), address(name, unknown(kwargs))
    data = route.data(people) if callable(route.data) else route.data
    found, asked, stopped = [], 0, stopped_at_the_door(people, known)
    for method in [method for method in ("GET", "POST") if route.knows(method)]:
        for role in outsiders(route, name, stopped, whole=whole):
            asked += 1
            there, nowhere = answer(people[role], method, known, data), answer(people[role], method, other, data)
            if there != nowhere:
                found.append(f"{method} {role}: {there[0]} when known, {nowhere[0]} when unknown")
    count(requests=2 * asked, faults=len(found))
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", of_today(NAMES))
def test_known_and_unknown_are_one(name: str, people: People, count: Callable[..., None]) -> None:
    assert told(name, people, count, whole=False) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", NAMES)
def test_known_and_unknown_are_one_for_everybody(name: str, people: People, count: Callable[..., None]) -> None:
    assert told(name, people, count, whole=True) == []

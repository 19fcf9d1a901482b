"""Every address × every role × every method, on one's own objects and on those of another assembly.

The thin cut takes each route each day by one role that is let in and one that is refused a method. Every eighth one,
another eighth each day, is tried with each role that the door of its room lets pass; then by turns one of those whom
the door stops before any view runs and one foreign role a method, and one undeclared method. What the line gives to
anybody asks for no role: the anonymous one, and three of those who are signed in by turns. A page that is the same in
every register is tried so at one register.
The whole product is marked `long`.
"""

from collections.abc import Callable, Collection, Iterator
from http import HTTPStatus
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse

from tests.browsing import StrictClient
from tests.people import People
from tests.security.everybody import NOT_ELSEWHERE, stopped_at_the_door
from tests.security.expectations import ROUTES
from tests.security.headers import FRAMED, SANDBOXED, header_faults
from tests.security.routes import METHODS, ROLES, Route, address, route_names
from tests.security.turns import list_of, of_today
from tests.turns import one_of

SAYS_NO = {400, 413, 415, 422, 429}  # a form refuses; 409, another state, is not let in
KEPT_BY_SESSIONS = {"django_session", "usersessions_usersession"}
SAFE = {"GET", "HEAD", "OPTIONS"}
JOURNAL = {"audit_entry", "audit_entrydetail", "audit_link"}
NAMES = sorted(ROUTES)
TODAY = {*of_today(NAMES)}
SIGNED_IN = ROLES[1:]
TURNS = dict(zip(NAMES, cycle(["PUT", "PATCH", "DELETE", "OPTIONS"]), strict=False))


def test_every_route_has_its_line_and_every_line_its_route():
    known = list(route_names())
    assert sorted(set(known) - set(ROUTES)) == [], "routes without an expectation in tests/security/expectations.py"
    assert sorted(set(ROUTES) - set(known)) == [], "expectations of routes that are gone"


# What pg_stat_xact_user_tables says, without its many other columns: asked twice for each cell.
WRITTEN = """SELECT relname, rows FROM pg_class, LATERAL (SELECT pg_stat_get_xact_tuples_inserted(oid)
    + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS rows)
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND rows > 0"""


def written() -> dict[str, int]:
    """Return the number of rows inserted, changed or deleted in this transaction so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def judge(
    route: Route, name: str, url: str, method: str, role: str, user: object, allowed: bool, data: object, got: dict
) -> str:
    """Test one cell; return "" if it is as written, else the fault. `got`: the answers to GET by role."""
    cache.clear()
    browser = StrictClient(raise_request_exception=False)
    if user is not None:
        browser.cookies[settings.SESSION_COOKIE_NAME] = user.open_session
    response = browser.generic(method, url) if method != "POST" else browser.post(url, data or {})
    status = response.status_code
    if method == "GET":
        got[role] = status
    where = f"{name} {method} as {role}: {status}"
    if name not in SANDBOXED | FRAMED and (loose := header_faults(response, url, signed_in=user is not None)):
        return f"{where}, {loose}"
    if status >= 500:
        return f"{where}, server error {response.exc_info[0] if getattr(response, 'exc_info', None) else ''}"
    target = urlsplit(response.headers.get("Location", "")).path
    gates = {reverse("account_login"), reverse("identity:second-factor")} - {url}
    turned_away = status in {401, 403, 404, 405} or (
        300 <= status < 400 and target in gates and not route.allows(method, "anonymous")
    )
    if (method, status) == ("OPTIONS", 200):
        return ""
    if method == "HEAD" and (status, b"".join(response)) != (got.get(role) or browser.get(url).status_code, b""):
        return f"{where}, HEAD is not GET without its body"
    if allowed and role.partition("@")[0] in route.conflict.split():
        return "" if status == HTTPStatus.CONFLICT else f"{where}, should meet a conflict"
    if allowed and (turned_away or not (200 <= status < 400 or status in SAYS_NO)):
        return f"{where}, should be let in (to {target})" if target else f"{where}, should be let in"
    if not allowed and not turned_away:
        return f"{where}, should be refused" + (f" (went to {target})" if target else "")
    return ""


def elsewhere(route: Route, name: str, method: str, *, whole: bool) -> list[str]:
    """Return the roles of the other assembly to try: all, or by turns one of those that are allowed here."""
    roles = [role for role in ROLES if role not in NOT_ELSEWHERE and (whole or route.allows(method, role))]
    return roles if whole or not roles else [roles[NAMES.index(name) % len(roles)]]


def cells(route: Route, name: str, stopped: Collection[str], *, whole: bool) -> Iterator[tuple[str, str, bool]]:
    """Return the cells of a route: (method, role, whether from another assembly).

    Roles `stopped` before the view that no line allows take turns; so do the roles where every role is allowed.
    """
    declared = [method for method in METHODS if route.knows(method) and (whole or method != "HEAD")]
    methods = METHODS if whole else declared
    for turn, method in enumerate(methods, NAMES.index(name)):
        refused = [role for role in stopped if not route.allows(method, role)]
        left_out = set() if whole or not refused else {*refused} - {refused[turn % len(refused)]}
        if not whole and all(route.allows(method, role) for role in ROLES):
            left_out |= {*SIGNED_IN} - {SIGNED_IN[(turn + step) % len(SIGNED_IN)] for step in (0, 5, 10)}
        for role in ROLES:
            if role not in left_out:
                yield method, role, False
    if route.of:
        for method in methods:
            yield from ((method, role, True) for role in elsewhere(route, name, method, whole=whole))
    if not whole:
        yield TURNS[name], "anonymous" if NAMES.index(name) % 2 else "lead", False
        if declared and "GET" not in declared:
            yield "GET", "lead", False
        if "GET" in declared:
            yield "HEAD", route.get.split()[-1], False


def few_cells(route: Route, name: str, stopped: Collection[str]) -> Iterator[tuple[str, str, bool]]:
    """Return, for each method, one allowed role, one that the view refuses, anonymous and one of another assembly.

    On a page of a register the refused role is by turns one that sees the list, if there is any.
    """
    turn, declared = NAMES.index(name), [method for method in ("GET", "POST") if route.knows(method)]
    for method in declared:
        let_in = [role for role in ROLES if route.allows(method, role)]
        refused = [role for role in SIGNED_IN if not route.allows(method, role) and role not in stopped]
        near = [role for role in refused if (of := list_of(name)) and ROUTES[of].allows("GET", role)]
        yield from ((method, role, False) for role in one_of(let_in, turn) + one_of(near or refused, turn))
    for method in one_of(declared, turn):
        yield method, "anonymous", False
        if route.of:
            yield from ((method, role, True) for role in elsewhere(route, name, method, whole=False))


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


def run(name: str, people: People, count: Callable[..., None], *, whole: bool) -> list[str]:
    route = ROUTES[name]
    url = address(name, route.of(people) if route.of else {})
    data = route.data(people) if callable(route.data) else route.data
    got: dict[str, int] = {}

    def judged(method: str, role: str, foreign: bool) -> str:
        label = f"{role}@elsewhere" if foreign else role
        user = None if role == "anonymous" else people[label]
        allowed = route.allows(method, role) and (not foreign or route.crosses or "anonymous" in route.get.split())
        return judge(route, name, url, method, label, user, allowed, data, got)

    stopped = stopped_at_the_door(people, url)
    few = not whole and name not in TODAY
    chosen = [*(few_cells(route, name, stopped) if few else cells(route, name, stopped, whole=whole))]
    safe = [cell for cell in chosen if cell[0] in SAFE]
    with transaction.atomic():
        found = judged_without_a_write(route, name, safe, judged)
        transaction.set_rollback(True)
    for cell in chosen:
        if cell[0] not in SAFE:
            with transaction.atomic():
                found.append(judged(*cell))
                transaction.set_rollback(True)
    wrong = [line for line in found if line]
    count(requests=len(chosen), faults=len(wrong))
    return wrong


def judged_without_a_write(
    route: Route, name: str, safe: list[tuple[str, str, bool]], judged: Callable[[str, str, bool], str]
) -> list[str]:
    """Check that safe methods write nothing: count rows around all of them, and around each after a write."""
    may_change = KEPT_BY_SESSIONS | {*route.may_write.split()} | (JOURNAL if route.journals else set())
    start = written()
    found = [judged(*cell) for cell in safe]
    if changes(start, written()) - may_change:
        for cell in safe:
            before = written()
            judged(*cell)
            if wrote := changes(before, written()) - may_change:
                found.append(f"{name} {cell[0]} as {cell[1]}, a safe method wrote {sorted(wrote)}")
        found.append(f"{name}, a safe method wrote {sorted(changes(start, written()) - may_change)}")
    return found


def changes(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {table for table, rows in after.items() if rows != before.get(table, 0)}


@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", NAMES)
def test_thin_cut(name, people, count):
    assert settings.STRICT_FETCH
    assert run(name, people, count, whole=False) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", NAMES)
def test_whole_product(name, people, count):
    assert run(name, people, count, whole=True) == []

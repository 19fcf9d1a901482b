"""Every address with every parameter, filled with what no program expects: never a 5xx; NUL is refused in French."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.forms import BoundField
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.browsing import StrictClient
from tests.people import People
from tests.security.everybody import open_session
from tests.security.expectations import ROUTES
from tests.security.routes import address
from tests.security.steps.rule import ROLES, Table, is_taken
from tests.security.test_matrix import NAMES
from tests.security.test_step_matrix import TABLES, addresses as step_addresses
from tests.security.turns import of_today

NUL = "a\x00b"
# What is sent for each parameter, by name; the lone surrogate travels as the three bytes that UTF-8 forbids.
ODD: dict[str, bytes] = {
    "NUL": NUL.encode(),
    "lone surrogate": b"\xed\xa0\x80",
    "2^63": str(2**63).encode(),
    "10 kB": b"9" * 10_240,
    "superscript": "²".encode(),
    "right to left": "\u202e\u200ftxet\u202c".encode(),
}
ODD_DAYS: dict[str, bytes] = {"first day": b"0001-01-01", "last day": b"9999-12-31"}
TURNS = dict(zip(NAMES, cycle(ODD), strict=False))
REFUSED = "Nous n’avons pas compris cette demande"
SEEN_500 = [
    "/verifier/%00/",
    "/publications/%00.pdf",
    "/saisines/%00/",
    "/avis/%00/",
    "/avis/%00/texte.odt",
    "/avis/%00/preconisations.json",
    "/avis/%00/facile-a-lire.pdf",
    "/verifier/?reference=%00",
    "/verifier/?empreinte=%00",
    "/glossaire/?q=%00",
    "/nulle-part/%00/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", SEEN_500)
def test_nul_in_an_address_is_refused_in_french(path):
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, REFUSED in answer.content.decode()) == (400, True)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/bureau/donnees/?q=%00", "/bureau/historique/%00/%00/"])
def test_nul_in_an_address_of_the_desk_too(path, signed_in):
    assert signed_in("dpo").get(path).status_code == 400


@pytest.mark.django_db
def test_nul_in_a_form_is_refused_and_the_words_are_kept(signed_in):
    answer = signed_in("officer").post(
        reverse("consultations:create"), {"title": "Bien\x00 vieillir", "question": "Qui ?"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Un caractère illisible" in page
    assert "Bien vieillir" in page
    assert "Qui\u00a0?" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [
        {"HTTP_COOKIE": rf'{settings.SESSION_COOKIE_NAME}="abcdefgh\000abcdefgh"'},
        {"HTTP_REFERER": "http://testserver/\x00"},
        {"HTTP_USER_AGENT": "x\x00"},
        {"CONTENT_TYPE": "text/plain; charset=unicode_escape", "QUERY_STRING": r"q=\ud800"},
    ],
    ids=["cookie", "referer", "browser", "charset that makes surrogates"],
)
def test_what_comes_beside_the_address_is_read_too(sent):
    answer = Client(raise_request_exception=False).get("/recherche/", **sent)
    assert (answer.status_code, REFUSED in answer.content.decode()) == (400, True)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [r"\u0000", r"\ud800"])
def test_what_json_spells_out_is_refused(text):
    body = f'{{"event": "delivered", "message-id": "{text}", "email": "a@example.org"}}'
    answer = Client(raise_request_exception=False).post(
        reverse("notifications:mail-webhook", args=["brevo"]),
        body,
        content_type="application/json",
        headers={"Authorization": "Basic bG9jYWw6bG9jYWw="},
    )
    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "disposition", ['filename="a%00.pdf"', "filename*=UTF-8''a%00.pdf", "filename*=nonsense''a.pdf"]
)
def test_the_name_of_a_file_is_read_too(disposition, signed_in):
    body = f'--x\r\nContent-Disposition: form-data; name="file"; {disposition}\r\n\r\nPDF\r\n--x--\r\n'
    answer = signed_in("lead").post(
        reverse("documents:verify"), body.encode(), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code < 500


@pytest.fixture
def asked(monkeypatch) -> Iterator[set[str]]:
    """Record the names of parameters that views read during a request."""
    names: set[str] = set()

    def listening(read: Callable[..., Any]) -> Callable[..., Any]:
        def told(self: QueryDict, name: str, *rest: Any) -> Any:
            names.add(name)
            return read(self, name, *rest)

        return told

    for method in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, method, listening(getattr(QueryDict, method)))
    return names


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


def browser_of(who: str, people: People) -> StrictClient:
    browser = StrictClient(raise_request_exception=False)
    if who != "anonymous":
        browser.cookies[settings.SESSION_COOKIE_NAME] = people[who].open_session
    return browser


def sound(send: Callable[[], HttpResponseBase], odd: str, where: str) -> str:
    """Return "" or the fault; undo whatever the request wrote."""
    cache.clear()
    with transaction.atomic():
        answer = send()
        transaction.set_rollback(True)
    if answer.status_code >= 500:
        return f"{where} with {odd}: {answer.status_code}"
    if odd == "NUL" and answer.status_code not in {400, 404, 405}:
        return f"{where} with NUL: {answer.status_code}, not refused"
    return ""


def addresses(name: str, known: str, odd: str) -> Iterator[tuple[str, str]]:
    """Return the address with each of its parts replaced by an odd value in turn."""
    for part in range(1, len(known.strip("/").split("/")) + 1):
        pieces = known.split("/")
        if odd != "2^63" or pieces[part].isdigit():
            pieces[part] = quote(ODD[odd])
            yield "/".join(pieces), f"{name} GET part {part}"


def fuzzed(name: str, people: People, asked: set[str], odds: list[str]) -> list[str]:
    route, found = ROUTES[name], []
    url = address(name, route.of(people) if route.of else {})
    data = (route.data(people) if callable(route.data) else route.data) or {}
    for method in [method for method in ("GET", "POST") if route.knows(method)]:
        browser = browser_of((route.get if method == "GET" else route.post).split()[0], people)
        asked.clear()
        sound(lambda: browser.get(url) if method == "GET" else browser.post(url, data), "", "")  # noqa: B023 -- called at once
        names = sorted(asked - {"csrfmiddlewaretoken", "idempotency_key"})
        for odd in odds:
            for field in names:
                if method == "GET":
                    query = f"{url}?{quote(field)}={quote(ODD[odd])}"
                    found.append(sound(lambda: browser.get(query), odd, f"{name} GET {field}"))  # noqa: B023 -- the same
                else:
                    body = "&".join(f"{quote(k)}={quote(str(v))}" for k, v in data.items() if k != field)
                    body += f"&{quote(field)}={quote(ODD[odd])}"
                    kind = "application/x-www-form-urlencoded"
                    found.append(sound(lambda: browser.post(url, body, kind), odd, f"{name} POST {field}"))  # noqa: B023 -- the same
    browser = browser_of((route.get or route.post or "lead").split()[0], people)
    for odd in odds:
        for path, where in addresses(name, url, odd):
            found.append(sound(lambda: browser.get(path), odd, where))  # noqa: B023 -- the same
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", of_today(NAMES))
def test_thin_cut(name, people, asked, count):
    """Every eighth address with one odd value, by turns: all of them within eight days of commits."""
    found = fuzzed(name, people, asked, [TURNS[name]])
    wrong = [line for line in found if line]
    count(requests=len(found), faults=len(wrong))
    assert wrong == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", NAMES)
def test_whole_product(name, people, asked, count):
    found = fuzzed(name, people, asked, list(ODD))
    wrong = [line for line in found if line]
    count(requests=len(found), faults=len(wrong))
    assert wrong == []


def right_value(bound: BoundField) -> str:
    """Return the value that the form shows, or one that it accepts."""
    shown, field = bound.value(), bound.field
    if shown not in (None, "", []):
        return str(shown[0] if isinstance(shown, list) else shown)
    if choices := [str(value) for value, _words in getattr(field, "choices", ()) if value]:
        return choices[0]
    if isinstance(field, forms.DateField):
        return timezone.localdate().isoformat()
    return (
        "1" if isinstance(field, forms.IntegerField) else "Les habitants de Muret l’ont demandé en réunion publique."
    )


def asked_steps(table: Table, people: People) -> Iterator[tuple[str, str, Any]]:
    """Yield each step of a table that has a form once: its name, its address, and the roles that may take it.

    The row of a state is undone before the next one is made, since two of them may violate a constraint.
    """
    seen: set[str] = set()
    everybody = {role: people[role] for role in ROLES}
    for user in everybody.values():
        if not hasattr(user, "open_session"):
            open_session(people.ready(user))
    for state in table.states.split():
        before = transaction.savepoint_create()  # not `atomic`: rows shared inside would stay shared
        row = table.row(people, state)
        users = everybody | dict(table.holders(people, row))
        for slug, url, is_post_only in step_addresses(table, row):
            takers = [user for role, user in users.items() if is_taken(table, slug, state, role)]
            if takers and slug not in seen and not is_post_only:
                seen.add(slug)
                if not hasattr(takers[0], "open_session"):
                    open_session(people.ready(takers[0]))
                yield slug, url, takers[0]
        transaction.savepoint_rollback(before)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", TABLES)
def test_every_field_of_every_step(name, people, count):
    """One odd value among right ones: it reaches the action wherever the form lets it pass."""
    found = []
    for slug, url, user in asked_steps(TABLES[name], people):
        browser = StrictClient(raise_request_exception=False)
        browser.cookies[settings.SESSION_COOKIE_NAME] = user.open_session
        cache.clear()
        context = browser.get(url).context
        form = context.get("form") if context is not None else None
        names = [bound for bound in form if not isinstance(bound.field, forms.FileField)] if form is not None else []
        data = {bound.html_name: right_value(bound) for bound in names}
        for field in data:
            for odd, sent in (ODD | ODD_DAYS).items():
                body = "&".join(f"{quote(key)}={quote(value)}" for key, value in (data | {field: sent}).items())
                send = partial(browser.post, url, body, "application/x-www-form-urlencoded")
                found.append(sound(send, odd, f"{name} {slug} {field}"))
    wrong = [line for line in found if line]
    count(requests=len(found), faults=len(wrong))
    assert wrong == []

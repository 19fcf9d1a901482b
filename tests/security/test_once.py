"""Once is once: every form sent twice at the same instant, from two connections, acts once."""

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from assembly.institution.models import Directorate, Invitation
from assembly.local.addresses import ROOT
from tests.browsing import StrictClient
from tests.factories.institution import CantonFactory
from tests.people import People
from tests.security.everybody import user_for
from tests.security.expectations import ROUTES
from tests.security.routes import address
from tests.sessions import route_objects

FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']?post.*?</form>", re.DOTALL | re.IGNORECASE)
# Views that may run twice for one form; each says why beside its own `@repeatable`.
REPEATABLE = {
    "answers:follow",
    "answers:follow-assembly",
    "answers:follow-subject",
    "answers:follow-confirm",
    "answers:follow-stop",
    "answers:rate",
    "collab:exchange",
    "consultations:instruction-presence",
    "consultations:suggest-draft",
    "correspondence:trial",
    "demo:sign-in",
    "draws:apply",
    "draws:apply-code",
    "draws:candidate-confirm",
    "draws:candidates-write",
    "draws:candidates-write-trial",
    "draws:guardian",
    "draws:link-renew",
    "draws:news-stop",
    "identity:confirm",
    "identity:my-data-export",
    "institution:settings-test-mail",
    "members:alumni-contacts",
    "members:alumni-leave",
    "directory:card",
    "directory:file",
    "members:member-contacts",
    "mission:grant-address-confirm",
    "mission:grant-link-renew",
    "mission:grants-private-export",
    "mission:list-join",
    "mission:list-leave",
    "mission:lists-private-export",
    "mission:partners-private-export",
    "mission:support-certificates",
    "notifications:distribution-proof",
    "notifications:mail-webhook",
    "notifications:unsubscribe",
    "saved_views:stop",
    "sittings:answers-export",
    "sittings:expense-batch-file",
    "sittings:expense-vouchers",
    "sittings:logistics",
    "sittings:notice-trial",
    "sittings:reply-renew",
}
BESIDE = {"django_session", "usersessions_usersession", "jobs_idempotencykey"}


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern.callback


def test_every_view_asks_a_key_or_says_why_not():
    found = {name: view for name, view in views() if getattr(view, "repeatable", "")}
    own = {name for name in found if not name.startswith(("account_", "mfa_"))}
    assert own == REPEATABLE
    assert [name for name, view in views() if name not in found and not getattr(view, "idempotent", False)] == []


def test_no_form_is_written_without_its_key():
    """One tag writes both hidden fields: no template writes either by hand, none has a form without it."""
    templates = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    assert [
        str(path) for path, text in templates.items() if re.search(r"csrfmiddlewaretoken|idempotency_key", text)
    ] == []
    bare = [
        str(path) for path, text in templates.items() for form in FORM.findall(text) if "{% csrf_token %}" not in form
    ]
    assert bare == []


@dataclass(frozen=True)
class Form:
    """What creates: who, where, with what, and how many rows of which tables one sending makes."""

    route: str
    who: str
    makes: dict[str, int]
    of: Callable[[People], dict[str, Any]] = lambda p: {}
    data: Callable[[People], dict[str, Any]] = lambda p: {}


def new_member(p: People) -> dict[str, Any]:
    facts = {"first_name": "Rosa", "last_name": "Vidal", "gender": "F", "canton": CantonFactory().pk}
    return facts | {"channel": "email", "email": "rosa@example.org", "birth_year": "1970"}


FORMS = [
    Form(
        "institution:invite",
        "lead",
        {"identity_person": 1, "institution_invitation": 1},
        data=lambda p: {
            "first_name": "Hugo",
            "last_name": "Lafforgue",
            "email": "hugo@example.org",
            "role": "dir_contact",
            "directorate": p.directorate.pk,
        },
    ),
    Form("members:member-add", "officer", {"identity_person": 1, "members_mandate": 1}, data=new_member),
    Form(
        "members:person-add",
        "officer",
        {"identity_person": 1, "members_contact": 1},
        data=lambda p: {
            "first_name": "Élise",
            "last_name": "Fauré",
            "capacity": "conseillère",
            "channel": "email",
            "email": "elise@example.org",
        },
    ),
    Form(
        "sittings:decision-add", "officer", {"sittings_decision": 1}, route_objects.item, lambda p: {"text": "Adopté."}
    ),
    Form(
        "sittings:action-add",
        "officer",
        {"sittings_actionitem": 1, "tasks_task": 1},
        route_objects.item,
        lambda p: {"text": "Écrire au Département", "owner_text": "Direction de l’Autonomie"},
    ),
    Form(
        "sittings:item-add",
        "officer",
        {"sittings_agendaitem": 1},
        ROUTES["sittings:item-add"].of,
        lambda p: {"title": "Vote", "kind": "vote", "minutes": 5},
    ),
    Form("consultations:create", "officer", {"consultations_referral": 1}, data=lambda p: {"title": "Bien vieillir"}),
]


def rows() -> dict[str, int]:
    """Return the number of rows of each table of the product."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in BESIDE]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))  # noqa: S608 -- table names come from the database itself
        return dict(cursor.fetchall())


def more(before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in rows().items() if count != before[name]}


def at_once(posts: list[Callable[[], HttpResponseBase]]) -> list[HttpResponseBase]:
    """Send the posts at the same moment, each in a thread with its own connection."""
    gate, answers = threading.Barrier(len(posts)), [None] * len(posts)

    def run(number: int) -> None:
        try:
            gate.wait(10)
            answers[number] = posts[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(posts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in answers
    return answers


def session_of(who: str, people: People) -> str:
    return StrictClient().enter(people.ready(user_for(who, people))).cookies[settings.SESSION_COOKIE_NAME].value


def sender(url: str, data: dict[str, Any], session: str, key: str | None = None) -> Callable[[], HttpResponseBase]:
    """Return a plain browser that posts the data, with this key or without any."""
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    fields = data | ({"idempotency_key": key} if key else {})
    return lambda: browser.post(url, fields)


def told(answer: HttpResponseBase) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Location", "")


@pytest.fixture
def away(settings):
    """Make Redis refuse every connection."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.route)
def test_sent_four_times_at_once_it_acts_once(form, people):
    url, data, session = address(form.route, form.of(people)), form.data(people), session_of(form.who, people)
    before, key = rows(), str(uuid.uuid4())
    answers = at_once([sender(url, data, session, key) for _ in range(4)])
    assert {name: number for name, number in more(before).items() if name in form.makes} == form.makes
    assert len({told(answer) for answer in answers}) == 1
    assert answers[0].status_code == 302
    assert told(sender(url, data, session, key)()) == told(answers[0])


@pytest.mark.django_db(transaction=True)
def test_other_words_under_the_same_key_are_kept_and_asked(people):
    """Back, another name, send: the second is not swallowed as a copy of the first, nor done without a word."""
    form = FORMS[2]
    url, data, session, key = (
        address(form.route, {}),
        form.data(people),
        session_of(form.who, people),
        str(uuid.uuid4()),
    )
    assert sender(url, data, session, key)().status_code == 302
    before = rows()
    answer = sender(url, data | {"first_name": "Solange"}, session, key)()
    page = answer.content.decode()
    assert (answer.status_code, more(before)) == (409, {})
    assert "Cette page a déjà servi" in page
    assert "Solange" in page
    again = re.search(r'name="idempotency_key" value="([^"]+)"', page)[1]
    assert sender(url, data | {"first_name": "Solange"}, session, again)().status_code == 302


DIRECTORATE = Form(
    "institution:directorate-create",
    "lead",
    {"institution_directorate": 1},
    data=lambda p: {"name": "Direction des Routes", "code": "routes"},
)
TWO_PAGES = [
    (FORMS[0], {"identity_person": 1}),  # each invitation takes the place of the one before
    (FORMS[1], {"identity_person": 1, "members_mandate": 1}),
    (FORMS[2], {"identity_person": 1, "members_contact": 1}),
    (DIRECTORATE, {"institution_directorate": 1}),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("form", "made"), TWO_PAGES, ids=lambda value: getattr(value, "route", ""))
def test_two_pages_make_one_of_what_may_exist_once(form, made, people):
    """Two keys, the same words, the same instant: a constraint or a row lock decides, and a sentence says it."""
    url, data, session = address(form.route, {}), form.data(people), session_of(form.who, people)
    before = rows()
    answers = at_once([sender(url, data, session, str(uuid.uuid4())) for _ in range(4)])
    assert {name: number for name, number in more(before).items() if name in made} == made
    assert Invitation.objects.filter(accepted_at=None, revoked_at=None).count() == (form.route == "institution:invite")
    assert max(answer.status_code for answer in answers) < 500


@pytest.mark.django_db(transaction=True)
def test_a_row_that_may_exist_once_is_a_sentence(people, monkeypatch):
    """What only the constraint sees: 409, and the words are kept."""
    monkeypatch.setattr(Directorate, "full_clean", lambda self: None)
    url, session = address("institution:directorate-create", {}), session_of("lead", people)
    data = {"name": "Direction des Routes", "code": people.directorate.code}
    answer = sender(url, data, session, str(uuid.uuid4()))()
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "vient d’être enregistrée par une autre page" in page
    assert "Direction des Routes" in page


@pytest.mark.django_db(transaction=True)
def test_a_refused_page_may_be_sent_again_with_its_key(people):
    """The claim goes with all the rest when the form says no."""
    url = address("consultations:create", {})
    session, key = session_of("officer", people), str(uuid.uuid4())
    assert sender(url, {"title": ""}, session, key)().status_code == 422
    assert sender(url, {"title": "Bien vieillir"}, session, key)().status_code == 302


@pytest.mark.django_db(transaction=True)
def test_what_waited_for_a_fresh_proof_is_done_once(people):
    """The form keeps its key on the way through the proof, and the proof sent twice resumes it once."""
    member = people["member"]
    member.set_password("ma phrase de passe 31")
    member.save()
    browser = Client()
    browser.force_login(member)
    session, before = browser.session.session_key, rows()
    way = sender(address("identity:erasure-ask", {}), {}, session, str(uuid.uuid4()))().headers["Location"]
    assert way.startswith("/compte/confirmer/mot-de-passe/")
    target = address("identity:erasure-ask", {})
    proof = {"password": "ma phrase de passe 31", "next": target, "idempotency_key": str(uuid.uuid4())}
    answers = at_once([sender(way, proof, session) for _ in range(2)])
    assert {told(answer) for answer in answers} == {(307, target)}

    def sent_on() -> HttpResponseBase:
        """Repeat the body of the proof, as a browser does."""
        again = Client(raise_request_exception=False)
        again.cookies[settings.SESSION_COOKIE_NAME] = session
        return again.post(target, urlencode(proof), content_type="application/x-www-form-urlencoded")

    assert {answer.status_code for answer in at_once([sent_on, sent_on])} <= {302, 409}
    assert sent_on().status_code == 409
    assert more(before)["identity_erasurerequest"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_key_of_one_account_is_nothing_to_another(people):
    url, key = address("consultations:create", {}), str(uuid.uuid4())
    before = rows()
    for who in ("officer", "lead"):
        assert sender(url, {"title": "Bien vieillir"}, session_of(who, people), key)().status_code == 302
    assert more(before)["consultations_referral"] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS[:2], ids=lambda form: form.route)
@pytest.mark.usefixtures("away")
def test_it_acts_once_while_redis_is_away(form, people):
    url, data, session = address(form.route, form.of(people)), form.data(people), session_of(form.who, people)
    before, key = rows(), str(uuid.uuid4())
    answers = at_once([sender(url, data, session, key) for _ in range(2)])
    assert {name: number for name, number in more(before).items() if name in form.makes} == form.makes
    assert told(answers[0]) == told(answers[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.route)
def test_without_a_key_nothing_is_done_and_nothing_is_lost(form, people):
    url, data, session = address(form.route, form.of(people)), form.data(people), session_of(form.who, people)
    before = rows()
    for answer in at_once([sender(url, data, session) for _ in range(2)]):
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Envoyez de nouveau" in page
        assert all(str(value) in page for value in data.values())
        assert 'name="idempotency_key"' in page
    assert more(before) == {}


POSTED = sorted(name for name, route in ROUTES.items() if route.post)
ASKED = [name for name in POSTED if name not in REPEATABLE and not name.startswith(("account_", "mfa_"))]


def lone(post: Callable[[], HttpResponseBase]) -> dict[str, int]:
    """Return how many rows of each table one post alone would write; undo it."""
    before = rows()
    with transaction.atomic():
        post()
        connection.check_constraints()  # the journal is chained by a trigger that waits for the commit
        made = more(before)
        transaction.set_rollback(True)
    return made


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("proved_for_long")
@pytest.mark.parametrize("name", ASKED)
def test_every_form_sent_twice_at_once_makes_what_one_sending_makes(name, people):
    route = ROUTES[name]
    who = route.post.split()[0]
    url = address(name, route.of(people) if route.of else {})
    data = (route.data(people) if callable(route.data) else route.data) or {}
    session = "" if who == "anonymous" else session_of(who, people)
    before = rows()
    for answer in at_once([sender(url, data, session) for _ in range(2)]):
        assert answer.status_code == 400
    assert more(before) == {}
    expected, key = lone(sender(url, data, session, str(uuid.uuid4()))), str(uuid.uuid4())
    first, second = at_once([sender(url, data, session, key) for _ in range(2)])
    assert more(before) == expected
    assert max(first.status_code, second.status_code) < 500
    if "Location" in first.headers or "Location" in second.headers:
        assert told(first) == told(second)

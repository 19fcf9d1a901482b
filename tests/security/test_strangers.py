"""Every signed link, every public form and every mail that somebody without an account may cause, written by hand.

A new link says whose it is and until when, a new form which mail it causes, a new kind of mail who causes it.
"""

import ast
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core import mail
from django.db import models
from django.urls import reverse

from assembly.identity.attempts import CEILINGS
from assembly.identity.names import check_person_name
from assembly.local.addresses import ROOT
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from draws.candidates.rules import entry_token, guardian_token, page_token
from draws.models import DrawState
from sessions.sittings.rules import reply_token
from tests.answers.publication.test_public import one_of, opinion_of
from tests.browsing import StrictClient
from tests.draws.stage import draw_in
from tests.draws.typed import answers
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory, deposit_link
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.security.expectations import ROUTES

pytestmark = pytest.mark.django_db
APPS = ("answers", "assembly", "consultations", "draws", "members", "mission", "opinions", "sessions")

# Links of one address (`PersonalLink`), by file: how long each lasts; None only where it does nothing but end mail, or
# where its row says the end.
PERSONAL = {
    "answers/voice/rules.py": {"answers.following.confirm": "3 days", "answers.following.stop": "ends mail"},
    "assembly/notifications/preferences.py": {"notifications.unsubscribe": "ends mail"},
    "assembly/saved_views/actions.py": {"mission.views.stop": "ends mail"},
    "draws/candidates/rules.py": {
        "draws.candidate.page": "180 days",
        "draws.candidate.code": "7 days",
        "draws.candidate.guardian": "180 days",
        "draws.entry": "180 days",
        "draws.next-call": "ends mail",
    },
    "members/consents/mails.py": {"members.alumni.leave": "ends mail"},
    "mission/mailings/rules.py": {"mission.lists.join": "14 days", "mission.lists.leave": "ends mail"},
    "sessions/sittings/rules.py": {"sessions.reply": "the day of the sitting"},
}
# What is signed besides: no link of an address, or a link whose row knows the address.
SIGNED = {
    "answers/cases/views.py": "a preview inside a form of the team, an hour at most",
    "draws/candidates/views/writing.py": "text and people inside a form of the team, for its next page",
    "draws/representation/views.py": "a preview inside a form of the team",
    "assembly/calendar/rules.py": "the calendar of a team, renewed there, and by itself when somebody leaves",
    "assembly/documents/verification.py": "a result in the database, no link",
    "assembly/identity/attempts.py": "a cookie, which opens nothing",
    "assembly/identity/personal_links.py": "the personal links themselves",
    "assembly/institution/codes.py": "an invitation: its row keeps address and end, and is refused once one is over",
    "mission/grants/rules.py": "a random key: `DepositLink` keeps the digest of the address and the last day",
    "sessions/sittings/rules.py": "the calendar of an account, shown to whoever is signed in and renewed there",
}


def calls(names):
    """Return the calls of these names in the apps, by file."""
    found = {}
    for path in sorted(path for app in APPS for path in Path(ROOT, app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                func = node.func
                name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
                owner = getattr(func.value, "id", "") if isinstance(func, ast.Attribute) else ""
                if name in names or f"{owner}.{name}" in names:
                    found.setdefault(str(path.relative_to(ROOT)), []).append(node)
    return found


def test_every_personal_link_says_until_when():
    found = {
        path: {node.args[0].value: len(node.args) for node in nodes} for path, nodes in calls({"PersonalLink"}).items()
    }
    assert {path: set(salts) for path, salts in found.items()} == {path: set(told) for path, told in PERSONAL.items()}


def test_whatever_else_is_signed_says_why_it_is_no_link_of_an_address():
    assert set(calls({"Signer", "TimestampSigner", "signing.dumps"})) == set(SIGNED)


# Who causes each kind of mail.

STRANGERS = {  # by a form or a link, without an account; each has its case below
    "candidate-link": "candidate",
    "candidate-guardian": "candidate",
    "draw-entry": "candidate",
    "grant-link": "grant-deposit",
    "grant-receipt": "grant-deposit",
    "proposal-following": "following",
    "sitting-reminder": "sitting-reply",
}
# Follows once an address is confirmed, from what the team decided before: nothing that a stranger writes again.
AFTER_CONFIRMATION = {"candidate-decision", "grant-decision", "grant-missing"}


def test_every_kind_of_mail_that_a_stranger_causes_is_in_the_table():
    """Kinds for somebody who is no person of ours have their own `mailbox`: those a stranger may name."""
    to_strangers = {
        kind
        for kind, message in kinds.items()
        if "mailbox" in {name for base in type(message).__mro__[:-2] for name in vars(base)}
    }
    by_the_team = {
        "next-call",
        "proposal-news",
        "list-message",
        "list-invitation",
        "saved-view",
        "mission-dues",
        "candidate-text",
        "team-message",
        "team-news",
    }
    assert to_strangers == {*STRANGERS, *AFTER_CONFIRMATION, *by_the_team} - {"sitting-reminder"}
    assert set(STRANGERS.values()) <= set(CEILINGS)


# Public forms and links that write: which mail each causes.
NO_MAIL = ""
PUBLIC_POSTS = {
    "answers:follow": "proposal-following",
    "answers:follow-assembly": "proposal-following",
    "answers:follow-subject": "proposal-following",
    "answers:follow-confirm": NO_MAIL,
    "answers:follow-stop": NO_MAIL,
    "documents:verify": NO_MAIL,
    "draws:apply": NO_MAIL,
    "draws:apply-code": "candidate-guardian",
    "draws:apply-send": "candidate-link",
    "draws:candidate-confirm": "candidate-guardian",
    "draws:entry": NO_MAIL,
    "draws:guardian": NO_MAIL,
    "draws:link-renew": "candidate-link",
    "draws:news-stop": NO_MAIL,
    "draws:personal-correct": "candidate-link",
    "draws:personal-withdraw": NO_MAIL,
    "institution:invitation": NO_MAIL,
    "institution:invitation-code": NO_MAIL,
    "members:alumni-leave": NO_MAIL,
    "mission:grant-address-confirm": "grant-missing",
    "mission:grant-deposit": "grant-receipt",
    "mission:grant-document-drop": NO_MAIL,
    "mission:grant-link-renew": "grant-link",
    "mission:grant-scheme": "grant-link",
    "mission:grant-withdraw": NO_MAIL,
    "mission:list-join": NO_MAIL,
    "mission:list-leave": NO_MAIL,
    "notifications:mail-webhook": NO_MAIL,
    "notifications:unsubscribe": NO_MAIL,
    "saved_views:stop": NO_MAIL,
    "sittings:reply": NO_MAIL,
    "sittings:reply-renew": "sitting-reminder",
}
ACCOUNT = (
    "account_",
    "mfa_",
    "usersessions_",
    "socialaccount_",
)  # counted in tests/assembly/identity/test_attempts.py


def test_every_public_form_says_which_mail_it_causes():
    public = {name for name, route in ROUTES.items() if "anonymous" in route.post.split()}
    assert {name for name in public if not name.startswith(ACCOUNT)} == set(PUBLIC_POSTS)


# Each of them, asked again and again from one network of IPv6: ten messages to one address in an hour at most.


def apply_again(people):
    canton = CantonFactory(assembly=people.assembly)
    CallFactory(term=people.term)
    return reverse("draws:apply-send"), answers(canton)


def renew(link_of):
    def made(people):
        return reverse("draws:link-renew", args=[link_of(people)]), {}

    return made


def entry_of(people):
    draw = draw_in(people, DrawState.FROZEN)
    return entry_token(draw.pool.entries.select_related("candidate").first())


def grant_again(people):
    return reverse("mission:grant-scheme", args=[GrantSchemeFactory().pk]), {"email": "asso@example.org"}


def renew_grant(people):
    row = GrantApplicationFactory()
    token = deposit_link(GrantDepositFactory(scheme=row.scheme, application=row))
    return reverse("mission:grant-link-renew", args=[token]), {}


def follow_again(people):
    return reverse("answers:follow", args=[one_of(opinion_of(people)).reference]), {"email": "a@example.org"}


def login_code(people):
    return reverse("account_request_login_code"), {"email": people["member"].email}


def forgotten(people):
    return reverse("account_reset_password"), {"email": people["member"].email}


CAUSES = {
    "candidature": apply_again,
    "own link": renew(lambda people: page_token(CandidateFactory(call__term=people.term))),
    "guardian link": renew(lambda people: guardian_token(CandidateFactory(call__term=people.term, minor=True))),
    "entry link": renew(entry_of),
    "deposit": grant_again,
    "deposit link": renew_grant,
    "following": follow_again,
    "code": login_code,
    "forgotten password": forgotten,
}


@pytest.mark.parametrize("cause", CAUSES)
def test_what_a_stranger_asks_again_and_again_is_refused_soon(cause, people):
    page, data = CAUSES[cause](people)
    for number in range(30):
        StrictClient(REMOTE_ADDR=f"2001:db8:7:{number:x}::1").post(page, data)
    sent = Delivery.objects.count() + len(mail.outbox)
    assert 1 <= sent <= 10


def test_a_reply_link_is_sent_again_once_a_day(people):
    sitting = SittingFactory(term=people.term, notified=True)
    invitee = InviteeFactory(sitting=sitting)
    page = reverse("sittings:reply-renew", args=[reply_token(invitee)])
    statuses = [StrictClient(REMOTE_ADDR="2001:db8:7::1").post(page).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


# Names of persons.

NAMES = {"first_name", "last_name", "guardian_name", "contact_name", "first_counter", "second_counter"}
HOSTILE = [
    "https://mal.example",
    "Rosa mal.example",
    "www.mal",
    "Rosa: lisez",
    "rosa@mal",
    "a/b",
    "mal\u200b.example",
    "mal\uff0eexample",
    "mal\u3002example",
    "https\uff1a",
]
FRIENDLY = [
    "Rosa",
    "Anne-Lise",
    "D’Artagnan",
    "J.-P. Vidal",
    "M. Vidal",
    "Éléonore de la Tour",
    "J. R. R. Vidal",
    "O'Brien",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_a_mail_program_makes_a_link_of_is_refused(name):
    with pytest.raises(forms.ValidationError):
        check_person_name(name)


@pytest.mark.parametrize("name", FRIENDLY)
def test_names_of_persons_pass(name):
    check_person_name(name)


def subclasses(cls):
    for each in cls.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_form_field_of_a_persons_name_has_the_one_validator():
    found = {
        f"{form.__module__}.{form.__name__}.{name}": check_person_name in field.validators
        for form in subclasses(forms.Form)
        if form.__module__.split(".")[0] in APPS
        for name, field in getattr(form, "base_fields", {}).items()
        if name in NAMES
    }
    assert len(found) >= 12
    assert [name for name, checked in found.items() if not checked] == []


def test_every_column_of_a_persons_name_that_mails_show_is_checked_by_the_database():
    watched = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name in NAMES - {"first_counter", "second_counter"} and isinstance(field, models.CharField)
    }
    assert watched == {
        "Person.first_name",
        "Person.last_name",
        "NameChangeRequest.first_name",
        "NameChangeRequest.last_name",
        "Candidate.first_name",
        "Candidate.last_name",
        "Candidate.guardian_name",
        "GrantApplication.contact_name",
    }
    conditions = " ".join(
        str(constraint.condition)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.name.endswith(("no_link", "no_links"))
    )
    assert [column for column in watched if f"{column.partition('.')[2]}__regex" not in conditions] == []


def test_a_form_with_a_link_for_a_name_writes_to_nobody(people, client):
    page, data = apply_again(people)
    refused = client.post(page, data | {"first_name": "https://mal.example/"})
    assert (refused.status_code, Delivery.objects.count()) == (422, 0)

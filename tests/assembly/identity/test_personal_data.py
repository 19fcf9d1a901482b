"""Every field about a person is declared; data is given whole, erased whole, and the journal's chain stays whole."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.actions import record
from assembly.audit.models import Entry
from assembly.audit.verification import verify
from assembly.identity import actions
from assembly.identity.checks import models_declare_privacy
from assembly.identity.models import AttemptCounter, ErasureRequest, ErasureState, Person, User
from assembly.identity.personal_data import ModelPrivacy, erased, registry, retained, undeclared
from assembly.identity.workflow import ERASURE
from assembly.institution import rules
from assembly.institution.actions import privacy
from assembly.institution.models import Invitation, Role
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from tests.factories.institution import CommitteeMembershipFactory, InvitationFactory

OUR_PACKAGES = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in OUR_PACKAGES]
SEEDED = {
    "first_name": "Zéphyrine",
    "last_name": "Quetzalcoatl",
    "capacity": "apicultrice à Xanthoville",
    "email": "zephyrine.q@example.net",
    "phone": "05 99 88 77 66",
    "address": "12 impasse Wolframite",
    "city": "Yggdrasilbourg",
    "postcode": "31999",
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared(model):
    assert undeclared(model) == []


def test_a_model_that_somebody_forgot_is_found():
    assert undeclared(Session) == ["sessions.Session"]


def test_the_system_check_names_a_model_that_declares_nothing(monkeypatch):
    assert models_declare_privacy() == []
    monkeypatch.setattr(registry, "impersonal", registry.impersonal - {AttemptCounter})
    [error] = models_declare_privacy()
    assert (error.id, error.msg) == (
        "identity.E002",
        "identity.AttemptCounter is not declared as personal data or as none.",
    )
    assert "privacy = IMPERSONAL" in error.hint


@pytest.mark.parametrize(
    ("model", "name", "rule"),
    [
        (Invitation, "role", retained("motif")),
        (Invitation, "expires_at", retained("motif")),
        (Invitation, "term", retained("motif")),
        (Invitation, "public_id", retained("motif", exported=False)),
        (Invitation, "code_digest", retained("motif", exported=False)),
        (Invitation, "invited_by", retained("motif", exported=False)),
        (Invitation, "person", None),
        (Invitation, "email", None),
        (Person, "phone", None),
        (Person, "capacity", None),
        (Delivery, "recipient_name", None),
        (Delivery, "context", None),
    ],
)
def test_the_kind_of_a_field_gives_its_rule(model, name, rule):
    privacy = ModelPrivacy(owner="person", default=retained("motif"))
    assert privacy.rule_of(model._meta.get_field(name)) == rule


def test_an_exception_comes_before_the_kind_and_names_a_field():
    privacy = ModelPrivacy(owner="person", internal=["role"], fields={"email": erased()}, code_digest=retained())
    rules = {name: privacy.rule_of(Invitation._meta.get_field(name)) for name in ("role", "email", "code_digest")}
    assert rules == {"role": retained(exported=False), "email": erased(), "code_digest": retained()}
    with pytest.raises(FieldDoesNotExist):
        ModelPrivacy(owner="person", nickname=erased()).columns(Invitation)


def everywhere(needles):
    """Return the tables with one of these strings in any column; digits count only as a whole number."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for needle in needles:
                pattern = rf"(?<![0-9a-z]){needle}(?![0-9a-z])" if needle.isdigit() else f"***={needle}"
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', [pattern])  # noqa: S608 -- table names come from the database itself
                if cursor.fetchone()[0]:
                    found.append((table, needle))
    return found


@pytest.fixture
def zephyrine(people):
    user = people["member"]
    Person.objects.filter(pk=user.person_id).update(**SEEDED)
    User.objects.filter(pk=user.pk).update(email=SEEDED["email"])
    user.refresh_from_db()
    user.person.refresh_from_db()
    InvitationFactory(person=user.person, email=SEEDED["email"], term=people.term)
    CommitteeMembershipFactory(person=user.person, committee__term=people.term)
    with transaction.atomic():
        record("account.confirmed", user, by=user, detail="Zéphyrine Quetzalcoatl a téléphoné du 05 99 88 77 66")
    return user


@pytest.mark.django_db
def test_the_export_is_whole(signed_in, zephyrine):
    response = signed_in(zephyrine).post(reverse("identity:my-data-export"))
    given = json.loads(response.content)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert {name: given["identity.Person"][0][name] for name in SEEDED} == SEEDED
    assert set(given) >= {"identity.User", "institution.Invitation", "institution.CommitteeMembership", "journal"}
    assert "password" not in given["identity.User"][0]
    assert given["journal"][0]["verb"] == "account.confirmed"


@pytest.mark.django_db(transaction=True)
def test_an_erasure_leaves_no_trace_of_the_person_and_the_chain_whole(signed_in, people, zephyrine):
    browser = signed_in(zephyrine)
    browser.post(reverse("identity:erasure-ask"), {"statement": "Zéphyrine s’en va"})
    asked = ErasureRequest.objects.get()
    officer = signed_in("dpo")
    assert "Zéphyrine" in officer.get(reverse("institution:erasure", args=[asked.pk])).content.decode()
    officer.post(reverse("institution:erasure-fulfil", args=[asked.pk]))
    needles = [*SEEDED.values(), "Zéphyrine", "Quetzalcoatl"]
    assert everywhere(needles) == []
    person = Person.objects.get(pk=zephyrine.person_id)
    assert person.full_name == "Personne effacée"
    assert person.anonymised_at is not None
    assert person.pseudonym == zephyrine.person.pseudonym
    assert browser.get(reverse("identity:account")).status_code == 302
    rules.invalidate_roles(zephyrine)
    zephyrine.refresh_from_db()
    assert not rules.is_member(zephyrine, people.term)
    assert Invitation.objects.get(person=person).revoked_at is not None
    assert verify()[1] is None
    assert Entry.objects.filter(event_type="erasure.done").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", ErasureState)
@pytest.mark.parametrize("verb", ["fulfil", "refuse", "withdraw"])
def test_a_request_moves_by_its_table_only(state, verb, people, zephyrine):
    asked = actions.ask_erasure(zephyrine.person, by=zephyrine)
    if state != ErasureState.PENDING:
        ErasureRequest.objects.filter(pk=asked.pk).update(state=state, answered_at=timezone.now())
        asked.refresh_from_db()
    gestures = {
        "fulfil": lambda: privacy.fulfil(asked, by=people["dpo"]),
        "refuse": lambda: privacy.refuse(asked, by=people["dpo"], answer="acte public"),
        "withdraw": lambda: ERASURE.transition(asked, "withdraw", by=zephyrine),
    }
    targets = {"fulfil": ErasureState.DONE, "refuse": ErasureState.REFUSED, "withdraw": ErasureState.WITHDRAWN}
    if state == ErasureState.PENDING:
        gestures[verb]()
    else:
        with pytest.raises(StateConflict):
            gestures[verb]()
    asked.refresh_from_db()
    assert asked.state == (targets[verb] if state == ErasureState.PENDING else state)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_only_the_data_protection_officer_answers(role, people, zephyrine):
    asked = actions.ask_erasure(zephyrine.person, by=zephyrine)
    if role == Role.DPO:
        privacy.refuse(asked, by=people[role], answer="acte public")
    else:
        with pytest.raises(PermissionDenied):
            privacy.refuse(asked, by=people[role], answer="acte public")
        with pytest.raises(PermissionDenied):
            privacy.fulfil(asked, by=people[role])


@pytest.mark.django_db
def test_nobody_answers_oneself_nor_another_assembly(signed_in, people, zephyrine):
    own = actions.ask_erasure(people["dpo"].person, by=people["dpo"])
    with pytest.raises(PermissionDenied):
        privacy.fulfil(own, by=people["dpo"])
    asked = actions.ask_erasure(zephyrine.person, by=zephyrine)
    browser = signed_in(people.elsewhere("dpo"))
    assert browser.get(reverse("institution:erasure", args=[asked.pk])).status_code == 404
    assert "Quetzalcoatl" not in browser.get(reverse("institution:erasures"), {"q": "Zéphyrine"}).content.decode()


@pytest.mark.django_db
def test_a_request_by_letter_is_noted_then_refused_with_words_the_person_reads(signed_in, people, zephyrine):
    officer = signed_in("dpo")
    assert "Zéphyrine" in officer.get(reverse("institution:erasures"), {"q": "zephyrine"}).content.decode()
    note = reverse("institution:erasure-note", args=[zephyrine.person_id])
    assert officer.get(note).status_code == 200
    officer.post(note, {"statement": "lettre du 3 mars"})
    asked = ErasureRequest.objects.get()
    empty = officer.post(reverse("institution:erasure-refuse", args=[asked.pk]), {"answer": ""})
    assert "Une réponse est à revoir" in empty.content.decode()
    officer.post(reverse("institution:erasure-refuse", args=[asked.pk]), {"answer": "Votre mandat court encore."})
    page = signed_in(zephyrine).get(reverse("identity:my-data")).content.decode()
    assert "Votre mandat court encore." in page


@pytest.mark.django_db
def test_one_withdraws_only_one_s_own(signed_in, people, zephyrine):
    asked = actions.ask_erasure(zephyrine.person, by=zephyrine)
    assert actions.ask_erasure(zephyrine.person, by=zephyrine) == asked
    url = reverse("identity:erasure-withdraw", args=[asked.pk])
    assert signed_in("officer").post(url).status_code == 404
    assert signed_in(zephyrine).post(url).status_code == 302
    asked.refresh_from_db()
    assert asked.state == ErasureState.WITHDRAWN


@pytest.mark.django_db
def test_the_dry_run_says_what_the_run_does(people, capsys):
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    old = InvitationFactory(term=people.term, expires_at=now - timedelta(days=400))
    InvitationFactory(term=people.term)
    said = actions.count_due()
    assert (said["identity.sessions"], said["institution.invitations"]) == (1, 1)
    assert set(said) == set(registry.retentions)
    call_command("retention")
    assert Session.objects.count() == 2
    assert actions.erase_due() == said
    old.refresh_from_db()
    assert old.email == ""
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    call_command("retention", apply=True)
    assert actions.count_due() == dict.fromkeys(said, 0)
    assert "Sessions finies : 1" in capsys.readouterr().out

"""Correcting a member's e-mail moves the sign-in address, tells both addresses and closes what was open."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.notifications.models import Delivery
from members.members import actions as members
from tests.browsing import StrictClient
from tests.factories.institution import RoleAssignmentFactory
from tests.factories.members import mandate_of

NEW = "nouvelle@example.org"


@pytest.fixture
def mandate(people):
    people["member"]
    return mandate_of(people)


def correct(mandate, by, email=NEW):
    return members.correct(mandate, by=by, person={"email": email}, member={}, channel="phone")


def test_the_access_follows_and_both_addresses_are_told(people, mandate):
    user = people["member"]
    former = user.email
    assert correct(mandate, people["officer"], "Nouvelle@Example.org") == ["email"]
    user.refresh_from_db()
    told = sorted(Delivery.objects.values_list("distribution__kind", "address"))
    assert user.email == NEW
    assert told == [("address-changed", NEW), ("address-left", former)]
    entry = Entry.objects.get(event_type="account.address_changed")
    assert entry.detail.text == f"{former} → {NEW}"
    assert entry.actor == people["officer"].pseudonym


def test_changing_back_and_forth_tells_each_time(people, mandate):
    former = people["member"].email
    correct(mandate, people["officer"])
    correct(mandate, people["officer"], former)
    correct(mandate, people["officer"])
    assert Delivery.objects.count() == 6


def test_open_sessions_end(people, signed_in, mandate):
    browser = signed_in(people["member"])
    assert browser.get(reverse("members:my-page")).status_code == 200
    UserSession.objects.create(
        user=people["member"], session_key=browser.session.session_key, ip="127.0.0.1", user_agent="x"
    )
    correct(mandate, people["officer"])
    assert browser.get(reverse("members:my-page")).status_code == 302


def test_a_code_sent_to_the_former_address_opens_nothing_and_the_new_one_does(people, mandate):
    browser = StrictClient()
    browser.post(reverse("account_request_login_code"), {"email": people["member"].email})
    late = re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]
    correct(mandate, people["officer"])
    answer = browser.post(reverse("account_confirm_login_code"), {"code": late})
    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in browser.session
    fresh = StrictClient()
    fresh.post(reverse("account_request_login_code"), {"email": NEW})
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]
    fresh.post(reverse("account_confirm_login_code"), {"code": code})
    assert fresh.session["_auth_user_id"] == str(people["member"].pk)


def test_an_address_of_somebody_else_is_refused_and_nothing_moves(people, mandate):
    taken = people["officer"].email
    with pytest.raises(ValidationError, match="Une autre personne"):
        correct(mandate, people["officer"], taken)
    mandate.member.person.refresh_from_db()
    assert mandate.member.person.email != taken
    assert not Delivery.objects.exists()


def test_an_officer_does_not_move_the_access_of_a_colleague(people, mandate):
    RoleAssignmentFactory(user=people["member"], role="officer", term=people.term)
    user = User.objects.get(pk=people["member"].pk)
    with pytest.raises(ValidationError, match="accès professionnel"):
        correct(mandate, people["officer"])
    correct(mandate_of(people), people["lead"])
    user.refresh_from_db()
    assert user.email == NEW


def test_taking_the_address_away_leaves_the_access(people, mandate):
    former = people["member"].email
    members.correct(
        mandate, by=people["officer"], person={"email": "", "channel": "paper"}, member={}, channel="phone"
    )
    people["member"].refresh_from_db()
    assert people["member"].email == former
    assert not Delivery.objects.exists()

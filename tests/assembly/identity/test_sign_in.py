"""The ways in: a mail code for members, a second proof for everybody else, and nothing for anybody who guesses."""

import re
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity import actions as identity
from assembly.institution.models import Role
from tests.browsing import StrictClient
from tests.factories.identity import UserFactory
from tests.people import TOTP_SECRET

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b(\d{6})\b")


def sign_in_with_code(browser, user, next_url=""):
    browser.post(reverse("account_request_login_code"), {"email": user.email})
    code = CODE.search(mail.outbox[-1].body)[1]
    return browser.post(
        reverse("account_confirm_login_code") + (f"?next={next_url}" if next_url else ""), {"code": code}
    )


def is_in(browser):
    return "_auth_user_id" in browser.session


def current_totp():
    return format_hotp_value(hotp_value(TOTP_SECRET, list(yield_hotp_counters_from_time())[1]))


def test_a_member_enters_with_a_code_in_two_actions(client, people):
    response = sign_in_with_code(client, people["member"])
    assert response.status_code == 302
    assert is_in(client)
    entry = Entry.objects.get(event_type="account.signed_in")
    assert (entry.actor, entry.facts) == (people["member"].pseudonym, {"methods": ["code"]})


def test_the_mail_is_french_in_text_and_html_and_signed_by_the_assembly(client, people):
    people["member"].person.save()
    client.post(reverse("account_request_login_code"), {"email": people["member"].email})
    message = mail.outbox[-1]
    html, kind = message.alternatives[0]
    assert message.from_email == "Assemblée citoyenne <assemblee@example.org>"
    assert re.fullmatch(r"Votre code\u00a0: \d{6}", message.subject)
    assert kind == "text/html"
    for body in (message.body, re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)):
        assert "dix minutes" in body
        assert "Assemblée citoyenne de la Haute-Garonne" in body
        assert "{" not in body


def test_an_unknown_address_learns_nothing_on_screen(client, people):
    known = client.post(reverse("account_request_login_code"), {"email": people["member"].email}, follow=True)
    unknown = StrictClient().post(reverse("account_request_login_code"), {"email": "inconnu@example.org"}, follow=True)
    page = known.content.decode().replace(people["member"].email, "X")
    other = unknown.content.decode().replace("inconnu@example.org", "X")
    csrf = re.compile(r'value="[A-Za-z0-9]{64}"|csrf="[A-Za-z0-9]{64}"|value="[0-9a-f-]{36}"')
    assert csrf.sub("", page) == csrf.sub("", other)
    assert [message.to for message in mail.outbox] == [[people["member"].email]]


def test_a_wrong_code_is_refused_and_the_fifth_ends_it(client, people):
    client.post(reverse("account_request_login_code"), {"email": people["member"].email})
    right = CODE.search(mail.outbox[-1].body)[1]
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        client.post(reverse("account_confirm_login_code"), {"code": wrong})
    client.post(reverse("account_confirm_login_code"), {"code": right})
    assert not is_in(client)


def test_a_code_is_old_after_ten_minutes(client, people, monkeypatch):
    client.post(reverse("account_request_login_code"), {"email": people["member"].email})
    code = CODE.search(mail.outbox[-1].body)[1]
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert not is_in(client)


def test_a_code_can_be_sent_again_and_only_the_last_one_opens(client, people):
    client.post(reverse("account_request_login_code"), {"email": people["member"].email})
    first = CODE.search(mail.outbox[-1].body)[1]
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    second = CODE.search(mail.outbox[-1].body)[1]
    if first != second:
        client.post(reverse("account_confirm_login_code"), {"code": first})
        assert not is_in(client)
    client.post(reverse("account_confirm_login_code"), {"code": second})
    assert is_in(client)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MEMBER}))
def test_other_roles_enrol_a_second_proof_before_anything_else(client, people, role):
    sign_in_with_code(client, people[role])
    assert is_in(client)
    for path in ("/bureau/", "/espace/", "/instructions/", reverse("institution:term-choose")):
        response = client.post(path) if path.startswith("/mandature") else client.get(path)
        assert (response.status_code, response.headers.get("Location")) == (302, reverse("identity:second-factor"))
    assert client.get(reverse("identity:second-factor")).status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_code_alone_does_not_open_an_account_with_a_second_proof(client, people):
    officer = people.ready(people["officer"])
    response = sign_in_with_code(client, officer)
    assert response.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": "000001"})
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": current_totp()})
    assert is_in(client)
    assert Entry.objects.get(event_type="account.signed_in").facts == {"methods": ["code", "totp"]}


def test_a_password_opens_with_a_second_proof(client, people):
    officer = people.ready(people["officer"])
    officer.set_password("une longue phrase de passe")
    officer.save()
    response = client.post(
        reverse("account_login"), {"login": officer.email, "password": "une longue phrase de passe"}
    )
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": current_totp()})
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_enrolling_a_code_generator_opens_the_house_and_gives_recovery_codes(client, people):
    sign_in_with_code(client, people["officer"])
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="codes-de-secours.txt"'
    assert client.get("/compte/proteger/").headers["Location"] == reverse("portal:area")
    stored = Authenticator.objects.get(user=people["officer"], type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret
    assert "générateur de codes a été ajouté" in mail.outbox[-1].body


def test_the_last_second_proof_of_a_strong_role_stays(signed_in, people):
    browser = signed_in("officer")
    authenticator = Authenticator.objects.get(user=people["officer"])
    assert not get_adapter().can_delete_authenticator(authenticator)
    member = people["member"]
    own = Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={})
    assert get_adapter().can_delete_authenticator(own)
    assert browser.get(reverse("identity:account")).status_code == 200


def test_nobody_signs_up(client):
    before = len(mail.outbox)
    for response in (
        client.get(reverse("account_signup")),
        client.post(reverse("account_signup"), {"email": "moi@example.org"}),
    ):
        assert response.status_code == 200
        assert "sur invitation" in response.content.decode()
    assert len(mail.outbox) == before


def test_a_suspended_person_is_out_at_once_and_stays_out(signed_in, people):
    browser = signed_in("member")
    assert browser.get(reverse("identity:account")).status_code == 200
    identity.suspend(people["member"], by=people["lead"], reason="demande de la personne")
    assert browser.get(reverse("identity:account")).status_code == 302
    fresh = StrictClient()
    sign_in_with_code_response = fresh.post(reverse("account_request_login_code"), {"email": people["member"].email})
    assert sign_in_with_code_response.status_code == 302
    sent = CODE.search(mail.outbox[-1].body) if mail.outbox else None
    if sent:
        fresh.post(reverse("account_confirm_login_code"), {"code": sent[1]})
    assert not is_in(fresh)
    identity.reactivate(people["member"], by=people["lead"])
    fresh = StrictClient()
    sign_in_with_code(fresh, people["member"])
    assert is_in(fresh)


def test_a_session_suspended_between_two_requests_of_the_same_browser_is_ended_by_the_middleware(signed_in, people):
    browser = signed_in("officer")
    user = people["officer"]
    type(user).objects.filter(pk=user.pk).update(is_active=False, suspended_at=timezone.now())
    assert browser.get("/bureau/").status_code == 302
    assert browser.get("/bureau/").headers["Location"].startswith(reverse("account_login"))


def test_signing_out_everywhere_keeps_this_device_only(client, people):
    member = people["member"]
    other = StrictClient()
    sign_in_with_code(other, member)
    sign_in_with_code(client, member)
    client.post(reverse("identity:sign-out-everywhere"))
    assert client.get(reverse("identity:account")).status_code == 200
    assert other.get(reverse("identity:account")).status_code == 302


def test_one_hundred_and_sixty_members_enter_from_one_address(people):
    """A whole assembly in one room, behind one address, within two minutes."""
    members = UserFactory.create_batch(160)
    started = time.monotonic()
    for member in members:
        browser = StrictClient(REMOTE_ADDR="192.0.2.7")
        sign_in_with_code(browser, member)
        assert is_in(browser), member
    assert time.monotonic() - started < 120


def test_guessing_a_password_is_stopped_whatever_the_address(people):
    member = people["member"]
    member.set_password("une longue phrase de passe")
    member.save()
    for number in range(30):
        StrictClient(REMOTE_ADDR=f"198.51.100.{number}").post(
            reverse("account_login"), {"login": member.email, "password": "pas la bonne"}
        )
    browser = StrictClient(REMOTE_ADDR="203.0.113.9")
    browser.post(reverse("account_login"), {"login": member.email, "password": "une longue phrase de passe"})
    assert not is_in(browser)


def test_asking_codes_for_somebody_is_stopped(people):
    answers = [
        StrictClient(REMOTE_ADDR=f"198.51.100.{number}").post(
            reverse("account_request_login_code"), {"email": people["member"].email}
        )
        for number in range(7)
    ]
    assert len(mail.outbox) == 6
    assert answers[-1].status_code in {200, 429}


def test_without_redis_people_still_enter(people, client, monkeypatch, settings):
    from django.core.cache import caches

    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/redis.sock", "KEY_PREFIX": "down"}
    }
    monkeypatch.delattr(caches._connections, "default", raising=False)
    started = time.monotonic()
    sign_in_with_code(client, people["member"])
    assert is_in(client)
    assert time.monotonic() - started < 3
    for _ in range(6):
        StrictClient().post(reverse("account_login"), {"login": people["lead"].email, "password": "x"})
    assert cache.get("nothing") is None


def test_a_mail_server_that_is_down_is_said_and_is_no_error_page(client, people, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    response = client.post(reverse("account_request_login_code"), {"email": people["member"].email}, follow=True)
    assert response.status_code == 200
    page = client.get(reverse("account_confirm_login_code"))
    assert "Les courriels ne partent pas en ce moment" in page.content.decode()

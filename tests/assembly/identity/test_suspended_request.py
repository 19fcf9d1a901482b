"""« C’est bien vous ? » loses nothing typed, files included, tells nothing, and is answered by the second factor."""

import os
import shutil
import time
from io import BytesIO

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from PIL import Image

from assembly.identity.http import delete_old_files, suspended_folder
from assembly.identity.models import ErasureRequest, User
from assembly.institution.models import Assembly, Invitation
from tests.browsing import StrictClient
from tests.people import TOTP_SECRET

pytestmark = pytest.mark.django_db
WORDS = {"first_name": "Ada", "last_name": "Vidal", "email": "ada@example.org", "role": "lead"}


@pytest.fixture(autouse=True)
def _no_file_of_another_test():
    """Delete the suspended uploads that tests of all addresses leave."""
    shutil.rmtree(suspended_folder(), ignore_errors=True)


def stale(browser, method="mfa", seconds=2 * 3600):
    session = browser.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - seconds}]
    session.save()
    return browser


def png():
    picture = BytesIO()
    Image.new("RGB", (40, 20)).save(picture, "PNG")
    return picture.getvalue()


def totp():
    return format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time())))


def confirm(browser, question, **answer):
    """Answer the question as the page does and follow redirects: a 307 is posted again with the same body."""
    return browser.post(question, {**answer, "next": browser.session["suspended_request"]["path"]}, follow=True)


def test_what_was_typed_goes_on_after_the_proof(signed_in):
    """Seen: a session of two hours invited a second lead."""
    browser = stale(signed_in("lead"))
    url = reverse("institution:invite")
    asked = browser.post(url, WORDS)
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Invitation.objects.count() == 0
    assert browser.get(asked.headers["Location"]).status_code == 200
    done = confirm(browser, reverse("mfa_reauthenticate"), code=totp())
    assert done.redirect_chain == [(url, 307), (reverse("institution:people"), 302)]
    assert Invitation.objects.get().email == "ada@example.org"
    assert "suspended_request" not in browser.session


def test_a_mistake_of_the_form_is_shown_at_its_own_address(signed_in):
    """The address is taken meanwhile: the page that says so stands where the form stands, with every word."""
    browser = stale(signed_in("lead"))
    url = reverse("institution:invite")
    browser.post(url, WORDS)
    with_address = User.objects.get(pk=browser.session["_auth_user_id"])
    session = browser.session
    session["suspended_request"] |= {"fields": f"first_name=Ada&last_name=Vidal&email={with_address.email}&role=lead"}
    session.save()
    done = confirm(browser, reverse("mfa_reauthenticate"), code=totp())
    assert (done.request["PATH_INFO"], done.redirect_chain) == (url, [(url, 307)])
    assert "Vidal" in done.content.decode()
    assert Invitation.objects.count() == 0


def test_the_key_of_a_script_goes_on(signed_in):
    """htmx sends the idempotency key of a lone button in a header, which no browser repeats after the question."""
    browser = stale(signed_in("lead"))
    url, key = reverse("institution:invite"), "0198c8e2-7b7e-7cc3-9f3e-2d6f4a1b5c6d"
    browser.post(url, {**WORDS, "idempotency_key": ""}, headers={"Idempotency-Key": key})
    assert f"idempotency_key={key}" in browser.session["suspended_request"]["fields"]


def test_a_file_goes_on_too_and_leaves_nothing_behind(signed_in):
    browser = stale(signed_in("lead"))
    url = reverse("institution:settings-logo")
    browser.post(url, {"logo": SimpleUploadedFile("logo.png", png(), "image/png")})
    assert len(list(suspended_folder().iterdir())) == 1
    confirm(browser, reverse("mfa_reauthenticate"), code=totp())
    assert bytes(Assembly.objects.get().logo_png or b"").startswith(b"\x89PNG")
    assert list(suspended_folder().iterdir()) == []


def test_files_that_nobody_sends_again_go(signed_in):
    stale(signed_in("lead")).post(
        reverse("institution:settings-logo"), {"logo": SimpleUploadedFile("logo.png", png(), "image/png")}
    )
    (kept,) = suspended_folder().iterdir()
    delete_old_files()
    assert kept.exists()
    os.utime(kept, (time.time() - 7200, time.time() - 7200))
    delete_old_files()
    assert not kept.exists()


def test_a_fragment_moves_the_whole_page_to_the_question(signed_in):
    answer = stale(signed_in("lead")).post(reverse("institution:invite"), WORDS, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"].split("?")[0]) == (204, reverse("mfa_reauthenticate"))


def test_secrets_are_not_kept(signed_in, people):
    user = people["member"]
    User.objects.filter(pk=user.pk).update(password=make_password("un-mot-de-passe-assez-long"))
    browser = stale(signed_in(User.objects.get(pk=user.pk)), "code")
    browser.post(reverse("account_change_password"), {"oldpassword": "un", "password1": "deux", "password2": "deux"})
    kept = QueryDict(browser.session["suspended_request"]["fields"])
    assert set(kept) == {"idempotency_key"}


def test_the_question_comes_after_404_403_and_the_form(signed_in, people):
    """Behind the gate, a stale session used to be asked before it was told that nothing is there."""
    lead, officer = stale(signed_in("lead")), stale(signed_in("officer"))
    assert lead.post(reverse("institution:role-end", args=[999_999])).status_code == 404
    assert lead.get(reverse("institution:suspend", args=[999_999])).status_code == 404
    assert officer.post(reverse("institution:role-give", args=[people["lead"].pk])).status_code == 403
    assert officer.get(reverse("institution:people-export")).status_code == 403


@pytest.mark.parametrize("page", ["account_reauthenticate", "identity:confirm"])
def test_with_a_second_factor_nothing_else_confirms(page, signed_in, people):
    """Refused by the server: a right password, and a code by mail that would be right."""
    user = people["lead"]
    User.objects.filter(pk=user.pk).update(password=make_password("un-mot-de-passe-assez-long"))
    browser = stale(signed_in(User.objects.get(pk=user.pk)))
    browser.post(reverse("institution:invite"), WORDS)
    session = browser.session
    session["confirmation"] = {"digest": make_password("123456"), "at": time.time(), "tries": 0}
    session.save()
    for answer in ({"password": "un-mot-de-passe-assez-long"}, {"code": "123456"}, {}):
        refused = browser.post(reverse(page), {**answer, "next": reverse("institution:invite")})
        assert refused.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert len(browser.session["account_authentication_methods"]) == 1
    assert browser.get(reverse("institution:invite")).status_code == 302


def test_without_one_a_code_by_mail_confirms_and_the_form_goes_on(signed_in):
    browser = stale(signed_in("member"), "code")
    url = reverse("identity:erasure-ask")
    browser.post(url, {"statement": "Je déménage."})
    question = f"{reverse('identity:confirm')}?next={url}"
    session = browser.session
    session["confirmation"] = {"digest": make_password("123456"), "at": time.time(), "tries": 0}
    session.save()
    done = browser.post(question, {"code": "123456"}, follow=True)
    assert done.redirect_chain[0] == (url, 307)
    assert ErasureRequest.objects.get().statement == "Je déménage."


def test_another_form_for_the_same_address_is_not_mistaken_for_the_first(signed_in):
    """Whoever fills the form anew sends what they typed now."""
    browser = stale(signed_in("lead"))
    url = reverse("institution:invite")
    browser.post(url, WORDS)
    stale(browser, seconds=1)
    browser.post(url, WORDS | {"email": "grace@example.org"})
    assert Invitation.objects.get().email == "grace@example.org"


@pytest.mark.django_db(transaction=True)
def test_a_code_generator_just_added_is_the_proof_that_counts(people):
    browser = StrictClient().enter(people["lead"])
    browser.get(reverse("mfa_activate_totp"))
    secret = browser.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert browser.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert browser.get(reverse("mfa_view_recovery_codes")).status_code == 200

"""What the mails of an account carry: who wrote, where to answer, in which language, in two forms and two lights."""

import re

import pytest
from allauth.core.context import request_context
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from assembly.identity.adapter import AccountAdapter
from tests.browsing import StrictClient

pytestmark = pytest.mark.django_db
NOTICES = {
    "account/email/password_changed": "Votre mot de passe est changé.",
    "account/email/password_reset": "Votre mot de passe est changé.",
    "account/email/password_set": "Un mot de passe a été choisi.",
    "mfa/email/recovery_codes_generated": "Les anciens ne valent plus.",
    "mfa/email/totp_activated": "Un générateur de codes a été ajouté.",
    "mfa/email/totp_deactivated": "Le générateur de codes a été retiré.",
    "mfa/email/webauthn_added": "Une clé d’accès a été ajoutée.",
    "mfa/email/webauthn_removed": "Une clé d’accès a été retirée.",
}
CASES = {
    "account/email/login_code": ("492817", {"code": "492817"}),
    "account/email/password_reset_key": (
        "https://assemblee.example.org/lien",
        {"password_reset_url": "https://assemblee.example.org/lien"},
    ),
    **{name: (words, {"timestamp": timezone.now(), "ip": "192.0.2.7"}) for name, words in NOTICES.items()},
}


@pytest.mark.parametrize("template", CASES)
def test_every_mail_of_an_account_carries_its_headers_and_an_html_twin(people, settings, template):
    settings.SITE_URL = "https://assemblee.example.org"
    assembly = people.assembly
    words, context = CASES[template]
    request = RequestFactory().get("/")
    with request_context(request):
        message = AccountAdapter(request).render_mail(template, "rosa@example.org", context)
    sent = message.message()
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Reply-To"] == assembly.reply_email
    assert sent["Content-Language"] == "fr"
    assert re.fullmatch(r"<[^@<>]+@assemblee\.example\.org>", sent["Message-ID"])
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "prefers-color-scheme: dark" in html
    for body in (message.body, html):
        assert words in body
        assert assembly.name in body
        assert "Répondez à ce message" in body
        assert "UNDEFINED" not in body


def test_two_codes_have_two_message_ids(client, people, mailoutbox):
    for _ in range(2):
        client.post(reverse("account_request_login_code"), {"email": people["member"].email})
        client.post(reverse("account_logout"))
    first, second = (message.message()["Message-ID"] for message in mailoutbox)
    assert first != second


def test_an_unknown_address_gets_no_mail(client, people, mailoutbox):
    client.post(reverse("account_request_login_code"), {"email": "inconnue@example.org"})
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    client.post(reverse("account_reset_password"), {"email": "inconnue@example.org"})
    assert mailoutbox == []


def test_known_and_unknown_addresses_cost_the_same_statements(people, django_assert_num_queries):
    """A delay that differs tells who is known, to whoever asks often enough."""
    assembly = people.assembly
    assert assembly.reply_email
    for email in (people["member"].email, "inconnue@example.org"):
        browser = StrictClient()
        with django_assert_num_queries(12):
            browser.post(reverse("account_request_login_code"), {"email": email})
        with django_assert_num_queries(3):
            browser.get(reverse("account_confirm_login_code"))

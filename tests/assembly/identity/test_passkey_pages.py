"""What somebody meets who holds a passkey and nothing else, and the HTML of the pages about it."""

from html.parser import HTMLParser

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core import mail
from django.urls import reverse

from tests.assembly.identity.visitor import CODE
from tests.browsing import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(people):
    """Return an officer with a passkey and its recovery codes."""
    user = people["officer"]
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Clé", "credential": {}},
    )
    RecoveryCodes.activate(user)
    return user


@pytest.fixture
def at_the_second_proof(client, keeper, monkeypatch):
    monkeypatch.setattr(webauthn, "get_credentials", lambda user: [])
    client.post(reverse("account_request_login_code"), {"email": keeper.email})
    client.post(reverse("account_confirm_login_code"), {"code": CODE.search(mail.outbox[-1].body)[1]})
    return client


def test_who_has_only_a_passkey_is_asked_for_it_and_for_no_application(at_the_second_proof):
    page = at_the_second_proof.get(reverse("mfa_authenticate")).content.decode()
    assert "Ouvrez votre application" not in page
    assert "Code à six chiffres" not in page
    assert page.index("Utiliser ma clé d’accès") < page.index("Code de secours")


def test_a_recovery_code_still_opens(at_the_second_proof, keeper):
    codes = Authenticator.objects.get(user=keeper, type=Authenticator.Type.RECOVERY_CODES).wrap()
    at_the_second_proof.post(reverse("mfa_authenticate"), {"code": codes.get_unused_codes()[0]})
    assert "_auth_user_id" in at_the_second_proof.session


def test_who_has_an_application_is_asked_for_its_code(client, people):
    officer = people.ready(people["officer"])
    client.post(reverse("account_request_login_code"), {"email": officer.email})
    client.post(reverse("account_confirm_login_code"), {"code": CODE.search(mail.outbox[-1].body)[1]})
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Ouvrez votre application" in page
    assert "clé d’accès" not in page


def test_the_ways_to_confirm_are_named_as_everywhere_and_the_passkey_comes_first(keeper):
    browser = StrictClient().enter(keeper)
    assert browser.get(reverse("account_reauthenticate")).headers["Location"] == reverse("mfa_reauthenticate_webauthn")
    page = browser.get(reverse("mfa_reauthenticate")).content.decode()
    assert "Avec votre clé d’accès" in page
    assert "secrète" not in page
    assert "Ouvrez votre application" not in page


class Inputs(HTMLParser):
    """Every `<input>`, as the list of its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[list[tuple[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.found.append(attrs)


def test_the_page_that_adds_a_passkey_repeats_no_attribute_and_checks_no_hidden_input(signed_in):
    page = signed_in("member").get(reverse("mfa_add_webauthn")).content.decode()
    inputs = Inputs(page).found
    for attributes in inputs:
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), attributes
        assert not (("type", "hidden") in attributes and "checked" in names), attributes
    box = next(dict(attributes) for attributes in inputs if ("name", "passwordless") in attributes)
    assert box["type"] == "checkbox"
    assert "checked" in box
    assert "hidden" in box


@pytest.mark.parametrize(
    "answer",
    [
        "9" * 10_240,
        "[" * 20_000,
        "[]",
        "1",
        '"x"',
        "null",
        "{}",
        '{"id": 3}',
        '{"id": "x", "rawId": "%%%", "response": {}}',
    ],
)
@pytest.mark.parametrize(
    "address", ["mfa_login_webauthn", "mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn"]
)
def test_an_answer_that_no_passkey_gives_is_a_wrong_answer(address, answer, request, signed_in, keeper):
    """Seen: a number of ten thousand figures was a 500."""
    if address == "mfa_authenticate":
        browser = request.getfixturevalue("at_the_second_proof")
    else:
        request.getfixturevalue("monkeypatch").setattr(webauthn, "get_credentials", lambda user: [])
        browser = StrictClient() if address == "mfa_login_webauthn" else signed_in(keeper)
    assert browser.post(reverse(address), {"credential": answer}).status_code < 500
    assert Authenticator.objects.filter(user=keeper, type=Authenticator.Type.WEBAUTHN).count() == 1

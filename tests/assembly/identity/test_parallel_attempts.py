"""Five attempts are five, however many arrive at the same instant: real requests, real connections."""

import re

import pytest

from tests.assembly.identity.visitor import Visitor
from tests.factories.identity import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
JUDGED = re.compile(r"incorrect|n’est pas le bon")
PHRASE = "une longue phrase de passe"


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def judged(pages: list[str]) -> int:
    return sum(bool(JUDGED.search(page)) for page in pages)


def test_of_forty_parallel_sign_in_codes_five_are_judged(site):
    user = UserFactory()
    visitor = Visitor(site)
    visitor.ask(user.email)
    code = visitor.received(user.email)
    pages = visitor.post_at_once(40, "account_confirm_login_code", code=wrong(code))
    assert 1 <= judged(pages) <= 5
    visitor.post("account_confirm_login_code", code=code)
    assert visitor.get("identity:account").url != f"{site}/compte/"


def test_of_forty_parallel_confirmations_by_mail_five_are_judged(site):
    user = UserFactory()
    visitor = Visitor(site)
    visitor.enter(user)
    visitor.post("identity:confirm")
    code = visitor.received(user.email)
    pages = visitor.post_at_once(40, "identity:confirm", code=wrong(code))
    assert 1 <= judged(pages) <= 5
    assert "La page continue" not in visitor.post("identity:confirm", code=code).text
    assert visitor.get("identity:confirm").url == f"{site}/compte/confirmer/"


def test_of_forty_parallel_passwords_five_are_judged(site):
    user = UserFactory()
    user.set_password(PHRASE)
    user.save()
    visitor = Visitor(site)
    pages = visitor.post_at_once(40, "account_login", login=user.email, password="pas la bonne")
    assert 1 <= judged(pages) <= 5
    visitor.post("account_login", login=user.email, password=PHRASE)
    assert visitor.get("identity:account").url != f"{site}/compte/"


def test_of_forty_parallel_second_proofs_five_are_judged(site, people):
    officer = people.ready(people["officer"])
    visitor = Visitor(site)
    visitor.ask(officer.email)
    visitor.post("account_confirm_login_code", code=visitor.received(officer.email))
    pages = visitor.post_at_once(40, "mfa_authenticate", code="000001")
    assert 1 <= judged(pages) <= 5


def test_of_forty_parallel_confirmations_by_code_generator_five_are_judged(site, people, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reauthenticate": "1000/m/user"}
    officer = people.ready(people["officer"])
    visitor = Visitor(site)
    visitor.enter(officer)
    pages = visitor.post_at_once(40, "mfa_reauthenticate", code="000001")
    assert 1 <= judged(pages) <= 5

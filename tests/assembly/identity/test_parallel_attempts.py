"""Five attempts are five, however many arrive at the same instant: real requests, real connections."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail

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


def test_right_and_wrong_codes_at_once_end_without_an_error(site):
    """The locks are taken in one order: no deadlock, whoever wins."""
    user = UserFactory()
    visitor = Visitor(site)
    visitor.ask(user.email)
    code = visitor.received(user.email)
    with ThreadPoolExecutor(2) as both:
        right = both.submit(visitor.post_at_once, 20, "account_confirm_login_code", code=code)
        pages = visitor.post_at_once(20, "account_confirm_login_code", code=wrong(code)) + right.result()
    assert len(pages) == 40
    assert not [page for page in pages if "La page n’a pas pu s’afficher" in page]


def test_of_forty_parallel_requests_for_a_code_four_send_a_mail(site):
    user = UserFactory()
    visitor = Visitor(site)
    visitor.post_at_once(40, "account_request_login_code", email=user.email)
    visitor.received(user.email)
    end = time.monotonic() + 1
    while len(mail.outbox) < 4 and time.monotonic() < end:
        time.sleep(0.02)
    assert len(mail.outbox) == 4


def test_a_room_full_of_guesses_locks_nobody_out_who_is_known(site):
    """One guest of a room guesses at many accounts; a member in the same room, at the own device, comes in."""
    member = UserFactory()
    member.set_password(PHRASE)
    member.save()
    guest = Visitor(site)
    with ThreadPoolExecutor(10) as crowd:
        list(crowd.map(lambda n: guest.post("account_login", login=f"{n}@example.org", password="x"), range(80)))
    visitor = Visitor(site)
    visitor.post("account_login", login=member.email, password=PHRASE)
    assert visitor.get("identity:account").url == f"{site}/compte/"


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

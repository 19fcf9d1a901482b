"""Who may guess or cause mails how often: strangers run dry, the member's own device keeps its way in."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.identity import privacy
from assembly.identity.attempts import Limit, TooManyAttempts, count_attempt, delay_after, device_of, uncount_attempt
from assembly.identity.models import AttemptCounter
from tests.assembly.identity.visitor import CODE
from tests.browsing import StrictClient
from tests.factories.identity import UserFactory

pytestmark = pytest.mark.django_db
PHRASE = "une longue phrase de passe"
ASK, SAY, PASSWORD = (
    "account_request_login_code",
    "account_confirm_login_code",
    "account_login",
)


def is_in(browser):
    return "_auth_user_id" in browser.session


def at(number):
    """Return a browser without cookies and with an address of its own."""
    return StrictClient(REMOTE_ADDR=f"198.51.100.{number}")


def code_for(browser, user):
    before = len(mail.outbox)
    browser.post(reverse(ASK), {"email": user.email})
    return CODE.search(mail.outbox[-1].body)[1] if len(mail.outbox) > before else None


def wrong(code):
    return "000000" if code != "000000" else "111111"


def guess_passwords(browser, user, times):
    for _ in range(times):
        answer = browser.post(reverse(PASSWORD), {"login": user.email, "password": "pas la bonne"})
    return answer.content.decode()


@pytest.fixture
def member():
    user = UserFactory()
    user.set_password(PHRASE)
    user.save()
    return user


@pytest.fixture
def later(monkeypatch):
    """Return a function: `later(minutes=5)` sets the clock of the counters."""
    real = timezone.now

    def move(**span):
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(**span))

    return move


def test_each_attempt_after_the_fifth_waits_twice_as_long():
    seconds = [delay_after(count).total_seconds() for count in (0, 4, 5, 6, 7, 8, 12, 20)]
    assert seconds == [0, 0, 30, 60, 120, 240, 3600, 3600]


def test_an_attempt_that_is_refused_counts_nowhere():
    free, full = Limit("a" * 64, 5, 600), Limit("b" * 64, 1, 600)
    count_attempt([free, full])
    with pytest.raises(TooManyAttempts):
        count_attempt([free, full])
    assert AttemptCounter.objects.get(key=free.key).count == 1
    uncount_attempt([free])
    assert AttemptCounter.objects.get(key=free.key).count == 0


def test_a_window_ends(later):
    limit = Limit("c" * 64, 2, 600)
    count_attempt([limit])
    count_attempt([limit])
    with pytest.raises(ValidationError, match="Trop d’essais. Attendez 10 minutes"):
        count_attempt([limit])
    later(seconds=601)
    count_attempt([limit])
    assert AttemptCounter.objects.get(key=limit.key).count == 1


def test_a_stranger_waits_and_the_member_elsewhere_does_not(member):
    stranger = at(1)
    assert "Trop d’essais. Attendez 1 minute" in guess_passwords(stranger, member, 6)
    stranger.post(reverse(PASSWORD), {"login": member.email, "password": PHRASE})
    assert not is_in(stranger)
    home = at(2)
    home.post(reverse(PASSWORD), {"login": member.email, "password": PHRASE})
    assert is_in(home)


def test_the_delay_grows_and_the_day_has_a_ceiling(member, later):
    stranger = at(1)
    guess_passwords(stranger, member, 5)
    for minutes in (1, 3, 6, 11, 20):  # after 30 s, 1, 2, 4 and 8 minutes more
        later(minutes=minutes)
        assert "Trop d’essais" not in guess_passwords(stranger, member, 1)
        assert "Trop d’essais" in guess_passwords(stranger, member, 1)
    later(hours=6)
    assert "Trop d’essais aujourd’hui" in guess_passwords(stranger, member, 1)
    later(hours=25)
    assert "Trop d’essais" not in guess_passwords(stranger, member, 1)


def test_many_addresses_run_dry_and_the_own_device_still_enters(member):
    device = at(200)
    device.post(reverse(PASSWORD), {"login": member.email, "password": PHRASE})
    assert is_in(device)
    device.post(reverse("account_logout"))
    for number in range(8):
        guess_passwords(at(number), member, 4)
    elsewhere = at(100)
    elsewhere.post(reverse(PASSWORD), {"login": member.email, "password": PHRASE})
    assert not is_in(elsewhere)
    device.post(reverse(PASSWORD), {"login": member.email, "password": PHRASE})
    assert is_in(device)


def test_one_device_of_two_people_knows_both_and_no_third(member):
    other, third = UserFactory(), UserFactory()
    device = at(1)
    for user in (member, other):
        device.post(reverse(SAY), {"code": code_for(device, user)})
        assert is_in(device)
        device.post(reverse("account_logout"))
    request = device.get(reverse(PASSWORD)).wsgi_request
    held = [device_of(request, user.email) for user in (member, other, third)]
    assert held[0] == held[1] != ""
    assert held[2] == ""
    assert member.email not in device.cookies["device"].value


def test_a_cookie_that_was_not_signed_here_is_no_device(member):
    browser = at(1)
    browser.cookies["device"] = "WyJhIiwgW11d:1tXyz:forged"
    assert "Trop d’essais" in guess_passwords(browser, member, 6)


def test_a_stranger_cannot_use_up_the_codes_of_a_member(member):
    device = at(200)
    device.post(reverse(SAY), {"code": code_for(device, member)})
    device.post(reverse("account_logout"))
    strangers = [code_for(at(number), member) for number in (1, 1, 1, 1, 1, 2, 2)]
    assert [bool(code) for code in strangers] == [True, True, True, True, False, True, False]
    assert code_for(at(3), member) is None
    code = code_for(device, member)
    device.post(reverse(SAY), {"code": code})
    assert is_in(device)


def test_sending_again_has_the_same_budget_for_known_and_unknown_addresses(member):
    answers = {}
    for number, email in ((1, member.email), (2, "inconnue@example.org")):
        browser = at(number)
        browser.post(reverse(ASK), {"email": email})
        for _ in range(3):
            browser.post(reverse(SAY), {"action": "resend"})
        browser.post(reverse("account_logout"))
        answers[email] = browser.post(reverse(ASK), {"email": email}).content.decode()
    assert all("Trop d’essais. Attendez 10 minutes" in page for page in answers.values())
    assert len(mail.outbox) == 4


@pytest.mark.parametrize("known", [True, False])
def test_links_for_a_password_have_a_budget_too(member, known):
    browser = at(1)
    data = {"email": member.email if known else "inconnue@example.org"}
    for _ in range(4):
        assert (
            "Regardez vos courriels"
            in browser.post(reverse("account_reset_password"), data, follow=True).content.decode()
        )
    page = browser.post(reverse("account_reset_password"), data, follow=True).content.decode()
    assert "Trop d’essais. Attendez 10 minutes" in page
    assert len(mail.outbox) == (4 if known else 0)


def test_a_right_code_forgets_the_wrong_ones(member):
    browser = at(1)
    code = code_for(browser, member)
    for _ in range(4):
        browser.post(reverse(SAY), {"code": wrong(code)})
    browser.post(reverse(SAY), {"code": code})
    assert is_in(browser)
    counts = sorted(AttemptCounter.objects.filter(count__gt=0).values_list("count", flat=True))
    assert 5 not in counts  # the account keeps four, the code four, the address none


def test_the_present_password_is_not_guessed_at_an_open_session(member, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "change_password": "100/m/user"}
    browser = at(1).enter(member)
    data = {"oldpassword": "non", "password1": "une autre longue phrase", "password2": "une autre longue phrase"}
    for _ in range(5):
        browser.post(reverse("account_change_password"), data)
    data["oldpassword"] = PHRASE
    assert "Trop d’essais" in browser.post(reverse("account_change_password"), data).content.decode()
    member.refresh_from_db()
    assert member.check_password(PHRASE)


def test_counters_go_after_two_days(member, later):
    guess_passwords(at(1), member, 1)
    assert not privacy.expired_counters(timezone.now()).exists()
    assert privacy.expired_counters(timezone.now() + timedelta(days=3)).count() == AttemptCounter.objects.count()


def test_a_request_that_began_earlier_and_waited_for_the_lock_is_within_the_free_attempts():
    """Two posts of one right password: the second was told to wait « 0 minute »."""
    limits, moment = [Limit("a", 10, 3600, grows=True)], datetime(2026, 11, 27, 12, tzinfo=UTC)
    for seconds in (0.01, 0):
        with time_machine.travel(moment + timedelta(seconds=seconds), tick=False):
            count_attempt(limits)
    assert AttemptCounter.objects.get(key="a").count == 2

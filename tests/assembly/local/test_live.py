"""The live site, the browser and the worker that the other tests lean on."""

import time

import pytest

from assembly.jobs.models import JobSlot
from assembly.jobs.tasks import tick
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_browser_is_signed_in_and_sees_what_the_test_wrote(page, sign_in, people):
    sign_in(page.context, "officer")
    answer = page.goto("/bureau/")
    assert answer.status == 200
    assert people.assembly.name in page.content()


def test_each_context_has_its_own_cookies_and_size(open_context, sign_in):
    member, stranger = open_context(viewport=PHONE), open_context()
    sign_in(member, "member")
    assert [len(member.cookies()), len(stranger.cookies())] == [1, 0]
    tab = member.new_page()
    tab.goto("/")
    assert tab.evaluate("innerWidth") == PHONE["width"]


def test_the_worker_does_what_is_queued(worker):
    tick.delay()
    end = time.monotonic() + 10
    while not JobSlot.objects.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert JobSlot.objects.count() == 1

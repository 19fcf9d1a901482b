"""The live site, the browser and the worker that the other tests lean on."""

import socket
import time
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.urls import include, path

from assembly.institution.models import Assembly
from assembly.jobs.models import JobSlot
from assembly.jobs.tasks import tick
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@login_not_required
def slow(request):
    Assembly.objects.exists()
    time.sleep(0.005)
    return HttpResponse(Assembly.objects.exists())


urlpatterns = [path("lent/", slow), path("", include("assembly.config.urls"))]


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


def connections_to_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


@pytest.mark.long
@pytest.mark.urls(__name__)
def test_requests_that_browsers_give_up_leave_no_connection_open(site, served):
    """At any moment of the request: which one loses Django's own signal, nobody can tell beforehand."""
    before, port = connections_to_the_database(), urlsplit(site).port
    for milliseconds in range(400):
        with socket.create_connection(("localhost", port)) as line:
            line.sendall(f"GET /lent/ HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            time.sleep(milliseconds % 50 / 1000)
    served.close()
    end = time.monotonic() + 10
    while connections_to_the_database() > before and time.monotonic() < end:
        time.sleep(0.05)
    assert connections_to_the_database() == before

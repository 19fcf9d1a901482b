"""The site that tests of browsers share: what one test leaves behind never reaches the next."""

import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.urls import path

pytestmark = pytest.mark.django_db(transaction=True)
entered, go = threading.Event(), threading.Event()
seen = []


@login_not_required
def slow(request):
    connection.ensure_connection()
    seen.append(connection.connection)
    entered.set()
    assert go.wait(10)
    return HttpResponse()


urlpatterns = [path("lent/", slow)]


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 -- our own address
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_whoever_comes_after_the_end_is_refused(site, served):
    assert status_of(f"{site}/sante/") == 200
    served.close()
    assert status_of(f"{site}/sante/") == 503


def test_a_request_that_outlives_its_test_leaves_no_connection(site, served, settings, django_db_blocker):
    settings.ROOT_URLCONF = sys.modules[__name__]
    with ThreadPoolExecutor(1) as reader:
        late = reader.submit(status_of, f"{site}/lent/")
        assert entered.wait(10)
        with django_db_blocker.block():
            go.set()
            late.result(10)
            served.close()
    assert [known.closed for known in seen] == [True]

"""What strangers make us do is counted by network, of IPv6 also by /48, and closes no form to anybody else."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from assembly.documents.actions import checks
from assembly.documents.models import Check
from assembly.identity.attempts import (
    CEILINGS,
    DAY,
    Limit,
    TooManyAttempts,
    anonymous_limits,
    count_attempt,
    networks_of,
)
from assembly.identity.models import AttemptCounter
from assembly.notifications.models import Delivery
from assembly.portal.health import service_lines
from tests.answers.publication.test_public import one_of, opinion_of
from tests.browsing import StrictClient
from tests.draws.typed import answers
from tests.factories.candidates import CallFactory
from tests.factories.institution import CantonFactory
from tests.factories.mission import GrantSchemeFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db
SITE = "2001:db8:7:{:x}::1"  # a /64 of one /48 each


def test_an_address_is_counted_in_its_networks():
    assert networks_of("192.0.2.7") == ["192.0.2.7/32"]
    assert networks_of("2001:db8:7:1::a") == ["2001:db8:7:1::/64", "2001:db8:7::/48"]
    assert networks_of("::ffff:192.0.2.7") == ["192.0.2.7/32"]


def ask_for_link(scheme, number, ip):
    page = reverse("mission:grant-scheme", args=[scheme.pk])
    return StrictClient(REMOTE_ADDR=ip).post(page, {"email": f"asso{number}@example.org"}).status_code


def test_one_site_of_ipv6_does_not_close_the_deposit_to_others():
    scheme = GrantSchemeFactory()
    answers = [ask_for_link(scheme, number, SITE.format(number)) for number in range(70)]
    assert answers == [302] * 60 + [422] * 10
    assert ask_for_link(scheme, 70, "2001:db8:8:1::1") == 302
    assert ask_for_link(scheme, 71, "192.0.2.7") == 302
    assert Delivery.objects.count() == 62


def test_near_the_ceiling_those_who_asked_wait_and_newcomers_pass(caplog, django_capture_on_commit_callbacks):
    scheme, ceiling = GrantSchemeFactory(), CEILINGS["grant-deposit"]
    assert [ask_for_link(scheme, number, "192.0.2.1") for number in range(2)] == [302, 302]
    AttemptCounter.objects.filter(key=ceiling.key).update(count=ceiling.near - 1)
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        assert ask_for_link(scheme, 3, "192.0.2.2") == 302
    assert "many requests: grant-deposit" in caplog.text
    assert ask_for_link(scheme, 4, "192.0.2.1") == 422
    assert ask_for_link(scheme, 5, "192.0.2.3") == 302
    assert ask_for_link(scheme, 6, "192.0.2.3") == 422
    [line] = [line for line in service_lines() if line.label == "Formulaires publics"]
    assert (line.is_late, line.value) == (True, "Dépôt des demandes de subvention : 1\u00a0001 demandes ce jour")


def test_the_last_end_spares_the_relay():
    ceiling = CEILINGS["grant-deposit"]
    count_attempt(anonymous_limits("grant-deposit", "192.0.2.1", (9, DAY)))
    AttemptCounter.objects.filter(key=ceiling.key).update(count=ceiling.near * 10)
    with pytest.raises(TooManyAttempts):
        count_attempt(anonymous_limits("grant-deposit", "192.0.2.2", (9, DAY)))


def test_following_is_counted_by_site_too(people):
    row = one_of(opinion_of(people))
    page = reverse("answers:follow", args=[row.reference])
    answers = [
        StrictClient(REMOTE_ADDR=SITE.format(number)).post(page, {"email": f"l{number}@example.org"}).status_code
        for number in range(62)
    ]
    assert answers == [302] * 60 + [422] * 2
    newcomer = StrictClient(REMOTE_ADDR="2001:db8:8::1")
    assert newcomer.post(page, {"email": "autre@example.org"}).status_code == 302


def test_candidatures_are_counted_by_site_too():
    canton = CantonFactory()
    call = CallFactory(term__assembly=canton.assembly)
    page = reverse("draws:apply-send")
    statuses = [
        StrictClient(REMOTE_ADDR=SITE.format(number))
        .post(page, answers(canton, email=f"v{number}@example.org"))
        .status_code
        for number in range(62)
    ]
    assert statuses == [302] * 60 + [422] * 2
    newcomer = StrictClient(REMOTE_ADDR="192.0.2.9")
    assert newcomer.post(page, answers(canton, email="autre@example.org")).status_code == 302
    assert call.candidates.count() == 61


def send_file(number, ip):
    file = SimpleUploadedFile("recu.pdf", b"%PDF-1.7 " + str(number).encode())
    return StrictClient(REMOTE_ADDR=ip).post("/verifier/", {"file": file}).status_code


def test_verification_counts_networks_and_not_whole_addresses():
    answers = [send_file(number, f"2001:db8:7:1::{number:x}") for number in range(11)]
    assert answers == [302] * 10 + [429]


def test_half_a_queue_is_kept_for_newcomers(monkeypatch):
    monkeypatch.setattr(checks, "MAX_WAITING", 6)
    assert [send_file(number, SITE.format(number)) for number in range(5)] == [302, 302, 302, 429, 429]
    assert send_file(9, "192.0.2.9") == 302
    assert send_file(10, "192.0.2.9") == 429
    assert Check.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_share_the_count_of_their_site():
    def ask(number):
        def run():
            try:
                count_attempt(anonymous_limits("grant-deposit", SITE.format(number), (1, DAY)))
            finally:
                connection.close()

        return run

    results = together(*(ask(number) for number in range(6)))
    assert sum(isinstance(result, TooManyAttempts) for result in results) == 3


def test_newcomers_only_asks_the_own_limits():
    own, common = Limit("a" * 64, 5, DAY, is_asker=True), Limit("b" * 64, 100, DAY, near=1)
    count_attempt([own, common])
    with pytest.raises(TooManyAttempts):
        count_attempt([own, common])
    other = Limit("c" * 64, 5, DAY, is_asker=True)
    count_attempt([other, common])
    with pytest.raises(TooManyAttempts):
        count_attempt([other], newcomers_only=True)


def test_what_others_ask_with_an_address_keeps_nobody_from_the_form():
    scheme = GrantSchemeFactory()
    page = reverse("mission:grant-scheme", args=[scheme.pk])

    def ask(ip):
        return StrictClient(REMOTE_ADDR=ip).post(page, {"email": "asso@example.org"}).status_code

    assert [ask("192.0.2.1") for _ in range(4)] == [302, 302, 302, 422]
    assert [ask(SITE.format(number)) for number in range(3)] == [302, 422, 422]
    assert [ask("192.0.2.2"), ask("192.0.2.2")] == [302, 422]
    assert [ask(f"192.0.2.{number}") for number in range(3, 8)] == [302, 302, 302, 302, 422]
    assert Delivery.objects.count() == 9

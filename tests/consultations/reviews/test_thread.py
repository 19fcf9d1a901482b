"""The private thread: who reads, who is told, what hostile words become."""

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from consultations.digest.models import DeskEventKind
from consultations.models import DeskEvent, ThreadMessage
from consultations.reviews.actions import thread as actions
from consultations.reviews.rules import mentioned
from tests.consultations.desk import another, asked_of
from tests.factories.consultations import ThreadMessageFactory

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) {{ 7 }}"


def url(name, thing):
    return reverse(f"consultations:{name}", args=[thing.pk])


@pytest.mark.parametrize(
    ("who", "desk", "room"),
    [
        ("officer", 200, 403),
        ("lead", 200, 403),
        ("facilitator", 403, 403),
        ("president", 403, 403),
        ("sponsor", 403, 403),
        ("member", 403, 403),
        ("dir_contact", 403, 200),
        ("dir_approver", 403, 200),
        ("stranger", 403, 403),
    ],
)
def test_who_reads(signed_in, people, who, desk, room):
    review = asked_of(people)
    actions.post(review.referral, "SECRET", by=people["officer"])
    browser = signed_in(who)
    pages = [browser.get(url(name, review.referral)) for name in ("thread", "instruction-thread")]
    assert [page.status_code for page in pages] == [desk, room]
    assert [b"SECRET" in page.content for page in pages] == [desk == 200, room == 200]


def test_hostile_words_are_only_words(signed_in, people):
    review = asked_of(people)
    signed_in("dir_contact").post(url("instruction-thread", review.referral), {"body": HOSTILE.replace("{{ 7 }}", "")})
    page = signed_in("officer").get(url("thread", review.referral)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<img src=x" not in page


def test_those_named_are_told_once_and_only_if_they_may_read(signed_in, people):
    review = asked_of(people)
    contact = people["dir_contact"]
    _place, outsider, _approver = another(people)
    body = f"@{contact.get_full_name()} et @{outsider.get_full_name()}, qu’en dites-vous ?"
    data = {"body": body, "mentions": [contact.pk]}
    page = signed_in("officer").post(url("thread", review.referral), data)
    assert page.url == f"{url('thread', review.referral)}#fil"
    assert [event.user for event in DeskEvent.objects.filter(kind=DeskEventKind.MENTION)] == [contact]
    refused = signed_in("officer").post(url("thread", review.referral), {"body": "Oui", "mentions": [outsider.pk]})
    assert refused.status_code == 422


def test_names_are_found_without_accents_nor_capitals():
    names = [(1, "Zoé Pélissier"), (2, "Zoé Pélissier-Roux"), (3, "Ana N’Diaye")]
    assert mentioned("Bonjour @zoe pelissier, et @ANA N'DIAYE.", names) == {1, 3}
    assert mentioned("zoé pélissier", names) == set()


def test_one_withdraws_ones_own_words_and_their_place_stays(signed_in, people):
    review = asked_of(people)
    message = actions.post(review.referral, "Erreur", mentions=[people["dir_contact"].pk], by=people["officer"])
    assert signed_in("lead").post(url("thread-withdraw", message)).status_code == 404
    page = signed_in("officer").post(url("thread-withdraw", message))
    assert page.url == url("thread", review.referral)
    text = signed_in("dir_contact").get(url("instruction-thread", review.referral)).content.decode()
    assert "Message retiré" in text
    assert "Erreur" not in text
    message.refresh_from_db()
    assert message.body == "Erreur"
    assert DeskEvent.objects.get().dropped_at is not None
    assert list(Entry.objects.order_by("pk").values_list("event_type", flat=True))[-1] == "thread.withdrawn"
    assert signed_in("officer").post(url("thread-withdraw", message)).status_code == 403


def test_an_empty_message_is_refused(signed_in, people):
    review = asked_of(people)
    assert signed_in("officer").post(url("thread", review.referral), {"body": "  "}).status_code == 422
    assert not ThreadMessage.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_thread_costs_the_same(signed_in, people, many, django_assert_max_num_queries):
    review = asked_of(people)
    for _at in range(many):
        message = ThreadMessageFactory(referral=review.referral, author=people["officer"])
        message.mentions.add(people["dir_contact"])
    browser = signed_in("officer")
    browser.get(url("thread", review.referral))
    with django_assert_max_num_queries(15):
        browser.get(url("thread", review.referral))

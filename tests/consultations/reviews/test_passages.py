"""Comments on a passage of an answer: of the directorate, for the directorate."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from consultations.models import ReviewState, ThreadMessage
from consultations.reviews.actions import answering
from tests.consultations.desk import GRID, another, asked_of, written

pytestmark = pytest.mark.django_db
COMMENT = {"field": "summary", "quote": "dans  31\ncollèges", "body": "Lesquels ?"}


def url(name, review):
    return reverse(f"consultations:{name}", args=[review.pk])


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


@pytest.fixture
def review(people):
    people["dir_contact"], people["dir_approver"]
    return written(asked_of(people, ReviewState.SUBMITTED, submitted_by=people["dir_contact"]))


def test_an_approver_comments_a_passage_and_the_writer_reads_it_at_its_place(signed_in, people, review):
    approver, contact = signed_in("dir_approver"), signed_in("dir_contact")
    assert approver.post(url("instruction-comment", review), COMMENT)["Location"] == url("instruction-visa", review)
    for browser, name in ((approver, "instruction-visa"), (contact, "instruction")):
        assert "Lesquels ?" in words_of(browser.get(url(name, review))), name
    answering.send_back(review, reason="Voir mes commentaires.", by=people["dir_approver"])
    page = words_of(contact.get(url("instruction", review)))
    assert page.count("Lesquels ?") == 2  # below its question, and in the thread
    assert "modifié depuis" not in page
    answering.save(review, {**GRID, "summary": "Faisable partout."}, version=review.version, by=people["dir_contact"])
    assert "modifié depuis" in words_of(contact.get(url("instruction", review)))


def test_a_passage_that_is_not_there_is_refused_and_kept_in_the_form(signed_in, review):
    page = signed_in("dir_approver").post(url("instruction-comment", review), {**COMMENT, "quote": "ailleurs"})
    assert page.status_code == 422
    assert "Lesquels ?" in words_of(page)
    assert not ThreadMessage.objects.exists()


def test_nobody_else_reads_or_writes_it(signed_in, people, review):
    signed_in("dir_approver").post(url("instruction-comment", review), COMMENT)
    _place, stranger, _approver = another(people)
    assert signed_in(stranger).post(url("instruction-comment", review), COMMENT).status_code == 404
    officer = signed_in("officer")
    assert officer.post(url("instruction-comment", review), COMMENT).status_code == 403
    answering.validate(review, version=review.version, by=people["dir_approver"])
    assert "Lesquels ?" not in words_of(officer.get(url("review", review)))


def test_a_message_of_a_referral_has_no_passage(people, review):
    with pytest.raises(IntegrityError), transaction.atomic():
        ThreadMessage.objects.create(
            referral=review.referral, author=people["dir_contact"], body="Oui", quote="Faisable", field="summary"
        )

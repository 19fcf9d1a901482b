"""What a directorate meets after its approver sent an answer back, and while one waits for the visa."""

import re

import pytest
from django.urls import reverse

from assembly.notifications import composing
from assembly.notifications.models import Delivery
from consultations.models import DeskEvent, DirectorateReview, ReviewState
from consultations.reviews.actions import answering, asking as reviews
from tests.consultations.desk import GRID, asked_of, in_days, written

pytestmark = pytest.mark.django_db
QUESTION = "Combien de places reste-t-il dans les collèges ruraux ?"


def url(name, review):
    return reverse(f"consultations:{name}", args=[review.pk])


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("state", [ReviewState.RETURNED, ReviewState.SUPPLEMENT])
def test_an_unchanged_answer_can_be_read_again_and_sent(signed_in, people, state):
    """« Renvoyer » then « Relire avant de rendre » without a new word: the box is filled, so nothing is missing."""
    review = written(asked_of(people, state))
    browser = signed_in("dir_contact")
    page = browser.post(url("instruction", review), {**GRID, "version": review.version, "then": "check"}, follow=True)
    assert page.status_code == 200
    assert "Écrivez d’abord votre contribution" not in words_of(page)
    assert "Envoyer au visa" in words_of(page)
    browser.post(url("instruction-check", review), {"version": review.version})
    review.refresh_from_db()
    assert review.state == ReviewState.SUBMITTED


def test_an_empty_answer_is_still_refused(signed_in, people):
    review = written(asked_of(people, ReviewState.RETURNED), summary="")
    page = signed_in("dir_contact").get(url("instruction-check", review), follow=True)
    assert "Écrivez d’abord votre contribution" in words_of(page)


def test_the_question_of_the_mission_stays_until_the_visa(signed_in, people):
    """Asked with the request: read when it is written, read again, signed, and after it was sent back."""
    review = written(asked_of(people, ReviewState.DRAFTED, message=QUESTION))
    contact, approver = signed_in("dir_contact"), signed_in("dir_approver")
    for name in ("instruction", "instruction-check"):
        assert QUESTION in words_of(contact.get(url(name, review))), name
    answering.submit(review, version=review.version, by=people["dir_contact"])
    assert QUESTION in words_of(approver.get(url("instruction-visa", review)))
    answering.send_back(review, reason="Chiffrez.", by=people["dir_approver"])
    page = words_of(contact.get(url("instruction", review)))
    assert QUESTION in page
    assert "Chiffrez." in page


def test_the_question_of_a_supplement_stays_until_it_is_answered(signed_in, people):
    """A supplement has its own question: neither the sending, nor the visa page, nor a send-back takes it away."""
    review = asked_of(people, ReviewState.VALIDATED, message="Le cadrage.")
    written(review)
    reviews.ask_supplement(review, reason=QUESTION, due_on=in_days(9), by=people["officer"])
    contact, approver = signed_in("dir_contact"), signed_in("dir_approver")
    assert words_of(contact.get(url("instruction", review))).count(QUESTION) == 1
    answering.submit(review, version=review.version, by=people["dir_contact"])
    assert QUESTION in words_of(approver.get(url("instruction-visa", review)))
    answering.send_back(review, reason="Chiffrez.", by=people["dir_approver"])
    answering.save(review, {**GRID, "summary": "Trente."}, version=review.version, by=people["dir_contact"])
    page = words_of(contact.get(url("instruction", review)))
    assert QUESTION in page
    assert "Chiffrez." in page
    assert QUESTION in words_of(contact.get(url("instruction-check", review)))


def test_a_request_made_again_forgets_the_former_supplement(people):
    review = written(asked_of(people, ReviewState.VALIDATED))
    reviews.ask_supplement(review, reason=QUESTION, due_on=in_days(9), by=people["officer"])
    answering.decline(review, reason="Pas nous.", by=people["dir_contact"])
    reviews.ask_again(review, due_on=in_days(9), message="Reprenez tout.", by=people["officer"])
    found = DirectorateReview.objects.get(pk=review.pk)
    assert (found.message, found.supplement) == ("Reprenez tout.", "")


def test_an_answer_at_the_visa_is_not_given(signed_in, people):
    review = asked_of(people, ReviewState.SUBMITTED)
    page = words_of(signed_in("dir_contact").get("/instructions/"))
    assert re.search("0 contributions? rendues? sur 1", page)
    assert "1 contribution attend le visa de la direction." in page
    assert "Toutes les contributions sont rendues" not in page
    assert "Au visa" in page
    assert f'href="{url("instruction", review)}"' in page


def test_all_is_given_once_all_is_given(signed_in, people):
    asked_of(people, ReviewState.VALIDATED)
    page = words_of(signed_in("dir_contact").get("/instructions/"))
    assert "1 contribution rendue sur 1" in page
    assert "Toutes les contributions sont rendues. Merci." in page
    assert "Au visa" not in page


def test_who_gives_the_visa_has_it_to_do_and_not_twice(signed_in, people):
    asked_of(people, ReviewState.SUBMITTED)
    page = words_of(signed_in("dir_approver").get("/instructions/"))
    assert "À viser :" in page
    assert ">Au visa<" not in page


def mails(kind):
    """Return the recipients of this kind, with the text of each mail."""
    rows = Delivery.objects.filter(distribution__kind=kind).order_by("pk")
    return {
        row.person: composing.email_message(row) for row in rows.select_related("person", "distribution__assembly")
    }


def test_a_request_for_a_visa_leaves_at_once(people):
    review = written(asked_of(people, ReviewState.DRAFTED))
    approver = people["dir_approver"]
    answering.submit(review, version=review.version, by=people["dir_contact"])
    found = mails("review-to-sign")
    assert set(found) == {approver.person}
    message = found[approver.person]
    assert url("instruction-visa", review) in message.body
    assert people["dir_contact"].get_full_name() in message.body
    assert not DeskEvent.objects.filter(user=approver).exists()


def test_a_send_back_leaves_at_once_with_its_reason(people):
    """The reason is in the body, never in the subject; the second request for a visa recalls it."""
    review = written(asked_of(people, ReviewState.SUBMITTED, submitted_by=people["dir_contact"]))
    answering.send_back(review, reason="Chiffrez par canton.", by=people["dir_approver"])
    message = mails("review-sent-back")[people["dir_contact"].person]
    for text in (message.body, message.alternatives[0].content):
        assert "Chiffrez par canton." in text
        assert url("instruction", review) in text
    assert "canton" not in message.subject
    assert review.referral.title not in message.subject
    assert len(message.subject) < 70
    assert not DeskEvent.objects.exists()
    answering.submit(review, version=review.version, by=people["dir_contact"])
    again = mails("review-to-sign")[people["dir_approver"].person]
    assert "Chiffrez par canton." in again.body
    assert len(again.subject) < 70


def test_a_supplement_is_asked_at_once_with_its_reason(people):
    """The contact needs no morning to begin, and reads what is asked, until when, and who asks."""
    contact, review = people["dir_contact"], written(asked_of(people, ReviewState.VALIDATED))
    reviews.ask_supplement(review, reason="Combien de collégiens ?", due_on=in_days(9), by=people["officer"])
    found = mails("review-more-asked")
    assert set(found) == {contact.person}
    message = found[contact.person]
    for text in (message.body, message.alternatives[0].content):
        assert "Combien de collégiens" in text
        assert people["officer"].get_full_name() in text
        assert url("instruction", review) in text
    assert review.referral.title not in message.subject
    assert len(message.subject) < 70
    assert not DeskEvent.objects.exists()


def test_who_signs_what_they_wrote_is_not_written_to(people):
    review = written(asked_of(people, ReviewState.DRAFTED))
    answering.submit(review, version=review.version, by=people["dir_approver"])
    assert not mails("review-to-sign")


def test_the_second_reading_shows_what_was_asked_and_what_changed(signed_in, people):
    """The approver sends it back on the page of the visa, and finds there what became of it."""
    review = written(asked_of(people, ReviewState.DRAFTED))
    answering.submit(review, version=review.version, by=people["dir_contact"])
    approver = signed_in("dir_approver")
    home = words_of(approver.get("/instructions/"))
    assert f'href="{url("instruction-visa", review)}"' in home
    first = words_of(approver.get(url("instruction-visa", review)))
    assert "Parcours de cette contribution" not in first
    assert 'name="reason"' in first
    answering.send_back(review, reason="Chiffrez par canton.", by=people["dir_approver"])
    answering.save(review, {**GRID, "summary": "Trente."}, version=review.version, by=people["dir_contact"])
    review.refresh_from_db()
    answering.submit(review, version=review.version, by=people["dir_contact"])
    again = words_of(approver.get(url("instruction-visa", review)))
    assert "Chiffrez par canton." in again
    assert again.count("Modifié depuis le dernier envoi") == 1
    assert GRID["summary"] in again

"""What a directorate keeps to itself: who reads in copy, and its own thread. Another house meets 404."""

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from consultations.digest.models import DeskEventKind
from consultations.digest.queries import is_obsolete
from consultations.models import DeskEvent, ReviewState, ThreadMessage
from consultations.reviews.actions import answering, thread
from tests.consultations.desk import GRID, agent, another, asked_of, written
from tests.factories.consultations import DirectorateReviewFactory

pytestmark = pytest.mark.django_db
SECRET = "La directrice hésite."


def url(name, *keys):
    return reverse(f"consultations:{name}", args=keys)


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


@pytest.fixture
def review(people):
    return written(asked_of(people, ReviewState.DRAFTED))


@pytest.fixture
def reader(people, review):
    """Return an agent in copy, of a directorate that is not consulted."""
    _place, reader, _approver = another(people)
    answering.add_copy_reader(review, reader, by=people["dir_contact"])
    return reader


def test_somebody_is_put_in_copy_from_the_page(signed_in, people, review):
    _place, reader, _approver = another(people)
    browser, page = signed_in("dir_contact"), url("instruction-readers", review.pk)
    assert browser.post(page, {"reader": people["officer"].pk}).status_code == 422
    assert browser.post(page, {"reader": people["dir_contact"].pk}).status_code == 422
    assert browser.post(page, {"reader": reader.pk}).status_code == 302
    assert reader.get_full_name() in words_of(browser.get(url("instruction", review.pk)))
    event = DeskEvent.objects.get(kind=DeskEventKind.COPIED)
    assert (event.user, is_obsolete(event)) == (reader, False)
    browser.post(url("instruction-reader-remove", review.pk, reader.pk))
    assert is_obsolete(event)
    assert signed_in(reader).get(url("instruction", review.pk)).status_code == 404


def test_a_copy_reader_reads_the_draft_and_changes_nothing(signed_in, people, review, reader):
    browser = signed_in(reader)
    assert review.referral.title in words_of(browser.get("/instructions/"))
    page = words_of(browser.get(url("instruction", review.pk)))
    assert GRID["summary"] in page
    assert "Fil de la saisine" not in page
    assert "Relire avant de rendre" not in page
    for name, data in (
        ("instruction", {"summary": "Non.", "version": 0}),
        ("instruction-presence", {"version": 0}),
        ("instruction-check", {"version": 0}),
        ("instruction-readers", {"reader": people["dir_contact"].pk}),
        ("instruction-file-add", {}),
    ):
        assert browser.post(url(name, review.pk), data).status_code == 403, name
    answering.submit(review, version=0, by=people["dir_contact"])
    people["dir_approver"]
    assert browser.get(url("instruction-visa", review.pk)).status_code == 403
    assert browser.post(url("instruction-step", review.pk, "a-reprendre"), {"reason": "Non."}).status_code == 403


def test_what_is_read_in_copy_is_not_counted_with_what_is_owed(signed_in, people, review, reader):
    """Also when the directorate that wrote it passed it on: its own lists leave those out."""
    browser = signed_in(reader)
    assert "rendue" not in words_of(browser.get("/instructions/"))
    own = DirectorateReviewFactory(referral__term=people.term, directorate=reader.roles.get().directorate, given=True)
    DirectorateReviewFactory(referral__term=people.term, directorate=own.directorate, state=ReviewState.CLOSED)
    page = words_of(browser.get("/instructions/"))
    assert "1 contribution rendue sur 1" in page
    assert review.referral.title in page.split("En copie")[1]
    assert "En copie" not in words_of(signed_in("dir_contact").get("/instructions/"))


def test_a_copy_reader_learns_that_it_is_given(people, review, reader):
    answering.submit(review, version=0, by=people["dir_contact"])
    answering.validate(review, version=0, by=people["dir_approver"])
    assert DeskEvent.objects.filter(kind=DeskEventKind.RECEIVED, user=reader).count() == 1


def test_the_private_thread_is_read_by_the_house_and_its_copy_readers_alone(signed_in, people, review, reader):
    page = url("instruction-inside", review.pk)
    colleague = agent(people.directorate)
    posted = signed_in("dir_contact").post(page, {"body": SECRET, "mentions": [colleague.pk, reader.pk]})
    assert posted["Location"] == url("instruction", review.pk) + "#interne"
    for who in (colleague, reader):
        assert SECRET in words_of(signed_in(who).get(url("instruction", review.pk)))
    told = DeskEvent.objects.filter(kind=DeskEventKind.MENTION)
    assert {event.user for event in told} == {colleague, reader}
    assert not any(is_obsolete(event) for event in told)
    _place, stranger, _approver = another(people, name="Direction des Routes")
    assert signed_in(stranger).post(page, {"body": "Bonjour"}).status_code == 404
    officer = signed_in("officer")
    for name, key in (("thread", review.referral_id), ("review", review.pk), ("reviews", review.referral_id)):
        assert SECRET not in words_of(officer.get(url(name, key))), name
    assert officer.get(page).status_code == 403
    entry = Entry.objects.get(event_type="review.discussed")
    assert (entry.dossier_type, entry.dossier_id) == ("consultations.DirectorateReview", str(review.pk))


def test_the_thread_of_the_referral_does_not_show_the_private_one(signed_in, people, review):
    thread.post_inside(review, SECRET, by=people["dir_contact"])
    place, beside, _approver = another(people)
    DirectorateReviewFactory(referral=review.referral, directorate=place)
    for who in (people["dir_contact"], beside):
        assert SECRET not in words_of(signed_in(who).get(url("instruction-thread", review.referral_id)))
    assert signed_in(beside).get(url("instruction-inside", review.pk)).status_code == 404


def test_one_s_own_private_message_is_taken_back(signed_in, people, review, reader):
    message = thread.post_inside(review, SECRET, by=reader)
    assert message.directorate in {held.directorate for held in reader.roles.all()}
    assert signed_in("dir_contact").post(url("thread-withdraw", message.pk)).status_code == 404
    signed_in(reader).post(url("thread-withdraw", message.pk))
    assert ThreadMessage.objects.exclude(withdrawn_at=None).get() == message

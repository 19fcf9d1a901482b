"""What members read of a pack: the time it takes, what they marked as read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assembly.documents.models import ExtractionState, FileText
from consultations.briefing import queries as briefing
from consultations.briefing.contributions import old_read_marks
from consultations.models import BriefingDocument, BriefingPack, BriefingReadMark
from tests.consultations.briefing.test_pages import filled, url, words
from tests.factories.consultations import BriefingDocumentFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(people):
    return ReferralFactory(term=people.term, working=True, title="Bien vieillir")


def marked(browser, document, read, **headers):
    address = url("my-briefing-mark", document.pack.referral_id, document.pk)
    return browser.post(address, {"read": read}, headers=headers)


def test_a_reader_marks_what_they_have_read_for_themself(signed_in, people, referral):
    pack = filled(referral)
    document, browser = pack.documents.get(title="Le schéma Autonomie"), signed_in("member")
    page = url("my-briefing", referral.pk)
    assert "0 document lu sur 3." in words(browser.get(page))
    assert "Texte courant, environ 2 min de lecture" in words(browser.get(page))
    for _twice in range(2):
        assert marked(browser, document, "1").url == f"{page}#document-{document.pk}"
    assert BriefingReadMark.objects.get().user == people["member"]
    assert "1 document lu sur 3." in words(browser.get(page))
    assert "0 document lu sur 3." in words(signed_in(people.make("member", people.term)).get(page))
    answer = marked(browser, document, "0", hx_request="true")
    assert ("Marquer comme lu" in answer.text, "0 document lu sur 3." in words(answer)) == (True, True)
    assert not BriefingReadMark.objects.exists()


def test_only_papers_of_an_open_pack_are_marked(signed_in, referral):
    pack = filled(referral)
    browser, document = signed_in("member"), pack.documents.first()
    other = BriefingDocumentFactory(by_link=True)
    assert browser.post(url("my-briefing-mark", referral.pk, other.pk), {"read": "1"}).status_code == 404
    BriefingDocument.objects.filter(pk=document.pk).update(removed_at=timezone.now())
    assert marked(browser, document, "1").status_code == 404
    BriefingPack.objects.filter(pk=pack.pk).update(released_at=None)
    assert marked(browser, pack.documents.last(), "1").status_code == 404
    assert not BriefingReadMark.objects.exists()


def test_a_mark_goes_after_a_year(people, referral):
    rows = filled(referral).documents.all()[:2]
    kept, gone = (BriefingReadMark.objects.create(document=row, user=people["member"]) for row in rows)
    BriefingReadMark.objects.filter(pk=gone.pk).update(read_at=timezone.now() - timedelta(days=366))
    assert list(old_read_marks(timezone.now())) == [gone]
    assert kept.document_id != gone.document_id


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, ""), (1, "environ 1 min"), (59, "environ 59 min"), (80, "environ 1 h 20"), (125, "environ 2 h 05")],
)
def test_times_to_read_are_said_in_hours_and_minutes(minutes, expected):
    assert briefing.reading_time(minutes).replace("\u00a0", " ") == expected


def test_the_time_to_read_is_of_the_words_else_of_the_pages(people, referral):
    pack = filled(referral)
    by_words, by_pages, unknown = pack.documents.order_by("position")
    FileText.objects.update_or_create(
        blob=by_words.upload.blob, defaults={"state": ExtractionState.READY, "text": "été là\n" * 750}
    )
    FileText.objects.filter(blob=by_pages.upload.blob).delete()
    by_pages.pages = 10
    lines = briefing.reading_lines([by_words, by_pages, unknown], people["member"])
    assert [line.minutes for line in lines] == [6, 15, 0]
    told = briefing.progress_sentence(lines).replace("\u00a0", " ")
    assert told == "0 document lu sur 3. Il reste environ 21 min de lecture."


def test_a_pack_of_many_papers_costs_no_more(signed_in, referral, django_assert_num_queries):
    pack = filled(referral)
    browser = signed_in("member")
    browser.get(url("my-briefing", referral.pk))
    with CaptureQueriesContext(connection) as few:
        browser.get(url("my-briefing", referral.pk))
    for _more in range(3):
        BriefingDocumentFactory(pack=pack)
    with django_assert_num_queries(len(few)):
        browser.get(url("my-briefing", referral.pk))

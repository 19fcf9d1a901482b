"""The reviews in the bureau: progress, steps, comparison, scoping note."""

import pytest
from django.urls import reverse

from consultations.models import DirectorateReview, ReferralState, ReviewState, ScopingNote
from consultations.reviews.actions import asking
from tests.consultations.desk import GRID, another, asked_of, in_days, written
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory, ScopingNoteFactory
from tests.factories.institution import DirectorateFactory

pytestmark = pytest.mark.django_db


def url(name, thing, *more):
    return reverse(f"consultations:{name}", args=[thing.pk, *more])


def given_by(people, referral, name, **facts):
    directorate = DirectorateFactory(assembly=people.assembly, name=name)
    return DirectorateReviewFactory(referral=referral, directorate=directorate, given=True, **facts)


def test_the_tab_says_how_many_answered_and_who_is_late(signed_in, people):
    late = asked_of(people, due_on=in_days(-2))
    given_by(people, late.referral, "Direction des Mobilités")
    text = signed_in("officer").get(url("reviews", late.referral)).content.decode()
    for words in (
        "1/2 contribution rendue",
        "1 en retard",
        "Direction de l’Autonomie",
        "Relancer",
        "Comparer les contributions",
    ):
        assert words in text


def test_an_answer_that_owes_a_supplement_is_not_given_yet(signed_in, people):
    asked = asked_of(people, ReviewState.SUPPLEMENT)
    given_by(people, asked.referral, "Direction des Mobilités")
    assert "1/2 contribution rendue" in signed_in("officer").get(url("reviews", asked.referral)).content.decode()


def test_no_review_yet(signed_in, people):
    referral = ReferralFactory(term=people.term, issued=True)
    assert "Aucune direction consultée" in signed_in("officer").get(url("reviews", referral)).content.decode()


def test_a_facilitator_reads_no_review(signed_in, people):
    review = asked_of(people, ReviewState.VALIDATED)
    browser = signed_in("facilitator")
    pages = [url("reviews", review.referral), url("compare", review.referral), url("thread", review.referral)]
    assert [browser.get(page).status_code for page in pages] == [403] * 3
    assert browser.get(url("review", review)).status_code == 403


def test_asking_on_one_page(signed_in, people):
    referral = ReferralFactory(term=people.term, issued=True)
    places = [DirectorateFactory(assembly=people.assembly) for _ in range(3)]
    browser = signed_in("officer")
    assert browser.get(url("review-ask", referral)).status_code == 200
    rest = {"kind": "scoping", "directorates": [place.pk for place in places], "due_on": "2027-05-01"}
    refused = browser.post(url("review-ask", referral), rest)
    assert (refused.status_code, "03/05/2027" in refused.content.decode()) == (422, True)
    browser.post(url("review-ask", referral), {**rest, "due_on": "2027-05-03", "message": "Dites-nous."})
    assert DirectorateReview.objects.filter(referral=referral, message="Dites-nous.").count() == 3
    again = browser.post(url("review-ask", referral), {**rest, "due_on": "2027-05-03"})
    assert (again.status_code, "Déjà consultée" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("slug", "state", "target"),
    [
        ("relancer", ReviewState.ASKED, ReviewState.ASKED),
        ("date", ReviewState.ASKED, ReviewState.ASKED),
        ("complement", ReviewState.VALIDATED, ReviewState.SUPPLEMENT),
        ("redemander", ReviewState.DECLINED, ReviewState.ASKED),
        ("clore", ReviewState.ASKED, ReviewState.CLOSED),
    ],
)
def test_each_step_has_its_page(signed_in, people, slug, state, target):
    review = asked_of(people, state)
    browser = signed_in("officer")
    address = url("review-step", review, slug)
    assert browser.get(address).status_code == 200
    page = browser.post(address, {"reason": "Pour l’été.", "due_on": "2027-05-03", "message": "Encore."})
    review.refresh_from_db()
    assert (page.url, review.state) == (url("reviews", review.referral), target)
    assert browser.get(url("review-step", review, "danser")).status_code == 404


@pytest.mark.parametrize("state", ReviewState)
def test_the_page_of_a_review_in_every_state(signed_in, people, state):
    review = asked_of(people, state, summary="MOTS" if state != ReviewState.ASKED else "")
    text = signed_in("officer").get(url("review", review)).content.decode()
    assert ("MOTS" in text) is (state == ReviewState.VALIDATED)


def test_answers_side_by_side(signed_in, people):
    referral = ReferralFactory(term=people.term, issued=True)
    given_by(people, referral, "Direction A", **{**GRID, "summary": "Oui."})
    given_by(people, referral, "Direction B", **{**GRID, "summary": "=2+2", "was_late": True})
    browser = signed_in("officer")
    text = browser.get(url("compare", referral)).content.decode()
    for words in ("Direction A", "Direction B", "Oui.", "De 10 000 à 100 000 €", "2 contributions rendues"):
        assert words in text.replace("\u00a0", " ")
    table = browser.get(url("compare-csv", referral)).content.decode()
    assert "Direction A;" in table
    assert "'=2+2" in table


def test_the_note_is_composed_once_then_belongs_to_the_officer(signed_in, people):
    referral = ReferralFactory(term=people.term, issued=True)
    given_by(people, referral, "Direction <A>", **{**GRID, "summary": "<script>alert(1)</script> Oui."})
    browser = signed_in("officer")
    assert browser.get(url("scoping-note", referral)).status_code == 200
    browser.post(url("scoping-note-generate", referral))
    note = ScopingNote.objects.get()
    assert "Direction &lt;A&gt;" in note.body
    assert "<script" not in note.body
    browser.post(url("scoping-note", referral), {"text": "Mes mots.", "format": "text", "version": 1})
    note.refresh_from_db()
    assert (note.body, note.version, note.edited_by) == ("<p>Mes mots.</p>", 2, people["officer"])
    again = browser.post(url("scoping-note-generate", referral))
    text = browser.get(again.url.partition("#")[0]).content.decode()
    note.refresh_from_db()
    assert note.body == "<p>Mes mots.</p>"
    assert "Ce que donneraient les contributions d’aujourd’hui" in text


def test_a_late_save_of_the_note_shows_both_texts(signed_in, people):
    note = ScopingNoteFactory(referral=ReferralFactory(term=people.term, issued=True))
    asking.edit_note(note, "<p>De la responsable.</p>", version=1, by=people["lead"])
    data = {"text": "De la chargée.", "format": "text", "version": 1}
    page = signed_in("officer").post(url("scoping-note", note.referral), data)
    note.refresh_from_db()
    assert (page.status_code, note.body) == (409, "<p>De la responsable.</p>")
    for words in ("De la chargée.", "De la responsable.", people["lead"].get_full_name()):
        assert words in page.content.decode()


def test_no_note_without_answers(signed_in, people):
    referral = ReferralFactory(term=people.term, issued=True)
    page = signed_in("officer").post(url("scoping-note-generate", referral))
    assert (page.url, ScopingNote.objects.exists()) == (url("reviews", referral), False)


def test_an_ended_referral_is_read_and_no_more(signed_in, people):
    review = written(asked_of(people, ReviewState.VALIDATED))
    review.referral.state = ReferralState.WITHDRAWN
    review.referral.ended_at, review.referral.end_reason = review.asked_at, "Voté."
    review.referral.save()
    browser = signed_in("officer")
    assert browser.get(url("reviews", review.referral)).status_code == 200
    assert browser.get(url("review-ask", review.referral)).status_code == 409
    assert browser.post(url("scoping-note-generate", review.referral)).status_code == 403
    assert browser.get(url("review-step", review, "complement")).status_code == 409


@pytest.mark.parametrize("page", ["reviews", "compare", "scoping-note"])
@pytest.mark.parametrize("many", [4, 40])
def test_pages_cost_the_same_with_four_or_forty_reviews(signed_in, people, page, many, django_assert_max_num_queries):
    referral = ReferralFactory(term=people.term, issued=True)
    for at in range(many):
        directorate, _contact, _approver = another(people, f"Direction {at}", code=f"lot-{at}")
        DirectorateReviewFactory(referral=referral, directorate=directorate, given=bool(at % 2))
    browser = signed_in("officer")
    browser.get(url(page, referral))
    with django_assert_max_num_queries(13):  # one of them: the tasks and notes of the page
        browser.get(url(page, referral))

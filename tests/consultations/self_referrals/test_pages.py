"""The pages of self-referrals: the phone's three answers, dots, the bureau's tab and steps, the office, the news."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assembly.notifications.models import Delivery, Distribution
from consultations.models import Competence, CouncilView, Referral, SuggestionDraft, Support
from consultations.referrals.enums import CouncilStance, ReferralState
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.self_referrals import actions as self_referrals
from sessions.minutes.queries.facts import minutes_facts
from sessions.models import Minutes
from tests.factories.consultations import (
    AdmissibilityCheckFactory,
    CouncilViewFactory,
    ReferralFactory,
    SupportFactory,
    proclaimed_ballot,
)
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = pytest.mark.django_db
S = ReferralState
ROOM = "/espace/sujets/"
WORDS = {"title": "L’eau qui manque l’été", "why": "Elle manque.", "powers_link": "Il protège l’eau."}


def test_three_answers_then_read_again_then_proposed_once(people, signed_in):
    browser = signed_in("member")
    assert "Ce que fait le Département" in browser.get(f"{ROOM}proposer/").text
    assert browser.post(f"{ROOM}proposer/", WORDS).url == f"{ROOM}proposer/verifier/"
    assert WORDS["title"] in browser.get(f"{ROOM}proposer/verifier/").text
    first = browser.post(f"{ROOM}proposer/verifier/")
    made = Referral.objects.get()
    assert first.url == reverse("consultations:my-suggestion", args=[made.pk])
    assert browser.post(f"{ROOM}proposer/verifier/").url == ROOM
    assert Referral.objects.count() == 1
    assert browser.get(first.url).status_code == 200


def test_what_is_typed_is_kept_and_subjects_alike_are_told(people, signed_in):
    ReferralFactory(term=people.term, own=True, title="L’eau qui manque en été")
    browser = signed_in("member")
    answer = browser.post(f"{ROOM}proposer/brouillon/", {"title": "leau qui manque l'ete", "why": "Elle"})
    assert "L’eau qui manque en été" in answer.text
    assert SuggestionDraft.objects.get().why == "Elle"
    later = signed_in("member").get(f"{ROOM}proposer/")
    assert "leau qui manque" in later.text


def test_an_empty_form_says_what_is_missing(people, signed_in):
    answer = signed_in("member").post(f"{ROOM}proposer/", {})
    assert answer.status_code == 422
    assert not SuggestionDraft.objects.exists()


def test_words_are_shown_as_words_never_as_html(people, signed_in):
    evil = "<script>alert(1)</script> <b>eau</b>"
    referral = ReferralFactory(term=people.term, own=True, title=evil, context=evil, powers_link=evil)
    for who, url in (
        ("member", ROOM),
        ("member", f"{ROOM}{referral.pk}/"),
        ("officer", "/bureau/auto-saisines/"),
        ("officer", f"/bureau/saisines/{referral.pk}/recevabilite/"),
    ):
        page = signed_in(who).get(url).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_dots_with_and_without_javascript(people, signed_in):
    referral = ReferralFactory(term=people.term, own=True)
    browser, url = signed_in("member"), f"{ROOM}{referral.pk}/points/"
    answer = browser.post(url, {"dots": "2", "back": f"{ROOM}?q=vieillir"})
    assert answer.url == f"{ROOM}?q=vieillir"
    assert "Il vous reste 3 points sur 5." in browser.get(ROOM).text.replace("\xa0", " ")
    assert browser.post(url, {"dots": "1", "back": "https://ailleurs.example/"}).url.startswith(ROOM)
    part = browser.post(url, {"dots": "3"}, headers={"HX-Request": "true"}).text
    assert 'role="status"' in part
    assert "Il vous reste 2 points" in part.replace("\xa0", " ")
    for dots in ("4", "x", ""):
        refused = browser.post(url, {"dots": dots}, headers={"HX-Request": "true"})
        assert "3 points au plus" in refused.text.replace("\xa0", " ")
    assert Support.objects.get().dots == 3


def test_a_support_after_the_short_list_is_refused_in_words(people, signed_in):
    referral = ReferralFactory(term=people.term, own=True, state=S.SHORTLISTED)
    answer = signed_in("member").post(f"{ROOM}{referral.pk}/points/", {"dots": "1"}, follow=True)
    assert "n’est plus ouvert aux soutiens" in answer.text.replace("\xa0", " ")
    assert not Support.objects.exists()


@pytest.mark.parametrize("many", [3, 40])
def test_the_lists_ask_the_same_few_questions_however_long(many, people, signed_in, django_assert_max_num_queries):
    for _ in range(many):
        SupportFactory(referral=ReferralFactory(term=people.term, own=True))
    browser, desk = signed_in("member"), signed_in("officer")
    with django_assert_max_num_queries(14):
        assert browser.get(ROOM).status_code == 200
    with django_assert_max_num_queries(14):
        assert desk.get("/bureau/auto-saisines/").status_code == 200


STATES = [state for state in S if state not in S.tagged("president")]


def test_every_state_has_its_page_in_both_rooms(people, signed_in):
    member, officer = signed_in("member"), signed_in("officer")
    for state in STATES:
        referral = ReferralFactory(term=people.term, own=True, state=state, suggested_by=people["member"])
        if state not in {S.SUGGESTED, S.SHORTLISTED}:
            AdmissibilityCheckFactory(referral=referral)
            CouncilViewFactory(referral=referral)
        assert member.get(f"{ROOM}{referral.pk}/").status_code == 200, state
        assert officer.get(f"/bureau/saisines/{referral.pk}/recevabilite/").status_code == 200, state
    assert officer.get("/bureau/auto-saisines/export.csv").status_code == 200


def test_an_erased_author_leaves_the_subject(people, signed_in):
    referral = ReferralFactory(term=people.term, own=True)
    person = referral.suggested_by.person
    type(person).objects.filter(pk=person.pk).update(first_name="", last_name="", anonymised_at=timezone.now())
    assert referral.title in signed_in("member").get(ROOM).text
    assert referral.title in signed_in("officer").get("/bureau/auto-saisines/").text
    self_referrals.shortlist(referral, by=people["officer"])
    assert not self_referrals.suggestions_to_announce().exists()


def test_the_office_gives_the_view_from_its_page(people, signed_in):
    referral = ReferralFactory(term=people.term, own=True, state=S.ADMISSIBILITY_CHECK)
    AdmissibilityCheckFactory(referral=referral)
    browser = signed_in("president")
    page = browser.get(reverse("consultations:office-referral", args=[referral.pk]))
    url = reverse("consultations:office-step", args=[referral.pk, "avis-du-conseil"])
    assert url in page.text
    browser.post(url, {"stance": "favourable", "reasons": "Le sujet est utile."})
    view = CouncilView.objects.get()
    assert (view.is_visa, view.recorded_by) == (True, people["president"])


def test_the_bureau_walks_from_the_list_to_the_vote(people, signed_in):
    referral = ReferralFactory(term=people.term, own=True)
    SittingFactory(term=people.term)
    browser = signed_in("officer")

    def step(slug, **data):
        url = reverse("consultations:self-referral-step", args=[referral.pk, slug])
        assert browser.get(url).status_code == 200, slug
        answer = browser.post(url, data)
        assert answer.status_code == 302, answer.text
        referral.refresh_from_db()
        return referral.state

    soon = (timezone.localdate() + timedelta(days=20)).isoformat()
    assert step("preselectionner") == S.SHORTLISTED
    assert step("recevabilite", directorates=[people.directorate.pk], due_on=soon) == S.ADMISSIBILITY_CHECK
    told = {"within_powers": "yes", "is_fair": "oui", "reasons": "Le Département agit."}
    assert step("decision", **told) == S.ADMISSIBILITY_CHECK
    past = timezone.localdate().isoformat()
    view = {"stance": "with_remarks", "reasons": "Oui.", "given_on": past, "decision_reference": "D-9"}
    assert step("avis-du-conseil", **view) == S.COUNCIL_VIEW_GIVEN
    sitting = SittingFactory(term=people.term)
    assert step("mettre-aux-voix", sitting=sitting.pk) == S.PUT_TO_VOTE
    assert step("retirer-du-vote", reason="Pas prêt.") == S.COUNCIL_VIEW_GIVEN


def test_the_minutes_say_the_reference_the_view_and_the_result(people):
    sitting = SittingFactory(term=people.term, held=True)
    referral = ReferralFactory(term=people.term, own=True, state=S.COUNCIL_VIEW_GIVEN)
    CouncilViewFactory(referral=referral, stance=CouncilStance.WITH_REMARKS)
    item = AgendaItemFactory(
        sitting=sitting, kind="vote", topic_type="consultations.Referral", topic_id=str(referral.pk)
    )
    ballot = proclaimed_ballot(item)
    Referral.objects.filter(pk=referral.pk).update(state=S.PUT_TO_VOTE, vote_item=item, ballot=ballot)
    self_referrals.take_result(ballot, by=people["officer"])
    minutes = Minutes.objects.create(
        sitting=sitting, due_on=timezone.localdate(), writer=people["officer"], kind="formal"
    )
    for audience in ("internal", "public"):
        told = minutes_facts(minutes, audience)
        part = next(row for row in told["items"] if row["id"] == item.pk)
        sentence = " ".join(part["facts"])
        assert referral.reference in sentence
        assert "favorable avec remarques" in sentence
        assert part["ballots"][0]["result"] == "adopted"
    referral.refresh_from_db()
    assert referral.state == S.ADOPTED


MORNING = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


def test_the_author_is_told_once_a_day_and_may_say_no(people, django_capture_on_commit_callbacks):
    referral = ReferralFactory(term=people.term, own=True, suggested_by=people["member"])
    self_referrals.shortlist(referral, by=people["officer"])
    self_referrals.open_check(
        referral,
        [people.directorate],
        due_on=timezone.localdate() + timedelta(days=9),
        by=people["officer"],
    )
    facts = {"within_powers": Competence.NO, "is_fair": True, "reasons": "C’est l’État."}
    self_referrals.decide_admissibility(referral, by=people["officer"], **facts)
    assert self_referrals.send_suggestion_news(MORNING.replace(hour=7)) == 0
    assert self_referrals.send_suggestion_news(MORNING) == 1
    assert self_referrals.send_suggestion_news(MORNING) == 0
    delivery = Delivery.objects.get(distribution__kind="suggestion-news")
    assert delivery.person == people["member"].person
    REFERRAL.transition(referral, "check_again", reason="La loi change.", by=people["lead"])
    assert self_referrals.send_suggestion_news(MORNING.replace(hour=18)) == 0
    assert self_referrals.send_suggestion_news(MORNING + timedelta(days=1)) == 1
    assert Distribution.objects.filter(kind="suggestion-news").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_never_give_more_than_five(people):
    subjects = [ReferralFactory(term=people.term, own=True) for _ in range(6)]
    member = people["member"]

    def give(referral):
        try:
            self_referrals.put_dots(referral, 2, by=type(member).objects.get(pk=member.pk))
        except Exception as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(give, subjects))
    assert found == ["ValidationError"] * 4 + ["given"] * 2
    assert sum(Support.objects.values_list("dots", flat=True)) == 4

"""Where referrals and contributions stand: the same on every page, before, on and after their days."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from consultations.models import ReferralState as S, ReviewState as R
from tests.answers.stage import answered_by
from tests.factories.consultations import DirectorateReviewFactory, ReferralCommitteeFactory, ReferralFactory
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 27)


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def words_of(page):
    return plain(page.content.decode())


@pytest.mark.parametrize(
    ("state", "today", "sentence", "label"),
    [
        (S.IN_PROGRESS, date(2026, 6, 26), "avis attendu le 27 juin 2026", "Avis attendu le"),
        (S.IN_PROGRESS, date(2026, 6, 27), "avis attendu le 27 juin 2026", "Avis attendu le"),
        (S.IN_PROGRESS, date(2026, 6, 28), "avis attendu le 27 juin 2026, en retard", "Avis attendu le"),
        (S.OPINION_ADOPTED, date(2026, 6, 28), "", "Avis demandé pour le"),
        (S.HANDED_OVER, date(2026, 11, 30), "", "Avis demandé pour le"),
        (S.WITHDRAWN, date(2026, 6, 1), "", "Avis demandé pour le"),
    ],
)
def test_nobody_awaits_an_opinion_that_was_adopted(time_machine, state, today, sentence, label):
    referral = ReferralFactory.build(state=state, due_on=DUE)
    time_machine.move_to(today)
    assert (plain(referral.standing.sentence), referral.due_label) == (sentence, label)


def handed_over(people, *, given, owed):
    """Make a published question whose opinion was handed over and partly answered."""
    referral = ReferralFactory(
        term=people.term, state=S.HANDED_OVER, published=True, work_starts_on=None, due_on=date(2026, 6, 27)
    )
    group = ReferralCommitteeFactory(referral=referral)
    CommitteeMembershipFactory(committee=group.committee, person=people["member"].person)
    opinion = OpinionFactory(term=people.term, referral=referral, state="published")
    for number in range(owed):
        answered_by(
            people,
            "published" if number < given else "assigned",
            recommendation=RecommendationFactory(opinion=opinion, numbered=True),
        )
    return referral


def test_a_question_answered_in_part_says_how_far_on_every_page(people, signed_in, client):
    referral = handed_over(people, given=9, owed=10)
    told = "Le Conseil départemental a donné 9 réponses sur 10. La dernière est attendue avant le"
    member, desk, office = signed_in("member"), signed_in("officer"), signed_in("president")
    for browser, url in (
        (client, reverse("consultations:public", args=[referral.reference])),
        (member, reverse("consultations:my-referral", args=[referral.pk])),
        (desk, reverse("consultations:referral", args=[referral.pk])),
        (office, reverse("consultations:office-referral", args=[referral.pk])),
    ):
        page = words_of(browser.get(url))
        assert f"L’avis est remis. {told}" in page, url
        assert "on attend la réponse" not in page, url
        assert "Avis attendu le" not in page, url


def test_what_is_handed_over_is_no_work_of_the_assembly(people, signed_in, client):
    referral = handed_over(people, given=1, owed=2)
    for browser, url in ((client, "/"), (signed_in("member"), "/espace/")):
        page = words_of(browser.get(url))
        assert "votre groupe y travaille" not in page.lower(), url
        assert "avis attendu" not in page.lower(), url
        assert "Lire la question" not in page, url
    listed = words_of(signed_in("member").get("/espace/saisines/"))
    assert referral.title in listed
    assert "votre groupe y travaille" not in listed
    public = words_of(client.get("/saisines/"))
    assert public.index("Avis remis au Conseil départemental") < public.index(referral.title)


@pytest.mark.parametrize(
    ("state", "days", "state_badge", "word", "sentence"),
    [
        (R.ASKED, 1, "todo", "Attendu", ""),
        (R.ASKED, 0, "todo", "Attendu", ""),
        (R.ASKED, -1, "late", "En retard", "depuis le 29 novembre 2026"),
        (R.SUBMITTED, -1, "late", "En retard", "depuis le 29 novembre 2026"),
        (R.CLOSED, -1, "refused", "Clos sans contribution", ""),
    ],
)
def test_a_late_contribution_says_since_when(time_machine, state, days, state_badge, word, sentence):
    time_machine.move_to(date(2026, 11, 30))
    review = DirectorateReviewFactory.build(state=state, due_on=date(2026, 11, 30) + timedelta(days=days))
    standing = review.standing
    assert (standing.state_badge, str(standing.word), plain(standing.sentence)) == (state_badge, word, sentence)


def test_the_room_does_not_say_that_nothing_is_left_above_what_is_left(people, signed_in):
    DirectorateReviewFactory(
        referral__term=people.term, referral__review=True, state=R.SUBMITTED, directorate=people.directorate
    )
    case = answered_by(people)
    page = words_of(signed_in("dir_contact").get("/instructions/"))
    assert f"Répondre : {case.title}" in page
    assert "1 contribution attend le visa de la direction." in page
    assert "Vous n’avez plus rien à faire" not in page

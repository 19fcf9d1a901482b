"""The sentence of a referral comes from its state, or from figures; its button is the step that leads on."""

import pytest

from consultations.models import Referral, ReferralOrigin, ReferralState
from consultations.pages import SENTENCES
from consultations.referrals.queries import ReferralFigures

S = ReferralState


@pytest.mark.parametrize(
    ("state", "sentence", "label", "slug"),
    [
        (
            S.SUGGESTED,
            "Proposée par un membre : les membres peuvent la soutenir.",
            "Présélectionner",
            "preselectionner",
        ),
        (
            S.COUNCIL_VIEW_GIVEN,
            "Le président a donné sa position : l’assemblée peut voter.",
            "Mettre aux voix",
            "mettre-aux-voix",
        ),
        (S.INADMISSIBLE, "Irrecevable : les motifs sont donnés à son auteur.", "", ""),
        (S.REJECTED, "L’assemblée a rejeté cette auto-saisine.", "", ""),
        (S.CLOSED, "Le Conseil départemental a répondu : la saisine est close.", "", ""),
    ],
)
def test_a_state_without_figures_says_its_own_sentence(state, sentence, label, slug):
    referral = Referral(origin=ReferralOrigin.SELF_REFERRAL, state=state)
    status = SENTENCES[state](referral, ReferralFigures(), [])
    assert (status.sentence, status.label, status.url) == (sentence, label, slug)

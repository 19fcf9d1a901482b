"""What a vote on a self-referral led to keeps it from being withdrawn."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from consultations.enums import ReferralState as S
from consultations.models import Referral
from sessions.models import Ballot
from sessions.workflows.ballots import BALLOT


def decides_no_referral(ballot: Ballot) -> None:
    """A vote that took up or set aside a self-referral had its consequences: it is not withdrawn below them."""
    found = Referral.objects.filter(ballot=ballot).exclude(state=S.PUT_TO_VOTE).first()
    if found is not None:
        text = gettext(
            "Ce vote a décidé de «\u00a0%(title)s\u00a0»\u00a0: un résultat qui a eu des suites ne se retire pas."
        )
        raise ValidationError(text % {"title": found.title}, code="followed")


BALLOT.guard("withdraw", decides_no_referral)

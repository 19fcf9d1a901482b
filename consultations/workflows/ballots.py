"""Guard of the ballot's workflow: a vote that decided a self-referral is not withdrawn."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from consultations.enums import ReferralState as S
from consultations.models import Referral
from sessions.models import Ballot
from sessions.workflows.ballots import BALLOT


def check_decides_no_referral(ballot: Ballot) -> None:
    """Raise ValidationError if the vote took up or rejected a self-referral, which had its consequences."""
    referral = Referral.objects.filter(ballot=ballot).exclude(state=S.PUT_TO_VOTE).first()
    if referral is not None:
        text = gettext(
            "Ce vote a décidé de «\u00a0%(title)s\u00a0»\u00a0: un résultat qui a eu des suites ne se retire pas."
        )
        raise ValidationError(text % {"title": referral.title}, code="followed")


BALLOT.add_guard("withdraw", check_decides_no_referral)

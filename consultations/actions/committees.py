"""Confiding a referral to committees, with the question really given to each."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Committee
from consultations.models import Referral, ReferralCommittee
from consultations.rules import referrals as rules
from consultations.workflows.referrals import share_referral


@transaction.atomic
def assign(referral: Referral, committee: Committee, *, mandate_statement: str, by: User) -> ReferralCommittee:
    """Confide it to a committee; one that already has it keeps it."""
    share_referral(referral, "assign", rules.can_assign, by=by)
    if committee.term_id != referral.term_id or committee.closed_on is not None:
        raise ValidationError(_("Choisissez un groupe ouvert de la mandature."), code="committee")
    if held := ReferralCommittee.objects.filter(referral=referral, committee=committee, ended_at=None).first():
        return held
    try:
        with transaction.atomic():
            row = ReferralCommittee.objects.create(
                referral=referral, committee=committee, mandate_statement=mandate_statement.strip()
            )
    except IntegrityError:
        return ReferralCommittee.objects.get(referral=referral, committee=committee, ended_at=None)
    record("referral.committee_assigned", referral, by=by, committee=committee.pk)
    return row


@transaction.atomic
def restate(row: ReferralCommittee, *, mandate_statement: str, by: User) -> None:
    """Say otherwise what the committee must answer."""
    share_referral(row.referral, "assign", rules.can_assign, by=by)
    words = mandate_statement.strip()
    if words == row.mandate_statement:
        return
    if ReferralCommittee.objects.filter(pk=row.pk, ended_at=None).update(mandate_statement=words):
        row.mandate_statement = words
        record("referral.committee_changed", row.referral, by=by, committee=row.committee_id)


@transaction.atomic
def release(row: ReferralCommittee, *, by: User) -> None:
    """The committee no longer works on it; what it did stays on the page."""
    share_referral(row.referral, "assign", rules.can_assign, by=by)
    if ReferralCommittee.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now()):
        record("referral.committee_released", row.referral, by=by, committee=row.committee_id)

"""Assignment of a referral to committees, with the exact question given to each."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Committee
from consultations.models import Referral, ReferralCommittee
from consultations.referrals import rules
from consultations.referrals.workflow.shared_steps import share_referral


@transaction.atomic
def assign(referral: Referral, committee: Committee, *, mandate_statement: str, by: User) -> ReferralCommittee:
    """Assign the referral to a committee; return the open assignment if there is one."""
    share_referral(referral, "assign", rules.can_assign, by=by)
    if committee.term_id != referral.term_id or committee.closed_on is not None:
        raise ValidationError(_("Choisissez un groupe ouvert de la mandature."), code="committee")
    if existing := ReferralCommittee.objects.filter(referral=referral, committee=committee, ended_at=None).first():
        return existing
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
    """Change the question that the committee must answer."""
    share_referral(row.referral, "assign", rules.can_assign, by=by)
    statement = mandate_statement.strip()
    if statement == row.mandate_statement:
        return
    if ReferralCommittee.objects.filter(pk=row.pk, ended_at=None).update(mandate_statement=statement):
        row.mandate_statement = statement
        record("referral.committee_changed", row.referral, by=by, committee=row.committee_id)


@transaction.atomic
def release(row: ReferralCommittee, *, by: User) -> None:
    """End the assignment to a committee; what it did stays on the page."""
    share_referral(row.referral, "assign", rules.can_assign, by=by)
    if ReferralCommittee.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now()):
        record("referral.committee_released", row.referral, by=by, committee=row.committee_id)

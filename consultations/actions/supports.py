"""Dots on suggestions: given, moved, taken back; never more than the settings allow, even with concurrent requests."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.rules import is_member
from assembly.workflow import StateConflict, lock, share
from consultations.enums import ReferralState
from consultations.models import Referral, Support
from consultations.self_referrals import rules
from consultations.self_referrals.queries import limits_of


@transaction.atomic
def put_dots(referral: Referral, dots: int, *, by: User) -> int:
    """Set the number of one's dots on a subject, and return how many remain to give.

    The member's own row is locked while dots are counted: two requests of one person follow each other.
    """
    lock(User(pk=by.pk))
    current = share(Referral.objects.filter(pk=referral.pk))
    if current is None or not is_member(by, current.term_id):
        raise PermissionDenied
    if not rules.can_support(by, current):
        raise StateConflict(current, "support")
    limits = limits_of(current.term_id)
    if not 0 <= dots <= limits.dots_a_subject:
        message = ngettext(
            "Un même sujet reçoit %(most)s point au plus de chaque membre.",
            "Un même sujet reçoit %(most)s points au plus de chaque membre.",
            limits.dots_a_subject,
        )
        raise ValidationError(message % {"most": limits.dots_a_subject}, code="subject")
    remaining = limits.dots - dots_elsewhere(current, by) - dots
    support = Support.objects.filter(referral=current, user=by).first()
    more = dots > (support.dots if support else 0)
    if remaining < 0 and more:
        raise ValidationError(_("Vous avez donné tous vos points : reprenez-en un ailleurs."), code="dots")
    write_support(current, by, support, dots)
    return max(remaining, 0)


def dots_elsewhere(referral: Referral, user: User) -> int:
    """Count the dots that the user has on the other subjects of the term."""
    rows = Support.objects.filter(
        user=user, referral__term=referral.term_id, referral__state__in=ReferralState.tagged("holding_dots")
    )
    return rows.exclude(referral=referral).aggregate(n=Sum("dots"))["n"] or 0


def write_support(referral: Referral, user: User, support: Support | None, dots: int) -> None:
    if (support.dots if support else 0) == dots:
        return
    if dots == 0:
        Support.objects.filter(referral=referral, user=user).delete()
    else:
        Support.objects.update_or_create(referral=referral, user=user, defaults={"dots": dots})
    record("suggestion.supported", referral, by=user, dots=dots)


def copy_supports(referral: Referral, target: Referral) -> int:
    """Copy the supports to the target of a merge, one a member, within the subject's limit; the former rows stay."""
    if not target.is_self_referral or target.state not in ReferralState.tagged("holding_dots"):
        return 0
    most = limits_of(target.term_id).dots_a_subject
    there: dict[Any, Support] = {row.user_id: row for row in Support.objects.filter(referral=target)}
    rows = list(Support.objects.filter(referral=referral))
    for row in rows:
        same = there.get(row.user_id)
        dots = min(most, row.dots + (same.dots if same else 0))
        Support.objects.update_or_create(referral=target, user_id=row.user_id, defaults={"dots": dots})
    return len(rows)

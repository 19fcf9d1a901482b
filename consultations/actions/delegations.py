"""Delegation of an approver's visas to a colleague of the same directorate, between two days."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate
from consultations.models import Delegation
from consultations.reviews import rules


@transaction.atomic
def give(directorate: Directorate, *, holder: User, starts_on: date, ends_on: date, by: User) -> Delegation:
    """Delegate one's visa to somebody who has a role in that directorate, from a day to a day."""
    if not rules.can_delegate(by, directorate):
        raise PermissionDenied
    if holder.pk == by.pk or not rules.can_hold(holder, directorate):
        raise ValidationError(_("Choisissez une autre personne qui travaille dans cette direction."), code="holder")
    if ends_on < starts_on or ends_on < timezone.localdate():
        raise ValidationError(_("Choisissez une fin à venir, après le début."), code="ends_on")
    delegation = Delegation.objects.create(
        directorate=directorate, giver=by, holder=holder, starts_on=starts_on, ends_on=ends_on
    )
    record("delegation.given", delegation, by=by, dossier=directorate, starts_on=starts_on, ends_on=ends_on)
    return delegation


@transaction.atomic
def end(delegation: Delegation, *, by: User) -> None:
    """End the delegation before its last day."""
    if not rules.can_end_delegation(by, delegation):
        raise PermissionDenied
    if Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(ended_at=timezone.now()):
        record("delegation.ended", delegation, by=by, dossier=delegation.directorate)

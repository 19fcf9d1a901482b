"""Visas on the adopted text by those who act in an official capacity, by account or on paper."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.workflow import lock
from opinions.enums import OpinionVisaCapacity
from opinions.models import Opinion, OpinionVisa
from opinions.papers import rules
from opinions.queries.opinions import last_version
from sessions.sittings.enums import Via


@transaction.atomic
def give_visa(opinion: Opinion, capacity: OpinionVisaCapacity, *, by: User) -> OpinionVisa:
    """Approve the adopted text as chair or as rapporteur, for oneself, after a fresh proof of identity."""
    lock(opinion)
    if not rules.can_give_visa(by, opinion, capacity):
        raise PermissionDenied
    visa = _visa(opinion, capacity, via=Via.ACCOUNT)
    record("opinion.visa_given", opinion, by=by, capacity=capacity, text=visa.text_sha256)
    return visa


@transaction.atomic
def record_visa(opinion: Opinion, capacity: OpinionVisaCapacity, *, by: User) -> OpinionVisa:
    """Record the visa of somebody who signed on paper: it is shown as such."""
    lock(opinion)
    if not rules.can_record_visa(by, opinion):
        raise PermissionDenied
    visa = _visa(opinion, capacity, via=Via.PAPER, recorded_by=by)
    record(
        "opinion.visa_recorded",
        opinion,
        by=by,
        on_behalf_of=visa.person,
        capacity=capacity,
        text=visa.text_sha256,
    )
    return visa


def _visa(
    opinion: Opinion, capacity: OpinionVisaCapacity, *, via: Via, recorded_by: User | None = None
) -> OpinionVisa:
    """Return the visa on the last version, created if it is missing; a second click creates none.

    The caller holds the row lock of the opinion.
    """
    holder = rules.holder_of(opinion, capacity)
    version = last_version(opinion)
    if holder is None or version is None:
        raise ValidationError(
            _("Dites d’abord qui présidait la séance et qui est rapporteur de l’avis."), code="functions"
        )
    rows = OpinionVisa.objects.filter(opinion=opinion, capacity=capacity, voided_at=None)
    visa = rows.first()
    if visa is not None and visa.version_id == version.pk:
        return visa
    rows.update(voided_at=timezone.now())
    return OpinionVisa.objects.create(
        opinion=opinion,
        version=version,
        person_id=holder,
        capacity=capacity,
        given_at=timezone.now(),
        text_sha256=version.sha256,
        via=via,
        recorded_by=recorded_by,
    )

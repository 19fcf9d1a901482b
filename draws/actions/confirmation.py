"""Telephone calls that confirm a proposed mandate. The answer itself is a step of the mandate (`members`)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, check_first_today, distribute
from assembly.web.errors import StateConflict
from assembly.workflow import lock
from draws.draws import rules
from draws.draws.workflow.draw import DRAW
from draws.enums import CallOutcome
from draws.models import ConfirmationCall, Draw, Placement
from draws.models.confirmation_call import ANSWERS
from draws.queries.confirmation import awaited
from members.enums import MandateState

REMINDER = "drawn-reminder"


@transaction.atomic
def note_call(
    placement: Placement, *, by: User, outcome: CallOutcome, call_again_on: date | None = None
) -> ConfirmationCall:
    """Record a call about a mandate that has no answer yet. Raise StateConflict once it has one."""
    mandate = lock(placement.mandate)
    if not rules.can_prepare(by, mandate.term_id):
        raise PermissionDenied
    if mandate.state != MandateState.PROPOSED:
        raise StateConflict(mandate, "accept")
    if outcome in ANSWERS:
        call_again_on = None
    elif outcome == CallOutcome.LATER and call_again_on is None:
        raise ValidationError(_("Dites quel jour rappeler."), code="call_again_on")
    if call_again_on and call_again_on < timezone.localdate():
        raise ValidationError(_("Ce jour est passé."), code="call_again_on")
    call = ConfirmationCall.objects.create(placement=placement, outcome=outcome, call_again_on=call_again_on, by=by)
    record("mandate.called", mandate, by=by, outcome=outcome)
    return call


@DRAW.action("remind")
@transaction.atomic
def remind(draw: Draw, *, by: User) -> int:
    """Send a message to each person whose answer is awaited. Return the number of recipients.

    Raises ValidationError for the second time of a day.
    """
    step = DRAW.require(draw, "remind", by=by)
    key = f"{REMINDER}:{draw.pk}:{timezone.localdate()}"
    check_first_today(key)
    rows = awaited(draw).select_related("mandate__member__person").order_by("pk")
    distribution = distribute(
        REMINDER,
        draw,
        [Recipient(row.mandate.member.person, {"mandate": row.mandate_id}) for row in rows],
        by=by,
        title=_("Tirage %(reference)s : votre réponse est attendue") % {"reference": draw.reference},
        key=key,
        term=draw.term,
    )
    recipients = distribution.deliveries.count()
    DRAW.take(draw, step, by=by, facts={"recipients": recipients})
    return recipients

"""Actions of a call for candidates: prepare it, extend it, announce it to whoever asked for news of the next call."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Canton, Term
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.text.french import format_date
from assembly.workflow import StateConflict
from draws.calls import rules
from draws.calls.mails import NEXT_CALL
from draws.calls.queries import extensions_of
from draws.calls.workflow import CALL
from draws.models import Call, CallExtension, CallState, NextCallAddress


@transaction.atomic
def prepare(term: Term, *, by: User, **data: Any) -> Call:
    """Create or change the draft call of this term. Once it is open, its dates change by an extension only."""
    if not rules.can_prepare_call(by, term):
        raise PermissionDenied
    call = Call.objects.select_for_update(no_key=True).filter(term=term).first() or Call(term=term)
    if call.state != CallState.DRAFT:
        raise StateConflict(call, "prepare")
    for name, value in data.items():
        setattr(call, name, value)
    is_new = call.pk is None
    call.full_clean()
    call.save()
    record("call.prepared" if is_new else "call.changed", call, by=by, dossier=term)
    return call


@CALL.action("extend")
@transaction.atomic
def extend(
    call: Call,
    *,
    by: User,
    canton: Canton | None,
    closes_on: date,
    reason: str,
    decision: str = "",
    draw_on: date | None = None,
) -> CallExtension:
    """Extend the call, everywhere or in one canton: a decision that is recorded and never changed."""
    step = CALL.require(call, "extend", by=by)
    day = draw_on or call.draw_on
    check_extension(call, canton, closes_on, day)
    facts = {"canton": canton.pk if canton else None, "until": closes_on}
    CALL.take(call, step, by=by, reason=reason, facts=facts, draw_on=day)
    return CallExtension.objects.create(
        call=call,
        canton=canton,
        closes_on=closes_on,
        decision=decision,
        reason=reason,
        decided_by=by,
        decided_at=timezone.now(),
    )


def check_extension(call: Call, canton: Canton | None, closes_on: date, draw_on: date | None) -> None:
    if canton and canton.assembly_id != call.term.assembly_id:
        raise ValidationError(_("Ce canton n’existe pas ici."), code="canton")
    if closes_on < timezone.localdate():
        raise ValidationError(_("Ce jour est déjà passé."), code="closes_on")
    planned = rules.planned_last_day(call, extensions_of(call), canton.pk if canton else None)
    if closes_on <= planned:
        message = _("Le dernier jour y était déjà le %(day)s : choisissez un jour après celui-là.")
        raise ValidationError(message % {"day": format_date(planned, weekday=False)}, code="closes_on")
    if draw_on and draw_on <= closes_on:
        raise ValidationError(_("Le tirage vient après le dernier jour : reportez-le aussi."), code="draw_on")


@CALL.action("announce")
@transaction.atomic
def announce(call: Call, *, by: User) -> int:
    """Send the announcement of this call, once, to those who asked for it. Return the number of recipients."""
    CALL.transition(call, "announce", by=by)
    rows = NextCallAddress.objects.filter(assembly=call.term.assembly_id)
    recipients = [Recipient(None, {"address": pk}, mark=f"next-call:{pk}") for pk in rows.values_list("pk", flat=True)]
    distribute(
        NEXT_CALL,
        call,
        recipients,
        by=by,
        title=_("Annonce de l’appel à candidatures"),
        key=f"{NEXT_CALL}:{call.pk}",
        term=call.term,
        grows=True,
    )
    return len(recipients)


@transaction.atomic
def stop_news(address: NextCallAddress) -> None:
    NextCallAddress.objects.filter(pk=address.pk).delete()

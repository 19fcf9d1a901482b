"""Erasure of candidates on the days that were announced to them. Numbers stay, nobody in them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry
from assembly.institution.enums import TermState
from assembly.workflow.locks import lock
from draws.calls.rules import age_band
from draws.candidates.rules import CONFIRMED_WITHIN, NEWS_RETENTION, WITHDRAWN_RETENTION
from draws.enums import CandidateState
from draws.models import CallCount, Candidate, NextCallAddress

S = CandidateState
SUBJECT = "draws.Candidate"


def due(now: datetime) -> QuerySet[Candidate]:
    """Return the candidates whose announced day has come. A list that is frozen for a draw stays until its result."""
    rows = Candidate.objects.filter(erase_on__lte=timezone.localdate(now))
    return rows.exclude(state__in=[*S.tagged("seated"), S.IN_POOL]).select_related("call__term").order_by("pk")


def seated_due(now: datetime) -> QuerySet[Candidate]:
    """Return those who were drawn, and the alternates, once their term is over."""
    over = Q(call__term__state__in=TermState.tagged("ended"))
    over &= Q(call__term__ends_on__lt=timezone.localdate(now))
    return Candidate.objects.filter(over, state__in=S.tagged("seated")).select_related("call__term").order_by("pk")


def never_confirmed(now: datetime) -> QuerySet[Candidate]:
    """Return the forms that nobody confirmed in time."""
    return Candidate.objects.filter(state=S.UNCONFIRMED, received_at__lt=now - CONFIRMED_WITHIN).order_by("pk")


def withdrawn(now: datetime) -> QuerySet[Candidate]:
    """Return the candidatures withdrawn more than a month ago: until then a mistake can be undone."""
    gone = Entry.objects.filter(
        event_type="candidate.withdrawn", subject_type=SUBJECT, at__gte=now - WITHDRAWN_RETENTION
    )
    recent = [int(pk) for pk in gone.values_list("subject_id", flat=True)]
    rows = Candidate.objects.filter(state=S.WITHDRAWN).exclude(pk__in=recent)
    return rows.select_related("call__term").order_by("pk")


def old_news(now: datetime) -> QuerySet[NextCallAddress]:
    return NextCallAddress.objects.filter(agreed_on__lt=timezone.localdate(now) - NEWS_RETENTION)


@transaction.atomic
def erase_one(row: Candidate) -> None:
    """Count a candidate, save the address if it asked for the next call, and erase everything else."""
    row = lock(row)
    add_to_count(row)
    if row.wants_news and row.has_confirmed_address and row.consented_at:
        agreed = timezone.localdate(row.consented_at)
        NextCallAddress.objects.get_or_create(
            assembly_id=row.call.term.assembly_id, email=row.email, defaults={"agreed_on": agreed}
        )
    erase_row(row)


@transaction.atomic
def erase_row(row: Candidate) -> None:
    """Delete a candidate with everything that was typed about them, the reasons in the journal too."""
    lines = Entry.objects.filter(subject_type=SUBJECT, subject_id=str(row.pk), detail__erased_at=None)
    erase_details(lines.filter(detail__isnull=False).values_list("pk", flat=True), by=None)
    record("candidate.erased", row, by=None, state=row.state)
    Candidate.objects.filter(pk=row.pk).delete()


def add_to_count(row: Candidate) -> None:
    """Add a candidate to the count by canton, gender, age, occupation and channel."""
    features: dict[str, Any] = {
        name: getattr(row, name) for name in ("call", "canton", "gender", "occupation", "channel")
    }
    features["age_band"] = age_band(row.birth_date, row.call.day_of_age)
    counted, _is_new = CallCount.objects.get_or_create(**features)
    CallCount.objects.filter(pk=counted.pk).update(number=F("number") + 1)

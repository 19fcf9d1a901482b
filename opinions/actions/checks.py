"""The services' check: each directorate notes every recommendation, its approver gives a visa; no text is edited."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.ui.versioned import Versioned
from assembly.workflow import StateConflict
from opinions.actions import news
from opinions.actions.recommendations import sync_from_sections
from opinions.actions.steps import said, take
from opinions.enums import RecommendationState, ServicesCheckState
from opinions.models import Opinion, Recommendation, ServiceNote, ServicesRequest
from opinions.models.recommendation import OPEN_CHECKS, WRITABLE_CHECKS
from opinions.queries.checks import progress_of
from opinions.rules import checks as rules
from opinions.workflows.checks import CHECK

GRID = frozenset({"is_concerned", "competence", "feasibility", "existing_scheme", "cost", "body"})


NOTE = Versioned(by="saved_by", at="saved_at")


@transaction.atomic
def ask(opinion: Opinion, directorates: Iterable[Directorate], *, due_on: date, by: User) -> list[ServicesRequest]:
    """Ask these directorates to note every recommendation before a day."""
    wanted = list(dict.fromkeys(directorates))
    if due_on < timezone.localdate():
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    if not wanted or any(row.assembly_id != opinion.term.assembly_id or row.closed_on for row in wanted):
        raise ValidationError(_("Choisissez des directions de cette assemblée."), code="directorates")
    take(opinion, "ask_services", "opinion.services_asked", by=by)
    if not sync_from_sections(opinion, by=by):
        raise ValidationError(_("Les textes n’ont aucune préconisation à lire."), code="empty")
    return [request_one(opinion, directorate, due_on, by=by) for directorate in wanted]


def request_one(opinion: Opinion, directorate: Directorate, due_on: date, *, by: User) -> ServicesRequest:
    made = ServicesRequest.objects.create(
        opinion=opinion, directorate=directorate, due_on=due_on, asked_at=timezone.now(), asked_by=by
    )
    record("check.asked", made, by=by, dossier=opinion, directorate=directorate.pk, due_on=due_on)
    news.check_asked(made, by=by)
    return made


def lock_request(request: ServicesRequest, verb: str, by: User) -> None:
    """Wait for a colleague who acts on the same request; what it has become decides."""
    rows = ServicesRequest.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("opinion").get(pk=request.pk)
    request.state, request.opinion.state = found.state, found.opinion.state
    if not rules.holds_right(by, request, verb):
        raise PermissionDenied
    if not rules.can_take(by, request, verb):
        raise StateConflict(request, verb)


@transaction.atomic
def save(
    request: ServicesRequest, recommendation: Recommendation, values: dict[str, Any], *, version: int, by: User
) -> ServiceNote:
    """Keep one note; `version` is the one that was read, 0 for a new one. The second of two gets EditConflict."""
    if unknown := values.keys() - GRID:
        raise ValueError(f"not a part of the grid: {sorted(unknown)}")
    lock_request(request, "draft", by)
    if recommendation.opinion_id != request.opinion_id or recommendation.state != RecommendationState.ACTIVE:
        raise ValidationError(_("Cette préconisation n’est plus dans l’avis."), code="recommendation")
    found = ServiceNote.objects.filter(request=request, recommendation=recommendation).first()
    note = found or ServiceNote(request=request, recommendation=recommendation, version=0)
    if found is not None and found.version != version:
        raise NOTE.conflict(note, values)
    for name, value in values.items():
        setattr(note, name, value)
    note.version += 1
    note.saved_at, note.saved_by = timezone.now(), by
    note.full_clean()
    note.save()
    CHECK.move(request, "draft", reason="")
    record("check.noted", note, by=by, dossier=request.opinion, recommendation=recommendation.pk)
    return note


@transaction.atomic
def submit(request: ServicesRequest, *, by: User) -> None:
    """Every recommendation is noted: the approver reads."""
    lock_request(request, "submit", by)
    done, total = progress_of(request)
    if done < total:
        words = _("Il reste %(n)s préconisations à noter.") % {"n": total - done}
        raise ValidationError(words, code="missing")
    CHECK.move(request, "submit", submitted_at=timezone.now(), submitted_by=by, reason="")
    record("check.submitted", request, by=by, dossier=request.opinion)


@transaction.atomic
def validate(request: ServicesRequest, *, by: User) -> None:
    """The approver's visa: the notes are given, and said late when the day had gone by."""
    lock_request(request, "validate", by)
    late = request.due_on < timezone.localdate()
    CHECK.move(request, "validate", validated_at=timezone.now(), validated_by=by, was_late=late)
    record("check.validated", request, by=by, dossier=request.opinion, late=late)


@transaction.atomic
def send_back(request: ServicesRequest, *, reason: str, by: User) -> None:
    """The approver wants something else written."""
    words = said(reason)
    lock_request(request, "return", by)
    CHECK.move(request, "return", reason=words)
    record("check.returned", request, by=by, dossier=request.opinion, detail=words)


@transaction.atomic
def close(request: ServicesRequest, *, reason: str, by: User) -> None:
    """Wait no longer for this directorate."""
    words = said(reason)
    lock_request(request, "close", by)
    end(request, reason=words, by=by)


def end(request: ServicesRequest, *, reason: str, by: User | None) -> None:
    CHECK.move(request, "close", closed_at=timezone.now(), reason=reason)
    record("check.closed", request, by=by, dossier=request.opinion, detail=reason)


def close_all(opinion: Opinion, *, reason: str, by: User | None) -> None:
    """The text moves on: what was not given is not awaited any more. The caller has checked the right."""
    rows = ServicesRequest.objects.filter(opinion=opinion, state__in=OPEN_CHECKS).select_related("opinion")
    for request in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
        end(request, reason=reason, by=by)


@transaction.atomic
def change_due(request: ServicesRequest, due_on: date, *, by: User) -> None:
    """Give another day."""
    if not rules.can_follow(by, request):
        raise PermissionDenied
    if due_on < timezone.localdate():
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    former = request.due_on
    if not ServicesRequest.objects.filter(pk=request.pk, state__in=OPEN_CHECKS).update(due_on=due_on):
        raise StateConflict(request, "change_due")
    request.due_on = due_on
    record("check.due_changed", request, by=by, dossier=request.opinion, former=former, due_on=due_on)


@transaction.atomic
def remind(request: ServicesRequest, *, by: User) -> None:
    """Write again to those who are waited for, at most once a day."""
    if not rules.can_follow(by, request):
        raise PermissionDenied
    if request.state not in {*WRITABLE_CHECKS, ServicesCheckState.SUBMITTED}:
        raise StateConflict(request, "remind")
    ServicesRequest.objects.filter(pk=request.pk).update(reminded_at=timezone.now())
    news.check_reminded(request, by=by)
    record("check.reminded", request, by=by, dossier=request.opinion)

"""Check by the directorates: each notes every recommendation and its approver gives a visa, but no text is edited."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.web.versioned import Versioned
from assembly.workflow import lock
from consultations.reviews.actions.asking import check_at_work, columns_of_successor
from opinions import mails
from opinions.checks.models import ServicesCheckState
from opinions.checks.workflow import CHECK
from opinions.models import Opinion, Recommendation, RecommendationState, ServiceNote, ServicesRequest
from opinions.opinions.workflow import OPINION
from opinions.versions.actions import sync_from_sections

GRID = frozenset({"is_concerned", "competence", "feasibility", "existing_scheme", "cost", "body"})


NOTE = Versioned(by="saved_by", at="saved_at")


@OPINION.action("ask_services")
@transaction.atomic
def ask(opinion: Opinion, directorates: Iterable[Directorate], *, due_on: date, by: User) -> list[ServicesRequest]:
    """Ask these directorates to note every recommendation before a day."""
    unique_directorates = list(dict.fromkeys(directorates))
    check_at_work(unique_directorates)
    step = OPINION.require(opinion, "ask_services", by=by)
    if due_on < timezone.localdate():
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    if not unique_directorates or any(row.assembly_id != opinion.term.assembly_id for row in unique_directorates):
        raise ValidationError(_("Choisissez des directions de cette assemblée."), code="directorates")
    OPINION.take(opinion, step, by=by)
    if not sync_from_sections(opinion, by=by):
        raise ValidationError(_("Les textes n’ont aucune préconisation à lire."), code="empty")
    return [request_one(opinion, directorate, due_on, by=by) for directorate in unique_directorates]


def request_one(opinion: Opinion, directorate: Directorate, due_on: date, *, by: User) -> ServicesRequest:
    request = ServicesRequest.objects.create(
        opinion=opinion, directorate=directorate, due_on=due_on, asked_at=timezone.now(), asked_by=by
    )
    record("check.asked", request, by=by, dossier=opinion, directorate=directorate.pk, due_on=due_on)
    mails.send_check_request(request, by=by)
    return request


@transaction.atomic
def save(
    request: ServicesRequest, recommendation: Recommendation, values: dict[str, Any], *, version: int, by: User
) -> ServiceNote:
    """Save one note over `version` (0 for a new one); raise EditConflict when somebody saved it since it was read."""
    if unknown := values.keys() - GRID:
        raise ValueError(f"not a part of the grid: {sorted(unknown)}")
    step = CHECK.require(request, "draft", by=by)
    if recommendation.opinion_id != request.opinion_id or recommendation.state != RecommendationState.ACTIVE:
        raise ValidationError(_("Cette préconisation n’est plus dans l’avis."), code="recommendation")
    saved_note = ServiceNote.objects.filter(request=request, recommendation=recommendation).first()
    note = saved_note or ServiceNote(request=request, recommendation=recommendation, version=0)
    if saved_note is not None and saved_note.version != version:
        raise NOTE.conflict(note, values)
    for name, value in values.items():
        setattr(note, name, value)
    note.version += 1
    note.saved_at, note.saved_by = timezone.now(), by
    note.full_clean()
    note.save()
    CHECK.take(request, step, by=by)
    record("check.noted", note, by=by, dossier=request.opinion, recommendation=recommendation.pk)
    return note


@transaction.atomic
def pass_checks_to_successor(directorate: Directorate, *, by: User | None) -> None:
    """Give the open requests of a closed directorate to its successor at work, or close them.

    A successor that already reads the opinion goes on with its own request: the other one is closed, with its notes.
    """
    successor = columns_of_successor(directorate).get("directorate")
    if successor is not None and successor.closed_on:
        successor = None
    rows = ServicesRequest.objects.filter(directorate=directorate, state__in=ServicesCheckState.tagged("open"))
    for opinion in Opinion.objects.filter(pk__in=rows.values("opinion")).order_by("pk"):
        lock(opinion)
    for request in rows.select_related("opinion__term", "directorate").order_by("pk"):
        if successor is None:
            CHECK.follow(request, "close", by=by, reason=_("La direction est close."))
        elif is_reading(successor, request.opinion_id):
            reason = _("La direction est close ; %(successor)s lit déjà l’avis.") % {"successor": successor.name}
            CHECK.follow(request, "close", by=by, reason=reason)
        else:
            facts = {"before": directorate.pk, "after": successor.pk}
            CHECK.follow(request, "inherit", by=by, facts=facts, directorate=successor)
            mails.send_inherited_check(request, by=by)


def is_reading(directorate: Directorate, opinion: int) -> bool:
    return ServicesRequest.objects.filter(
        opinion=opinion, directorate=directorate, state__in=ServicesCheckState.tagged("open")
    ).exists()


def close_all(opinion: Opinion, *, reason: str, by: User | None) -> None:
    """Close the open requests, since the opinion goes on and no note is expected any more."""
    rows = ServicesRequest.objects.filter(opinion=opinion, state__in=ServicesCheckState.tagged("open")).order_by("pk")
    for request in rows.select_for_update(of=("self",), no_key=True):
        request.opinion = opinion
        CHECK.follow(request, "close", by=by, reason=reason)


@CHECK.action("change_due")
@transaction.atomic
def change_due(request: ServicesRequest, due_on: date, *, by: User) -> None:
    """Change the day on which the notes are due."""
    step = CHECK.require(request, "change_due", by=by)
    if due_on < timezone.localdate():
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    CHECK.take(request, step, by=by, facts={"before": request.due_on, "after": due_on}, due_on=due_on)


@CHECK.action("remind")
@transaction.atomic
def remind(request: ServicesRequest, *, by: User) -> None:
    """Write again to those whose step is next; raise ValidationError for the second time of a day."""
    CHECK.transition(request, "remind", by=by)
    mails.send_check_reminder(request, by=by)

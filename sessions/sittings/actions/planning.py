"""Planning of sittings, and facts entered after their day: held, not held, an undone step."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.dossiers.pages import CHANGED
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.institution.models import Committee, Term
from assembly.web.versioned import Versioned
from sessions.agenda import actions as agenda_actions
from sessions.agenda.queries import items_of, open_actions
from sessions.attendance import actions as attendance
from sessions.attendance.actions import NO_ABSENCE, check_end, check_planned, end_roll
from sessions.expenses.workflow import EXPENSE
from sessions.models import AgendaItem, AgendaKind, Attendance, Invitee, Sitting, SittingKind, SittingTemplate, Via
from sessions.signals import sitting_opening_undone, sitting_replaced
from sessions.sittings import rules
from sessions.sittings.queries.sittings import claims_here, stays_on_roll
from sessions.sittings.rules import is_during, is_within, series_of
from sessions.sittings.workflow import SITTING

EDITABLE = frozenset(
    {
        "title",
        "starts_at",
        "ends_at",
        "break_starts_at",
        "break_ends_at",
        "place_name",
        "place_address",
        "access_note",
        "video_link",
        "message",
        "offers_meal",
        "offers_childcare",
        "offers_transport",
        "is_public",
        "is_quorum_required",
        "chair",
        "secretary",
        "officer",
    }
)
COPIED = EDITABLE - {"starts_at", "ends_at", "break_starts_at", "break_ends_at", "officer", "message"}


SAVED = Versioned()


@transaction.atomic
def create(
    term: Term,
    *,
    kind: str,
    committee: Committee | None,
    by: User,
    lines: Iterable[Mapping[str, Any]] = (),
    follows: Sitting | None = None,
    **values: Any,
) -> Sitting:
    """Plan a sitting, assign its permanent reference, and write its agenda."""
    if not rules.can_create(by, term, committee):
        raise PermissionDenied
    series, year = series_of(committee), timezone.localtime(values["starts_at"]).year
    number = next_number(term.assembly, series, year)
    values.setdefault("officer", by)
    values.setdefault("is_quorum_required", kind == SittingKind.PLENARY)
    sitting = Sitting.objects.create(
        term=term, kind=kind, committee=committee, follows=follows, reference=f"{series}-{year}-{number:02d}", **values
    )
    record("sitting.created", sitting, by=by, reference=sitting.reference, starts_at=sitting.starts_at)
    agenda_actions.create_items(sitting, lines, by=by)
    propose_actions(sitting, by=by)
    return sitting


def propose_actions(sitting: Sitting, *, by: User) -> None:
    """Add the item of actions to the agenda if the last sittings of the same body left open actions."""
    if items_of(sitting, internal=True).filter(kind=AgendaKind.ACTIONS).exists():
        return
    if open_actions(sitting).exists():
        agenda_actions.add_actions_item(sitting, by=by)


@transaction.atomic
def copy(source: Sitting, *, by: User, **values: Any) -> Sitting:
    """Plan the next sitting of the same body like this one: venue, offers and agenda, but not its documents."""
    fields = {name: getattr(source, name) for name in COPIED} | values
    return create(
        source.term, kind=source.kind, committee=source.committee, by=by, lines=agenda_lines(source), **fields
    )


def agenda_lines(sitting: Sitting) -> list[dict[str, Any]]:
    """Return the agenda as template lines, without actions and approvals, created anew for each sitting."""
    excluded_kinds = (AgendaKind.ACTIONS, AgendaKind.MINUTES_APPROVAL)
    return [
        {
            "title": item.title,
            "kind": item.kind,
            "minutes": item.minutes,
            "depth": 1 if item.parent_id else 0,
            "is_internal": item.is_internal,
            "speaker": item.speaker,
        }
        for item in items_of(sitting, internal=True)
        if item.kind not in excluded_kinds
    ]


@transaction.atomic
def edit(sitting: Sitting, *, version: int, by: User, **values: Any) -> Sitting:
    """Correct the sitting; raise EditConflict when somebody saved it since `version` was read."""
    if not rules.can_edit(by, sitting):
        raise PermissionDenied
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changed = sorted(name for name, value in values.items() if getattr(sitting, name) != value)
    if not changed and version == sitting.version:
        return sitting
    SAVED.save(sitting, values, version=version, state=sitting.state)
    sitting.refresh_from_db()
    record("sitting.corrected", sitting, by=by, fields=changed)
    return sitting


@transaction.atomic
def save_template(sitting: Sitting, *, name: str, by: User) -> SittingTemplate:
    """Save the agenda and the offers of this sitting as a template, replacing one of the same name."""
    if not rules.can_create(by, sitting.term, sitting.committee):
        raise PermissionDenied
    template, _is_new = SittingTemplate.objects.update_or_create(
        term=sitting.term,
        name=name,
        defaults={
            "kind": sitting.kind,
            "agenda": agenda_lines(sitting),
            "offers_meal": sitting.offers_meal,
            "offers_childcare": sitting.offers_childcare,
            "offers_transport": sitting.offers_transport,
        },
    )
    record("template.saved", template, by=by, dossier=sitting)
    return template


@transaction.atomic
def hand_over(sittings: Iterable[Sitting], *, to: User, by: User) -> int:
    """Assign these sittings to another officer, when an agent leaves, and return their number."""
    count = 0
    for sitting in sittings:
        Sitting.objects.filter(pk=sitting.pk).update(officer=to, version=F("version") + 1)
        record("sitting.handed_over", sitting, by=by, to=to.pk)
        count += 1
    return count


def first_lines() -> list[dict[str, Any]]:
    """Return the items that a blank agenda starts with."""
    return [
        {"title": _("Accueil et ouverture"), "kind": AgendaKind.OPENING, "minutes": 15, "depth": 0},
        {"title": _("Questions diverses"), "kind": AgendaKind.OTHER, "minutes": 15, "depth": 0},
    ]


@SITTING.action("hold")
@transaction.atomic
def hold(
    sitting: Sitting,
    *,
    opened_at: datetime,
    closed_at: datetime,
    shown: Collection[int],
    away: Collection[int],
    by: User,
    reason: str = "",
) -> int:
    """Record a sitting that took place and that nobody opened: its hours, and everybody `shown` except `away`.

    Returns the number of people present. Raises ValidationError « changed » when other people are expected now.
    """
    step, now = SITTING.require(sitting, "hold", by=by), timezone.now()
    if not is_during(opened_at, sitting.starts_at):
        raise ValidationError(_("Cette heure n’est pas du jour de la séance."), code="opened")
    expected = Invitee.objects.expected().filter(sitting=sitting).order_by("pk")
    if {invitee.pk for invitee in expected} != set(shown):
        text = _("La liste des personnes convoquées a changé depuis que vous l’avez lue. Relisez-la.")
        raise ValidationError(text, code=CHANGED)
    came = [invitee for invitee in expected if invitee.pk not in set(away)]
    if not came:
        raise ValidationError(
            _("Personne n’est noté présent\u00a0: notez plutôt qu’elle n’a pas eu lieu."), code="away"
        )
    sitting.opened_at = opened_at
    check_end(sitting, closed_at)
    hours_planned = (sitting.starts_at, sitting.ends_at)
    check_planned(sitting, is_within(opened_at, *hours_planned) and is_within(closed_at, *hours_planned), reason)
    hours = {"opened_at": opened_at, "closed_at": closed_at}
    recorded = {"recorded_at": now, "recorded_by": by, "hours_reason": reason.strip()}
    SITTING.take(sitting, step, by=by, reason=reason, facts={**hours, "people": len(came)}, **hours, **recorded)
    Attendance.objects.bulk_create(
        Attendance(invitee=each, arrived_at=opened_at, left_at=closed_at, via=Via.PAPER, recorded_by=by)
        for each in came
    )
    Invitee.objects.filter(pk__in=[invitee.pk for invitee in came]).update(**NO_ABSENCE)
    record("attendance.copied", sitting, by=by, people=len(came))
    end_roll(sitting)
    attendance.update_alerts(sitting)
    return len(came)


@SITTING.action("note_not_held")
@transaction.atomic
def note_not_held(sitting: Sitting, *, reason: str, by: User) -> None:
    """Record that the sitting did not take place: nobody is absent, and its votes move to another sitting."""
    SITTING.transition(sitting, "note_not_held", by=by, reason=reason)
    erase_hours(sitting)
    sitting_replaced.send(Sitting, sitting=sitting, follower=None, by=by)


@SITTING.action("reopen")
@transaction.atomic
def reopen(sitting: Sitting, *, reason: str, by: User) -> None:
    """Undo a closing: the sitting goes on, and the people present when it closed are present again."""
    step, former = SITTING.require(sitting, "reopen", by=by), sitting.closed_at
    SITTING.take(sitting, step, by=by, reason=reason, facts={"closed_at": former})
    stays_on_roll(sitting).filter(left_at=former).update(left_at=None)
    AgendaItem.objects.filter(sitting=sitting, closed_at=former, removed_at=None).update(closed_at=None)
    Invitee.objects.filter(sitting=sitting, is_absence_derived=True).update(**NO_ABSENCE)
    attendance.update_alerts(sitting)


@SITTING.action("undo_opening")
@transaction.atomic
def undo_opening(sitting: Sitting, *, reason: str, by: User) -> None:
    """Undo an opening: the sitting is a coming one again, its roll is voided and the hours of its items erased."""
    step, opened_at = SITTING.require(sitting, "undo_opening", by=by), sitting.opened_at
    SITTING.take(sitting, step, by=by, reason=reason, facts={"opened_at": opened_at})
    if count := stays_on_roll(sitting).update(voided_at=timezone.now()):
        record("attendance.set_aside", sitting, by=by, stays=count)
    erase_hours(sitting)
    for claim in claims_here(sitting).select_related("term", "invitee__person"):
        EXPENSE.follow(claim, "lapse", by=by, reason=reason)
    sitting_opening_undone.send(Sitting, sitting=sitting, opened_at=opened_at, by=by)


def erase_hours(sitting: Sitting) -> None:
    """Erase the hours of the items and the derived absences; the audit log still records them."""
    AgendaItem.objects.filter(sitting=sitting).update(opened_at=None, closed_at=None)
    Invitee.objects.filter(sitting=sitting, is_absence_derived=True).update(**NO_ABSENCE)

"""Planning of sittings: create, copy, correct, hand over."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.actions.numbering import next_number
from assembly.institution.models import Committee, Term
from assembly.web.versioned import Versioned
from sessions.agenda import actions as agenda_actions
from sessions.agenda.queries import items_of, open_actions
from sessions.enums import AgendaKind, SittingKind
from sessions.models import Sitting, SittingTemplate
from sessions.rules.numbering import series_of
from sessions.sittings import rules

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

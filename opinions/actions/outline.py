"""The plan: sections proposed from the groups of the referral, then named, ordered, confided."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.enums import TextState
from assembly.identity.models import User
from assembly.institution.models import Committee
from assembly.workflow import lock
from opinions.actions.opinions import give_text
from opinions.enums import OpinionState
from opinions.models import Opinion, OpinionSection
from opinions.queries.opinions import sections_of
from opinions.rules import opinions as rules

FIELDS = frozenset({"title", "guidance", "committee", "lead", "rapporteur"})


def lock_planned_opinion(opinion: Opinion, by: User) -> Opinion:
    """One hand at a time arranges a plan; what the opinion has become decides."""
    lock(opinion)
    if not rules.can_plan(by, opinion):
        raise PermissionDenied
    return opinion


def of_term(committee: Committee | None, opinion: Opinion) -> Committee | None:
    if committee is not None and (committee.term_id != opinion.term_id or committee.closed_on is not None):
        raise ValidationError(_("Choisissez un groupe ouvert de cette mandature."), code="committee")
    return committee


@transaction.atomic
def add(
    opinion: Opinion, *, title: str, committee: Committee | None = None, guidance: str = "", by: User
) -> OpinionSection:
    """A section at the end; once the groups write, it gets its text at once."""
    lock_planned_opinion(opinion, by)
    rows = OpinionSection.objects.filter(opinion=opinion)
    section = OpinionSection.objects.create(
        opinion=opinion,
        position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1,
        title=title.strip(),
        guidance=guidance.strip(),
        committee=of_term(committee, opinion),
    )
    record("section.added", section, by=by, dossier=opinion)
    if opinion.state == OpinionState.DRAFTING:
        give_text(section, by=by)
    return section


@transaction.atomic
def change(section: OpinionSection, *, by: User, **values: Any) -> None:
    """Another name, another group, who leads it, who reports on it."""
    lock_planned_opinion(section.opinion, by)
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"not editable: {sorted(unknown)}")
    of_term(values.get("committee"), section.opinion)
    changed = sorted(name for name, value in values.items() if getattr(section, name) != value)
    if changed:
        OpinionSection.objects.filter(pk=section.pk, removed_at=None).update(**values)
        section.refresh_from_db(fields=changed)
        record("section.changed", section, by=by, dossier=section.opinion, fields=changed)


@transaction.atomic
def move(section: OpinionSection, *, up: bool, by: User) -> None:
    """One place up or down; at the end of the row nothing moves."""
    opinion = lock_planned_opinion(section.opinion, by)
    rows = sections_of(opinion)
    place = next((index for index, row in enumerate(rows) if row.pk == section.pk), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        OpinionSection.objects.filter(pk=row.pk).exclude(position=position).update(position=position)
    record("section.moved", section, by=by, dossier=opinion, up=up)


@transaction.atomic
def remove(section: OpinionSection, *, by: User) -> None:
    """Take it out of the plan: its text is frozen and kept."""
    opinion = lock_planned_opinion(section.opinion, by)
    if not OpinionSection.objects.filter(pk=section.pk, removed_at=None).update(removed_at=timezone.now()):
        return
    if section.text is not None and section.text.state != TextState.FROZEN:
        texts.freeze(section.text, label=_("Partie retirée du plan"), by=by)
    record("section.removed", section, by=by, dossier=opinion)

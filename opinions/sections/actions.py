"""The plan of an opinion (sections named, ordered, assigned), and the validation of each text by its group."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.models import TextState
from assembly.identity.models import User
from assembly.institution.models import Committee
from assembly.web.errors import EditConflict
from assembly.web.outline import PastedLine
from assembly.web.versioned import fingerprint_of
from assembly.workflow import StateConflict, lock
from opinions import mails
from opinions.models import Opinion, OpinionSection, OpinionState, SectionState, ValidationMode
from opinions.opinions import rules
from opinions.opinions.actions import give_text
from opinions.opinions.rules import Votes
from opinions.opinions.workflow import OPINION
from opinions.sections.workflow import SECTION, check_decided
from opinions.versions.actions import write_versions

FIELDS = frozenset({"title", "guidance", "committee", "lead", "rapporteur"})


def lock_planned_opinion(opinion: Opinion, by: User) -> Opinion:
    """Lock the opinion so that one person at a time changes its plan; the right is checked on its present state."""
    lock(opinion)
    if not rules.can_plan(by, opinion):
        raise PermissionDenied
    return opinion


def of_term(committee: Committee | None, opinion: Opinion) -> Committee | None:
    if committee is not None and (committee.term_id != opinion.term_id or committee.closed_on is not None):
        raise ValidationError(_("Choisissez un groupe ouvert de cette mandature."), code="committee")
    return committee


def mark(section: OpinionSection) -> str:
    """Return a short fingerprint of the values that a form showed of a section."""
    return fingerprint_of(section, {"title", "guidance", "committee_id", "lead_id", "rapporteur_id", "removed_at"})


def keys_of(opinion: Opinion, **where: Any) -> list[int]:
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None, **where)
    return list(rows.order_by("position", "pk").values_list("pk", flat=True))


def write_order(keys: Sequence[int]) -> None:
    """Number the sections from 1."""
    for position, pk in enumerate(keys, start=1):
        OpinionSection.objects.filter(pk=pk).exclude(position=position).update(position=position)


@transaction.atomic
def add(
    opinion: Opinion,
    *,
    title: str,
    committee: Committee | None = None,
    guidance: str = "",
    after: int | None = None,
    by: User,
) -> OpinionSection:
    """Add a section below the one with key `after`, or at the end; once the groups write, it gets its text at once."""
    lock_planned_opinion(opinion, by)
    row = {"title": title.strip(), "guidance": guidance.strip(), "committee": of_term(committee, opinion)}
    return insert(opinion, [row], after=after, by=by)[0]


def insert(opinion: Opinion, rows: Iterable[dict[str, Any]], *, after: int | None, by: User) -> list[OpinionSection]:
    """Insert new sections below another; if that one is removed since, where it was."""
    keys = keys_of(opinion)
    edge = OpinionSection.objects.filter(opinion=opinion, pk=after or 0).values_list("position", flat=True).first()
    place = len(keys) if edge is None else len(keys_of(opinion, position__lte=edge))
    sections = [OpinionSection.objects.create(opinion=opinion, position=place + 1, **row) for row in rows]
    write_order([*keys[:place], *(section.pk for section in sections), *keys[place:]])
    for section in sections:
        record("section.added", section, by=by, dossier=opinion)
        if opinion.state == OpinionState.DRAFTING:
            give_text(section, by=by)
    return sections


@transaction.atomic
def paste(
    opinion: Opinion, lines: Iterable[PastedLine], *, after: int | None = None, by: User
) -> list[OpinionSection]:
    """Add a list at once, all its sections or none, each for the team."""
    lock_planned_opinion(opinion, by)
    return insert(opinion, [{"title": line.title} for line in lines], after=after, by=by)


@transaction.atomic
def duplicate(section: OpinionSection, *, by: User) -> OpinionSection:
    """Copy a section below itself, for the same group, with an empty text."""
    opinion = lock_planned_opinion(section.opinion, by)
    row = {"title": section.title, "guidance": section.guidance, "committee": section.committee}
    return insert(opinion, [row], after=section.pk, by=by)[0]


@transaction.atomic
def change(section: OpinionSection, *, by: User, seen: str | None = None, **values: Any) -> None:
    """Change the title, the guidance, the group, the lead or the rapporteur of a section.

    Raises EditConflict when somebody saved or removed it since it was `seen`. Saving again with the new mark restores
    a removed section.
    """
    lock_planned_opinion(section.opinion, by)
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"not editable: {sorted(unknown)}")
    section.refresh_from_db(fields=[*FIELDS, "removed_at"])
    if seen is not None and seen != mark(section):
        raise EditConflict(section, values, version=mark(section))
    if section.removed_at is not None and seen is not None:
        restore(section, by=by)
    changed = sorted(name for name, value in values.items() if getattr(section, name) != value)
    if "committee" in changed:
        of_term(values["committee"], section.opinion)
    if changed:
        OpinionSection.objects.filter(pk=section.pk, removed_at=None).update(**values)
        section.refresh_from_db(fields=changed)
        record("section.changed", section, by=by, dossier=section.opinion, fields=changed)


@transaction.atomic
def reorder(section: OpinionSection, *, up: bool, by: User) -> None:
    """Move a section one place up or down; at either end nothing changes."""
    opinion = lock_planned_opinion(section.opinion, by)
    keys = keys_of(opinion)
    if section.pk not in keys:
        return
    place = keys.index(section.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(keys):
        return
    keys[place], keys[other] = keys[other], keys[place]
    write_order(keys)
    record("section.moved", section, by=by, dossier=opinion, up=up)


@transaction.atomic
def arrange(opinion: Opinion, keys: Sequence[int], *, by: User) -> None:
    """Write the whole order at once (drag and drop); raise StateConflict if a section was added or removed since."""
    lock_planned_opinion(opinion, by)
    before = keys_of(opinion)
    if sorted(before) != sorted(keys):
        raise StateConflict(opinion, "arrange")
    if before != list(keys):
        write_order(keys)
        record("section.moved", opinion, by=by, order=list(keys))


@transaction.atomic
def restore(section: OpinionSection, *, by: User) -> None:
    """Restore a section in its place; its text may be written again, or commented if the group had validated it."""
    opinion = lock_planned_opinion(section.opinion, by)
    section.refresh_from_db(fields=["removed_at", "position", "state", "text"])
    if section.removed_at is None:
        return
    keys = keys_of(opinion)
    place = len(keys_of(opinion, position__lt=section.position))
    OpinionSection.objects.filter(pk=section.pk).update(removed_at=None)
    section.removed_at = None
    write_order([*keys[:place], section.pk, *keys[place:]])
    record("section.reinstated", section, by=by, dossier=opinion)
    if section.text is not None and section.text.state == TextState.FROZEN:
        texts.open_again(section.text, by=by)
        if section.state == SectionState.VALIDATED:
            texts.annotate(section.text, by=by)
    elif section.text is None and opinion.state == OpinionState.DRAFTING:
        give_text(section, by=by)


@transaction.atomic
def remove(section: OpinionSection, *, by: User) -> None:
    """Take a section out of the plan; its text is frozen and retained until it comes back."""
    opinion = lock_planned_opinion(section.opinion, by)
    if not OpinionSection.objects.filter(pk=section.pk, removed_at=None).update(removed_at=timezone.now()):
        return
    if section.text is not None and section.text.state != TextState.FROZEN:
        texts.freeze(section.text, label=_("Partie retirée du plan"), by=by)
    record("section.removed", section, by=by, dossier=opinion)


@SECTION.action("validate")
@transaction.atomic
def validate(section: OpinionSection, *, on: date, votes: Votes | None = None, by: User) -> None:
    """Record that the group validated its text, without objection or by these votes; comments stay possible."""
    step = SECTION.require(section, "validate", by=by)
    if on > timezone.localdate():
        raise ValidationError(_("Choisissez une date passée."), code="on")
    if votes is not None and votes.votes_for <= votes.votes_against:
        raise ValidationError(_("Un texte validé a plus de voix pour que de voix contre."), code="votes_for")
    mode = ValidationMode.VOTE if votes else ValidationMode.CONSENT
    counts = asdict(votes) if votes else {}
    facts = {"on": on, "mode": mode, **counts}
    SECTION.take(section, step, by=by, facts=facts, validated_on=on, validation_mode=mode, **counts)
    if section.text is not None:
        if section.text.state == TextState.OPEN:
            texts.annotate(section.text, by=by)
        # Nobody writes any more, so suggestions that were made until now are included in this check.
        check_decided(section.text)
        write_versions([section.text], label=_("Validé par le groupe"), by=by)
    mails.announce_validation(section, by=by)
    rows = OpinionSection.objects.filter(opinion=section.opinion, removed_at=None)
    if not rows.exclude(state=SectionState.VALIDATED).exists():
        OPINION.follow(section.opinion, "validate", by=by)


@SECTION.action("reopen")
@transaction.atomic
def reopen(section: OpinionSection, *, reason: str, by: User) -> None:
    """Let the group write again, while other groups still write."""
    SECTION.transition(section, "reopen", by=by, reason=reason)
    if section.text is not None and section.text.state != TextState.OPEN:
        texts.open_again(section.text, by=by)

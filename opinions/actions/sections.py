"""A group says that its text is ready, by consent or by a vote; the last one moves the whole opinion on."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.enums import TextState
from assembly.collab.models import SharedText
from assembly.collab.queries.texts import tree_of
from assembly.identity.models import User
from assembly.workflow import StateConflict
from opinions.actions import news
from opinions.actions.opinions import NOT_VALIDATED
from opinions.actions.steps import said, step, write_versions
from opinions.enums import OpinionState, SectionState, ValidationMode
from opinions.models import Opinion, OpinionSection
from opinions.queries.opinions import leads, open_suggestions
from opinions.rules import opinions as rules
from opinions.rules.trees import check_printable
from opinions.workflows.opinions import SECTION


@dataclass(frozen=True)
class Votes:
    """A show of hands in a group."""

    votes_for: int
    votes_against: int
    abstentions: int


@transaction.atomic
def validate(section: OpinionSection, *, on: date, votes: Votes | None = None, by: User) -> None:
    """Note that the group found its text ready, without objection or by these votes; comments stay possible."""
    opinion = lock_drafting_opinion(section.opinion, "validate")
    known = leads(section)
    if not rules.can_validate_section(by, section, known):
        raise PermissionDenied
    check_ready(section, on, votes)
    counts = votes.__dict__ if votes else {}
    SECTION.move(
        section,
        "validate",
        validated_on=on,
        validation_mode=ValidationMode.VOTE if votes else ValidationMode.CONSENT,
        validated_by=by,
        is_on_behalf=not rules.leads_group(by, section, known),
        **counts,
    )
    record("section.validated", section, by=by, dossier=opinion, on=on, mode=section.validation_mode, **counts)
    if section.text is not None:
        if section.text.state == TextState.OPEN:
            texts.annotate(section.text, by=by)
        # Nobody writes any more: what was proposed meanwhile is seen too.
        check_decided(section.text)
        write_versions([section.text], label=_("Validé par le groupe"), by=by)
    news.section_validated(section, by=by)
    if not waited(opinion):
        step(opinion, "validate", "opinion.validated", by=by)


def lock_drafting_opinion(opinion: Opinion, verb: str) -> Opinion:
    """Two groups that validate at once follow each other: one of them is the last."""
    held = Opinion.objects.select_for_update(of=("self",), no_key=True).only("state").get(pk=opinion.pk)
    if held.state != OpinionState.DRAFTING:
        raise StateConflict(held, verb)
    opinion.state = held.state
    return opinion


def check_ready(section: OpinionSection, on: date, votes: Votes | None) -> None:
    if on > timezone.localdate():
        raise ValidationError(_("Choisissez une date passée."), code="on")
    if votes is not None and votes.votes_for <= votes.votes_against:
        raise ValidationError(_("Un texte validé a plus de voix pour que de voix contre."), code="votes")
    if section.text is not None:
        check_decided(section.text)
        check_printable(tree_of(section.text))


def check_decided(text: SharedText) -> None:
    """No proposition waits in the text."""
    if waiting := open_suggestions(text):
        words = ngettext(
            "%(n)s proposition attend une décision dans le texte : acceptez-la ou refusez-la d’abord.",
            "%(n)s propositions attendent une décision dans le texte : acceptez-les ou refusez-les d’abord.",
            waiting,
        )
        raise ValidationError(words % {"n": waiting}, code="suggestions")


def waited(opinion: Opinion) -> bool:
    """Some group has not validated."""
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None)
    return rows.exclude(state=SectionState.VALIDATED).exists()


@transaction.atomic
def reopen(section: OpinionSection, *, reason: str, by: User) -> None:
    """The group writes again, while others still do."""
    words = said(reason)
    opinion = lock_drafting_opinion(section.opinion, "reopen")
    if not rules.can_reopen_section(by, section, leads(section)):
        raise PermissionDenied
    SECTION.move(section, "reopen", **NOT_VALIDATED)
    if section.text is not None and section.text.state != TextState.OPEN:
        texts.open_again(section.text, by=by)
    record("section.reopened", section, by=by, dossier=opinion, detail=words)

"""Validation of a text by its group, by consent or by a vote; the last validation moves the whole opinion on."""

from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.collab.actions import texts
from assembly.collab.enums import TextState
from assembly.identity.models import User
from opinions.actions import news
from opinions.actions.versions import write_versions
from opinions.enums import SectionState, ValidationMode
from opinions.models import Opinion, OpinionSection
from opinions.opinions.rules import Votes
from opinions.opinions.workflow import OPINION
from opinions.sections.workflow import SECTION, check_decided


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
    news.announce_validation(section, by=by)
    if not has_unvalidated_section(section.opinion):
        OPINION.follow(section.opinion, "validate", by=by)


def has_unvalidated_section(opinion: Opinion) -> bool:
    """Return whether a group has not validated its text yet."""
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None)
    return rows.exclude(state=SectionState.VALIDATED).exists()


@SECTION.action("reopen")
@transaction.atomic
def reopen(section: OpinionSection, *, reason: str, by: User) -> None:
    """Let the group write again, while other groups still write."""
    SECTION.transition(section, "reopen", by=by, reason=reason)
    if section.text is not None and section.text.state != TextState.OPEN:
        texts.open_again(section.text, by=by)

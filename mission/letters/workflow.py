"""A letter leaves once, when a person says so. The README of the mission carries the same table."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from assembly.ui.words import Label
from mission.letters.enums import LetterState
from mission.registers.moves import Move


def letter_leaves(
    *,
    label: Label,
    question: Label,
    done: Label,
    says: Label,
    guards: tuple[Callable[[Any], None], ...],
    lines: Callable[[Any], Iterable[Label]],
    send_out: Callable[[Any, Any], None],
) -> Move:
    """The step that sends it: `send_out(letter, by)` queues the mails, in the transaction."""
    return Move(
        slug="envoyer",
        verb="send",
        sources={LetterState.DRAFT},
        target=LetterState.SENT,
        label=label,
        question=question,
        done=done,
        says=says,
        participle="sent",
        guards=guards,
        changes=lambda letter, taken: {"sent_at": timezone.now()},
        then=lambda letter, taken: send_out(letter, taken.by),
        lines=lines,
        primary=True,
    )

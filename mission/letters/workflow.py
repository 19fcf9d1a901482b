"""A letter leaves once, when a person says so. The README of the mission carries the same table."""

from collections.abc import Callable, Iterable
from typing import Any

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
        "send",
        {LetterState.DRAFT},
        LetterState.SENT,
        participle="sent",
        guards=guards,
        when_column="sent_at",
        then=lambda letter, taken: send_out(letter, taken.by),
    ).page("envoyer", label, says, question, done, lines=lines)

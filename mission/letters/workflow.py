"""Workflow of a letter: a person sends it, once. The README of the mission has the same table."""

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
    """Return the step that sends a letter: `send_out(letter, by)` queues the mails, in the transaction."""
    return Move(
        "send",
        {LetterState.DRAFT},
        LetterState.SENT,
        participle="sent",
        guards=guards,
        when_column="sent_at",
        then=lambda letter, taken: send_out(letter, taken.by),
    ).page("envoyer", label, says, question, done, lines=lines)

"""Workflow of a letter: a person sends it, once. The README of the mission has the same table."""

from collections.abc import Callable, Iterable
from typing import Any

from assembly.ui.french import Label
from mission.letters.enums import LetterState
from mission.registers.steps import RegisterStep


def send_step(
    *,
    label: Label,
    question: Label,
    success_message: Label,
    history_text: Label,
    guards: tuple[Callable[[Any], None], ...],
    consequences: Callable[[Any], Iterable[Label]],
    send_out: Callable[[Any, Any], None],
) -> RegisterStep:
    """Return the step that sends a letter: `send_out(letter, by)` queues the mails, in the transaction."""
    return RegisterStep(
        "send",
        {LetterState.DRAFT},
        LetterState.SENT,
        participle="sent",
        guards=guards,
        when_column="sent_at",
        then=lambda letter, taken: send_out(letter, taken.by),
    ).page("envoyer", label, history_text, question, success_message, consequences=consequences)

"""Form and step of a letter: editable until a person sends it, once. The README of the mission has the table."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.text.french import Label
from assembly.workflow import Step
from mission.letters.models import LetterState
from mission.registers.forms import RegisterForm
from mission.registers.rules import TEAM

BODY_HELP = _("« ## » commence un titre, « ### » une information, « - » une ligne de liste.")


class LetterForm(RegisterForm):
    """Form of a letter, with a tall text field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 24


def send_step(
    *,
    label: Label,
    question: Label,
    success_message: Label,
    history_text: Label,
    guards: tuple[Callable[[Any], None], ...],
    consequences: Callable[[Any], Iterable[Label]],
    send_out: Callable[[Any, Any], None],
) -> Step[Any]:
    """Return the step that sends a letter: `send_out(letter, by)` queues the mails, in the transaction."""
    return Step(
        "send",
        {LetterState.DRAFT},
        LetterState.SENT,
        TEAM,
        event_type="sent",
        history_text=history_text,
        guards=guards,
        when_column="sent_at",
        then=lambda letter, taken: send_out(letter, taken.by),
        slug="envoyer",
        label=label,
        question=question,
        success_message=success_message,
        consequences=consequences,
    )

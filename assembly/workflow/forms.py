"""Forms of steps, bound to the row that the step is about and to the person who takes it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.text.french import Label
from assembly.web.forms import StyledForm, text_box


class StepForm(StyledForm):
    """Form of a step on `row`, taken by `user`; its cleaned fields are the keyword arguments of the step's action.

    `prefilled`: fields that show first what the column of the same name holds.
    """

    prefilled: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Any, user: Any, **kwargs: Any) -> None:
        self.row = row
        self.user = user
        super().__init__(*args, **kwargs)
        for name in self.prefilled:
            self.initial.setdefault(name, row.serializable_value(name))

    def consequences(self) -> Iterable[Label]:
        """Return the consequences that only the form knows; read to show the page, not by a step that succeeds."""
        return ()


class ReasonForm(StepForm):
    """Form for the reason of a step, which goes to the journal and to those whom the step notifies."""

    reason = text_box(_("Pourquoi ?"), 1000, 3)

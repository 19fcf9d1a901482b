"""Forms of steps: they know the row that the step is about, and who asks."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.ui.forms import StyledForm, text_box
from assembly.ui.words import Label


class StepForm(StyledForm):
    """`row`: the object of the step; `user`: who takes it. What it asks is handed to `StepPage.run` as `data`."""

    def __init__(self, *args: Any, row: Any, user: User, **kwargs: Any) -> None:
        self.row = row
        self.user = user
        super().__init__(*args, **kwargs)

    def lines(self) -> Iterable[Label]:
        """What follows, where only the form knows: asked for when the page is shown, never by a step that succeeds."""
        return ()


class ReasonForm(StepForm):
    """Why. The words go to the journal, and to whoever the step tells."""

    reason = text_box(_("Pourquoi ?"), 1000, 3)

"""Forms of steps: they know the row that the step is about, and who asks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.ui.forms import StyledForm
from assembly.ui.printable import check_text


class StepForm(StyledForm):
    """`row`: the object of the step; `user`: who takes it. What it asks is handed to `StepPage.run` as `data`.

    `mended_by`: the field at which a refusal is said, by the code of the refusal, where the code is not its name.
    """

    mended_by: Mapping[str, str] = {}

    def __init__(self, *args: Any, row: Any, user: User, **kwargs: Any) -> None:
        self.row = row
        self.user = user
        super().__init__(*args, **kwargs)


class ReasonForm(StepForm):
    """Why. The words go to the journal, and to whoever the step tells."""

    reason = forms.CharField(
        label=_("Motif"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}), validators=[check_text]
    )

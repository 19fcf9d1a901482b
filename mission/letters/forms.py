"""The form of a letter: open until it leaves."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mission.letters.enums import LetterState
from mission.registers.forms import RegisterForm

BODY_HELP = _("« ## » commence un titre, « ### » une information, « - » une ligne de liste.")


class LetterForm(RegisterForm):
    """A letter that left is not corrected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 24

    def clean(self) -> dict[str, Any]:
        if self.instance.state == LetterState.SENT:
            raise ValidationError(gettext("Cette lettre est partie : elle ne change plus."), code="sent")
        return super().clean() or self.cleaned_data

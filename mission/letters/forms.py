"""Form of a letter: editable until it is sent."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mission.registers.forms import RegisterForm

BODY_HELP = _("« ## » commence un titre, « ### » une information, « - » une ligne de liste.")


class LetterForm(RegisterForm):
    """Form of a letter, with a tall text field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 24

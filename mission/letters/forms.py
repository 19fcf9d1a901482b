"""The form of a letter: open until it leaves."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mission.registers.forms import RegisterForm

BODY_HELP = _("« ## » commence un titre, « ### » une information, « - » une ligne de liste.")


class LetterForm(RegisterForm):
    """Its text, with room for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 24

"""Forms of the team; periods are typed as months."""

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mission.registers.forms import RegisterForm, RowLineForm


class MonthInput(forms.DateInput):
    input_type = "month"


class MonthField(forms.DateField):
    """Field of a month, typed as « 2026-10 », « 10/2026 » or any day of it: its first day, or its last one."""

    default_error_messages = {
        "required": _("Choisissez un mois."),
        "invalid": _("Écrivez un mois, par exemple 10/2026."),
    }

    def __init__(self, *, is_last: bool = False, **kwargs: Any) -> None:
        formats = ["%Y-%m", "%m/%Y", "%Y-%m-%d", "%d/%m/%Y"]
        super().__init__(widget=MonthInput(format="%Y-%m"), input_formats=formats, **kwargs)
        self.is_last = is_last

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is None:
            return None
        return day.replace(day=monthrange(day.year, day.month)[1] if self.is_last else 1)


class TeamPostForm(RegisterForm):
    """Form of a post, which begins and ends with a month."""

    starts_on = MonthField(label=_("Arrivée, en début de mois"))
    ends_on = MonthField(label=_("Départ, en fin de mois"), is_last=True, required=False)


class MonthsForm(RowLineForm):
    """Form of a line from one month to another."""

    starts_on = MonthField(label=_("Premier mois"))
    ends_on = MonthField(label=_("Dernier mois"), is_last=True)

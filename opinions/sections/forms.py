"""Forms of a group's validation."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.text.numbers import WholeNumberField
from assembly.workflow import StepForm
from opinions.enums import ValidationMode
from opinions.forms.blanks import BlanksMixin
from opinions.opinions.rules import Votes


class ValidateForm(BlanksMixin, StepForm):
    """Form for the day and the mode of the group's decision, with the three counts of a vote."""

    on = forms.DateField(label=_("Date de la décision du groupe"))
    mode = forms.ChoiceField(
        label=_("Comment le groupe a-t-il décidé ?"), choices=ValidationMode.choices, widget=forms.RadioSelect
    )
    votes_for = WholeNumberField(label=_("Pour, en cas de vote"), min_value=0, max_value=999, required=False)
    votes_against = WholeNumberField(label=_("Contre, en cas de vote"), min_value=0, max_value=999, required=False)
    abstentions = WholeNumberField(label=_("Abstention, en cas de vote"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("mode", ValidationMode.CONSENT)
        self.ask_about([self.row.text])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == ValidationMode.VOTE:
            for name in ("votes_for", "votes_against", "abstentions"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Écrivez un nombre, zéro s’il n’y en a pas."))
        is_counted = data.get("mode") == ValidationMode.VOTE and not self.errors
        counts = (data[name] for name in ("votes_for", "votes_against", "abstentions") if is_counted)
        return {"on": data.get("on"), "votes": Votes(*counts) if is_counted else None}

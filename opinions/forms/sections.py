"""Forms of a group's validation."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.ui.forms import StyledForm
from assembly.ui.printable import check_text
from opinions.actions.sections import Votes
from opinions.enums import ValidationMode
from opinions.forms.blanks import BlanksMixin
from opinions.models import OpinionSection


class ValidateForm(BlanksMixin):
    """When and how the group decided; the three counts when it voted."""

    on = forms.DateField(label=_("Date de la décision du groupe"))
    mode = forms.ChoiceField(
        label=_("Comment le groupe a-t-il décidé ?"), choices=ValidationMode.choices, widget=forms.RadioSelect
    )
    votes_for = forms.IntegerField(label=_("Pour, en cas de vote"), min_value=0, max_value=999, required=False)
    votes_against = forms.IntegerField(label=_("Contre, en cas de vote"), min_value=0, max_value=999, required=False)
    abstentions = forms.IntegerField(label=_("Abstention, en cas de vote"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, section: OpinionSection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("mode", ValidationMode.CONSENT)
        self.ask_about([section.text])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == ValidationMode.VOTE:
            for name in ("votes_for", "votes_against", "abstentions"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Écrivez un nombre, zéro s’il n’y en a pas."))
        return data

    def votes(self) -> Votes | None:
        """The show of hands, or nothing when nobody objected."""
        data = self.cleaned_data
        if data["mode"] != ValidationMode.VOTE:
            return None
        return Votes(data["votes_for"], data["votes_against"], data["abstentions"])


class ReasonForm(StyledForm):
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), validators=[check_text]
    )

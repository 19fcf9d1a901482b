"""Form that a directorate fills in for each recommendation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import StyledForm, text_box
from assembly.workflow import StepForm
from consultations.models import Competence, CostRange, Feasibility
from opinions.models import ServiceNote

NO_ANSWER = ("", _("Pas encore dit"))


class ServiceNoteForm(StyledForm):
    """Form for a note about a recommendation, which never changes the text of the assembly."""

    is_concerned = forms.TypedChoiceField(
        label=_("Cette préconisation concerne-t-elle votre direction ?"),
        choices=[("1", _("Oui")), ("0", _("Non"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    competence = forms.ChoiceField(label=_("Relève-t-elle du Département ?"), choices=[NO_ANSWER, *Competence.choices])
    feasibility = forms.ChoiceField(label=_("Est-elle faisable ?"), choices=[NO_ANSWER, *Feasibility.choices])
    existing_scheme = text_box(_("Ce qui existe déjà"), 3000, 3, required=False)
    cost = forms.ChoiceField(label=_("Ordre de coût par an"), required=False, choices=[NO_ANSWER, *CostRange.choices])
    body = text_box(_("Vos remarques"), 4000, 6, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, note: ServiceNote | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"version": note.version if note else 0}
        names = ("competence", "feasibility", "existing_scheme", "cost", "body")
        initial |= {name: getattr(note, name) for name in names} if note else {}
        initial["is_concerned"] = "0" if note and not note.is_concerned else "1"
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Remove the errors of the other questions when the directorate is not concerned."""
        data = super().clean() or {}
        if data.get("is_concerned") is False:
            for name in ("competence", "feasibility"):
                self.errors.pop(name, None)
                data.setdefault(name, "")
        return data

    def values(self) -> dict[str, Any]:
        """Return the values for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class DueForm(StepForm):
    prefilled = ("due_on",)
    due_on = forms.DateField(label=_("Nouvelle date"))

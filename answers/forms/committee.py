"""Forms of the follow-up committee."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answers.queries.committee import hearings_to_record
from assembly.text.printable import check_text
from assembly.web.forms import text_box
from assembly.workflow import StepForm


class CommitteeRemarkForm(StepForm):
    text = text_box(_("La remarque"), 2000, 5, _("Ce que le comité constate, ce qu’il attend. Sans nom de personne."))


class AskHearingForm(StepForm):
    service = forms.CharField(label=_("Service à entendre"), max_length=200, validators=[check_text])
    question = text_box(_("Ce que le comité veut savoir"), 1000, 4, _("La direction lit ce texte."))


class RecordHearingForm(StepForm):
    """Form for when a service was heard, by whom, and what it said."""

    hearing = forms.TypedChoiceField(label=_("Quelle audition ?"), coerce=int, widget=forms.RadioSelect)
    on = forms.DateField(label=_("Entendu le"))
    heard_by = forms.CharField(
        label=_("Par qui"),
        max_length=300,
        validators=[check_text],
        help_text=_("Le comité, ou celles et ceux qui y étaient."),
    )
    summary = text_box(_("Ce qui a été dit"), 4000, 8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = hearings_to_record(self.row)
        self.fields["hearing"].choices = [(row.pk, f"{row.service} : {row.question[:120]}") for row in rows]  # type: ignore[attr-defined]  # -- a ChoiceField

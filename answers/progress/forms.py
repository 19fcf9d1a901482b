"""Forms of the progress report: the end of its period, its introduction."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answers.models import ProgressReport
from assembly.web.forms import StyledForm, text_box

INTRODUCTION_LENGTH = 6000


class ReportPeriodForm(StyledForm):
    """Form for the end of the period: six months are proposed, a shorter one is allowed."""

    ends_on = forms.DateField(
        label=_("Fin de la période"), help_text=_("Le bilan se scelle à partir de ce jour. Vous pourrez la changer.")
    )

    def __init__(self, data: Any = None, *, proposed: date | None) -> None:
        super().__init__(data, initial={"ends_on": proposed})


class ReportForm(StyledForm):
    """Form for the introduction and the end of the period; `version` is the one that was read."""

    introduction = text_box(
        _("Introduction"),
        INTRODUCTION_LENGTH,
        12,
        _("Ce qu’il faut retenir, en mots simples. Laissez une ligne vide entre deux paragraphes."),
    )
    ends_on = forms.DateField(label=_("Fin de la période"), help_text=_("Le bilan se scelle à partir de ce jour."))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, report: ProgressReport) -> None:
        names = ("introduction", "ends_on", "version")
        super().__init__(data, initial={name: getattr(report, name) for name in names})

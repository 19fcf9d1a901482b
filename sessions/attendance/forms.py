"""Forms about absences in a row."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import text_box
from assembly.workflow import StepForm
from members.rules import check_not_in_future
from sessions.attendance.mails import proposed_notice, proposed_warning

SHORTEST = timedelta(days=8)
PROPOSED = timedelta(days=15)


class WarningForm(StepForm):
    """Form of the warning letter, with the text that is sent."""

    text = text_box(_("Message"), 3000, 14, _("C’est ce texte qui part, tel quel. Changez ce que vous voulez."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = proposed_warning(self.row)


class ProcedureForm(StepForm):
    """Form of the letter that opens the procedure, with the last day for an answer."""

    answer_by = forms.DateField(
        label=_("Observations attendues jusqu’au"),
        help_text=_("Au moins huit jours. La même date doit se lire dans le message."),
    )
    text = text_box(_("Message"), 3000, 16, _("C’est ce texte qui part, tel quel. Changez ce que vous voulez."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = timezone.localdate() + PROPOSED
        self.fields["answer_by"].initial = day
        self.fields["text"].initial = proposed_notice(self.row, day)

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day < timezone.localdate() + SHORTEST:
            raise ValidationError(_("Laissez au moins huit jours à la personne."))
        return day


class ObservationsForm(StepForm):
    """Form of what the person wrote or said."""

    answered_on = forms.DateField(label=_("Reçues le"), validators=[check_not_in_future], initial=timezone.localdate)
    answer = text_box(_("Observations"), 4000, 8, _("Ce que la personne a écrit ou dit. N’écrivez rien sur sa santé."))


class EndOfMandateForm(StepForm):
    """Form of the end of a mandate: the first day without it, and the reasons."""

    on = forms.DateField(
        label=_("Le membre ne siège plus à partir du"), validators=[check_not_in_future], initial=timezone.localdate
    )
    detail = text_box(_("Motifs de la décision"), 1000, 4, _("N’écrivez rien sur la santé."))

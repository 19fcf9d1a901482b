"""Forms of the file of an import, and of how its rows are written once they were shown."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import StyledForm
from members.enums import MandateState
from members.forms import PastDayField
from members.tabular import MOST_BYTES


class MembersImportForm(StyledForm):
    """Form for the file as it came: `tabular.read_table` checks its content."""

    file = forms.FileField(
        label=_("Fichier des membres"),
        help_text=_("CSV ou XLSX, 500 lignes et 5 Mo au plus."),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("Ce fichier est trop lourd. Il doit peser au plus 5 Mo."))
        return upload


class ImportConfirmForm(StyledForm):
    """Form for the state of the new mandates."""

    state = forms.ChoiceField(
        label=_("Les nouveaux mandats sont"),
        widget=forms.RadioSelect,
        initial=MandateState.PROPOSED,
        choices=[
            (MandateState.PROPOSED, _("proposés : l’équipe attend l’accord de chaque personne")),
            (MandateState.ACCEPTED, _("déjà acceptés")),
            (MandateState.ACTIVE, _("déjà en cours : les personnes siègent")),
        ],
    )
    on = PastDayField(
        label=_("Depuis le"), required=False, help_text=_("Pour des mandats acceptés ou en cours. Vide : aujourd’hui.")
    )

"""The form of the figures of the population."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.models import Term
from assembly.ui.fields import UploadField
from assembly.ui.forms import StyledForm
from assembly.ui.printable import check_text
from draws.import_margins import read_margins

MARGINS_SIZE = 256 * 1024


class MarginsForm(StyledForm):
    file = UploadField(label=gettext_lazy("Fichier (CSV)"), kinds=("csv",), max_size=MARGINS_SIZE)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=160,
        validators=[check_text],
        help_text=gettext_lazy("Publiée avec les chiffres, par exemple « INSEE, recensement 2021 »."),
    )
    dated_on = forms.DateField(label=gettext_lazy("Date des chiffres"))

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term

    def clean_file(self) -> dict[str, dict[str, float]]:
        return read_margins(self.cleaned_data["file"].content, self.term)

    def clean_dated_on(self) -> Any:
        day = self.cleaned_data["dated_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Cette date est à venir."))
        return day

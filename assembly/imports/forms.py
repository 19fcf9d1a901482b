"""Form of the file of an import."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assembly.imports.tables import MOST_BYTES
from assembly.text.french import Label
from assembly.web.forms import StyledForm


class ImportForm(StyledForm):
    """Form for the file as it came: `tables.read_table` checks its content."""

    file = forms.FileField(
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, label: Label, help_text: Label, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["file"]
        field.label, field.help_text = label, help_text

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("Ce fichier est trop lourd. Il doit peser au plus 5 Mo."))
        return upload

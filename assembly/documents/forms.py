"""Forms of « Vérifier un document »."""

import hashlib
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.checks import MAX_SIZE
from assembly.text.french import file_size


class VerifyFileForm(forms.Form):
    """Form for a whole file, for readers without JavaScript and for files that the register does not know."""

    file = forms.FileField(
        label=_("Le fichier PDF"),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_SIZE:
            raise forms.ValidationError(
                _("Ce fichier pèse %(size)s. Il doit peser au plus 10 Mo."),
                code="size",
                params={"size": file_size(file.size or 0)},
            )
        return file

    def add_waiting_error(self) -> None:
        """Add the error that too many files wait to be read."""
        self.add_error("file", _("Beaucoup de fichiers attendent déjà d’être lus. Réessayez dans quelques minutes."))

    def sha256(self) -> str:
        digest = hashlib.sha256()
        file: Any = self.cleaned_data["file"]
        for chunk in file.chunks():
            digest.update(chunk)
        return digest.hexdigest()

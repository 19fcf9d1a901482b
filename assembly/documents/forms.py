"""Form of « Vérifier un document », and the ceiling on the work that an anonymous visitor may give to workers."""

import hashlib
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions import checks
from assembly.documents.actions.checks import MAX_SIZE
from assembly.identity.attempts import HOUR, TooManyAttempts, anonymous_limits, count_attempt
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


ATTEMPT_KIND = "verification"
CHECKS_AN_HOUR = 10


def may_send_unknown_file(request: HttpRequest) -> bool:
    """Return whether this network may send an unknown file: ten an hour, thirty from a wide one.

    The register itself may be queried without limit. While half of the queue waits, networks that sent one this hour
    are refused, so that newcomers are served.
    """
    try:
        limits = anonymous_limits(ATTEMPT_KIND, get_ip(request), (CHECKS_AN_HOUR, HOUR))
        count_attempt(limits, newcomers_only=checks.count_waiting() >= checks.MAX_WAITING // 2)
    except TooManyAttempts:
        return False
    return True

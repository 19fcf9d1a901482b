"""Form of the figures of the population."""

from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.files.fields import REFUSALS, UploadField
from assembly.institution.models import Term
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm
from draws.representation.queries import read_margins

MARGINS_SIZE = 256 * 1024
SHOWN_FOR = 2 * 3600  # seconds, as the preview of an import


class MarginsForm(StyledForm):
    """Form sent twice: with a file, which is read and shown, then with the shares that were shown, signed by us."""

    file = UploadField(label=gettext_lazy("Fichier (CSV)"), kinds=("csv",), max_size=MARGINS_SIZE, required=False)
    shares = forms.CharField(required=False, widget=forms.HiddenInput)
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

    def clean_file(self) -> dict[str, dict[str, float]] | None:
        file = self.cleaned_data["file"]
        return read_margins(file.content, self.term) if file else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "file" in data and not data["file"]:
            try:
                data["file"] = signing.loads(data.get("shares") or "", salt=self.salt, max_age=SHOWN_FOR)
            except signing.BadSignature:
                self.add_error("file", REFUSALS["required"])
        return data

    @property
    def salt(self) -> str:
        return f"margins:{self.term.assembly_id}"

    def show_shares(self) -> dict[str, dict[str, float]] | None:
        """Return the shares of a file that nobody has seen yet; the form sent again carries them signed."""
        shares: dict[str, dict[str, float]] = self.cleaned_data["file"]
        if not self.files:
            return None
        data: Any = self.data
        self.data = {**data.dict(), "shares": signing.dumps(shares, salt=self.salt)}
        return shares

    def clean_dated_on(self) -> Any:
        day = self.cleaned_data["dated_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Cette date est à venir."))
        return day

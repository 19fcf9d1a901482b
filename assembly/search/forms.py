"""The form of a search, read from the address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.search.queries import QUERY_LENGTH
from assembly.search.registry import sources


class SearchForm(forms.Form):
    """Search words and kind; a kind that does not exist filters nothing, words without meaning find nothing."""

    q = forms.CharField(
        label=_("Mots à chercher"),
        required=False,
        max_length=QUERY_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search", "autocomplete": "off"}),
    )
    type = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="search-%s")

    def query_and_kind(self) -> tuple[str, str]:
        """Return the words, and the kind where it exists."""
        self.is_valid()
        kind = self.cleaned_data.get("type", "")
        known = {source.kind for source in sources()}
        return self.cleaned_data.get("q", ""), kind if kind in known else ""

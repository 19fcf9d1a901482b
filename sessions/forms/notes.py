"""The box of notes about one item."""

from typing import Any

from django import forms

from assembly.ui.forms import StyledForm
from assembly.ui.versioned import Difference
from sessions.models import AgendaItem
from sessions.rules.notes import merged_notes


class NoteForm(StyledForm):
    """What one window noted; `version` is the one that was read."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def join(self, kept: str) -> list[Difference]:
        """Put both texts of a conflict into the box, none twice: one person wrote both, there is nothing to choose."""
        data: Any = self.data  # `attempt` made a copy that may be written
        data["text"] = merged_notes(kept, self.cleaned_data["text"])
        return []

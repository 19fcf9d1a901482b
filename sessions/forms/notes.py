"""Form of the notes about one item."""

from typing import Any

from django import forms

from assembly.web.forms import StyledForm
from assembly.web.versioned import Difference
from sessions.models import AgendaItem
from sessions.rules.notes import merged_notes


class NoteForm(StyledForm):
    """Form of the note typed in one window; `version` is the one that was read."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def merge_with(self, saved_text: str) -> list[Difference]:
        """Merge both texts of a conflict into the field, common parts once: one person wrote both."""
        data: Any = self.data  # `attempt` made a mutable copy
        data["text"] = merged_notes(saved_text, self.cleaned_data["text"])
        return []

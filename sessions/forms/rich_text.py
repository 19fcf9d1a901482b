"""A rich text in a form: typed in the plain box of a page without script, or in the editor that fills it with HTML."""

from typing import Any, Self

from django import forms

from assembly.ui.forms import StyledForm
from assembly.ui.versioned import Difference
from sessions.rules.rich_text import from_plain, to_plain


class RichTextForm(StyledForm):
    """`text` is plain text, or HTML when plain text cannot say it all; `version` is the one that was read."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    format = forms.ChoiceField(choices=[("text", "text"), ("html", "html")], widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label

    @classmethod
    def of(cls, html: str, version: int, *, label: Any, data: Any = None) -> Self:
        """The form that shows a text as it stands, or `data` that was sent instead of it."""
        plain = to_plain(html)
        words = {"text": html, "format": "html"} if plain is None else {"text": plain, "format": "text"}
        return cls(data, initial=words | {"version": version}, label=label)

    @property
    def html(self) -> str:
        """What the boxes hold, as HTML."""
        text = self["text"].value() or ""
        return text if self["format"].value() == "html" else from_plain(text)

    def beside(self, html: str, typed: str) -> list[Difference]:
        """The comparison of a conflict; both come from the sanitizer."""
        return [Difference(str(self.fields["text"].label), html, typed, is_html=True)]

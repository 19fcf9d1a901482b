"""Form of a rich text, typed in a textarea without script, or in the editor, which fills it with HTML."""

from typing import Any, Self

from django import forms

from assembly.web.forms import StyledForm
from assembly.web.versioned import Difference
from sessions.rules.rich_text import from_plain, to_plain


class RichTextForm(StyledForm):
    """`text` is plain text, or HTML when plain text cannot express it; `version` is the one that was read."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    format = forms.ChoiceField(choices=[("text", "text"), ("html", "html")], widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label

    @classmethod
    def of(cls, html: str, version: int, *, label: Any, data: Any = None) -> Self:
        """Return the form that shows the present text, or the submitted `data` instead of it."""
        plain = to_plain(html)
        initial = {"text": html, "format": "html"} if plain is None else {"text": plain, "format": "text"}
        return cls(data, initial=initial | {"version": version}, label=label)

    @property
    def html(self) -> str:
        """Return the content of the fields as HTML."""
        text = self["text"].value() or ""
        return text if self["format"].value() == "html" else from_plain(text)

    def compare_with(self, html: str, typed: str) -> list[Difference]:
        """Return the comparison of a conflict; the sanitizer cleaned both texts."""
        return [Difference(str(self.fields["text"].label), html, typed, is_html=True)]

"""Form field of an ArrayField of short words, separated by commas."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assembly.text.printable import check_text


class TagsField(forms.CharField):
    """Field for words separated by commas, each once, in lower case."""

    def __init__(self, *, base_field: Any = None, max_length: int | None = None, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("Séparés par des virgules.")
        super().__init__(max_length=600, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        parts = [check_text(" ".join(part.split())).lower() for part in (super().clean(value) or "").split(",")]
        tags = list(dict.fromkeys(word for word in parts if word))
        if any(len(tag) > 40 for tag in tags) or len(tags) > 20:
            raise ValidationError(_("Vingt mots au plus, de quarante signes chacun."), code="tags")
        return tags

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "")

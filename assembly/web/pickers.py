"""Field that chooses one row among many, for every form: a list while it is short, a search box where it is not."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from assembly.web import pagination

MOST_MATCHES = 50
LONGEST_TEXT = 300
WORD = re.compile(r"\w+")
SEARCHABLE = {"data-assembly-picker": True}  # attributes of a <select>: a script adds a search by words to a long one


class PickerInput(forms.Select):
    """Widget with the list of all choices, or a search box; with the matches where several rows have the words."""

    field: "Picker"  # set by the field; each copy of the field has its own widget

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text, chosen = data.get(name), data.get(f"{name}-choix")
        return (text, [chosen]) if chosen else text

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        listed = self.field.all_rows()
        if listed is None:
            return self.render_search(name, value, {**(attrs or {}), "class": "control"}, renderer)
        empty = [] if self.field.empty_label is None else [("", self.field.empty_label)]
        choices = [*empty, *map(self.field.choice, listed)]
        return forms.Select(self.attrs | SEARCHABLE, choices).render(name, value, attrs, renderer)

    def render_search(self, name: str, value: Any, attrs: dict[str, Any], renderer: Any) -> SafeString:
        """Render the search box and the hidden key or the list of matches.

        `value`: the key of the row chosen already, or a text that matches no row, or several.
        """
        field = self.field
        second: forms.Widget = forms.HiddenInput()
        chosen = next(iter(field.rows(key=value, most=1)), None) if field.is_key(value) else None
        if chosen:
            text = field.name_of(chosen)
        else:
            text = value[0] if isinstance(value, tuple) else value
            if matches := field.matching_rows(text):
                choices = [("", field.which), *map(field.choice, matches)]
                second = forms.Select({"class": "control control-select mt2", "aria-label": field.which}, choices)
        box = forms.TextInput({"placeholder": field.placeholder, "autocomplete": "off", "maxlength": LONGEST_TEXT})
        return format_html(
            "{}{}",
            box.render(name, text, attrs, renderer),
            second.render(f"{name}-choix", chosen and field.choice(chosen)[0], {"id": f"id_{name}-choix"}, renderer),
        )


class Picker(forms.Field):
    """Base of a field that holds the key of a row, one of those that `rows` returns.

    Up to `WHOLE_LIST` they are all in the list, which a script searches (`static/js/ui/modules/picker.js`). Beyond,
    words are typed and sent: one match is taken, or the form comes back with the matches. It needs no script, and ten
    thousand rows cost no more than two hundred.
    """

    widget = PickerInput
    empty_label: Any = None
    placeholder: Any = ""
    which: Any = gettext_lazy("Lequel ?")
    default_error_messages = {
        "nobody": gettext_lazy("Rien ne correspond. Vérifiez l’orthographe, ou n’écrivez qu’un mot du titre."),
        "several": gettext_lazy("Plusieurs réponses sont possibles : choisissez-en une, ou écrivez un mot de plus."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget.field = self

    def __deepcopy__(self, memo: Any) -> Any:
        copied = super().__deepcopy__(memo)
        copied.widget.field = copied
        return copied

    def rows(self, *, key: Any = None, tokens: Sequence[str] = (), most: int) -> list[Any]:
        """Return at most so many rows in their order: that of the key, those that hold every word, or all."""
        raise NotImplementedError

    def choice(self, row: Any) -> tuple[Any, str]:
        """Return the key of a row and its label in a list."""
        return row[0], row[1]

    def name_of(self, row: Any) -> str:
        """Return the text of a row in the search box; searching for it finds the row again."""
        return row[1]

    def is_key(self, value: Any) -> bool:
        return isinstance(value, int) or str(value).isdecimal()

    def split_text(self, text: str) -> list[str]:
        return WORD.findall(text)

    def all_rows(self) -> list[Any] | None:
        """Return all rows; None where they are too many for a list."""
        rows = self.rows(most=pagination.WHOLE_LIST + 1)
        return rows if len(rows) <= pagination.WHOLE_LIST else None

    def matching_rows(self, text: str | None) -> list[Any]:
        tokens = self.split_text((text or "")[:LONGEST_TEXT])
        return self.rows(tokens=tokens, most=MOST_MATCHES) if tokens else []

    def to_python(self, value: Any) -> Any:
        text, chosen = value if isinstance(value, tuple) else (value, [])
        text = text.strip() if isinstance(text, str) else text
        if not isinstance(text, str) or not text or self.is_key(text):
            return super().to_python(text)
        matches = self.matching_rows(text)
        taken = [row for row in matches if str(self.choice(row)[0]) in chosen] or matches
        if len(taken) != 1:
            code = "several" if matches else "nobody"
            raise ValidationError(self.error_messages[code], code=code)
        return super().to_python(self.choice(taken[0])[0])

    def prepare_value(self, value: Any) -> Any:
        """Return the key of the only row that matches the typed words, else the value as it was typed."""
        try:
            key = self.to_python(value) if isinstance(value, str | tuple) else value
        except ValidationError:
            return value
        return super().prepare_value(key)

"""Fields that several forms of opinions share."""

from typing import Any

from django import forms

from assembly.ui.printable import check_text


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.full_name


class PeopleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.full_name


def text_box(label: Any, most: int, rows: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A text that can be printed, of at most `most` characters, in a box of `rows` lines."""
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[check_text],
    )

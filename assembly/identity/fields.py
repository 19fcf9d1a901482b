"""Choosing a person in a form: the picker of the house, by name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.models.person import sort_key
from assembly.ui.pickers import SEARCHABLE, WORD, Picker, PickerInput


def person_of(row: Any) -> Person:
    """The person that a row is, or that its account is."""
    return row if isinstance(row, Person) else row.person


class PersonField(Picker, forms.ModelChoiceField):
    """A person, or an account, among `queryset`."""

    queryset: Any
    placeholder = _("Nom, prénom")
    which = _("Laquelle de ces personnes ?")
    default_error_messages = {
        "nobody": _("Personne n’a ce nom dans la liste. Vérifiez l’orthographe, ou écrivez-le en partie."),
        "several": _("Plusieurs personnes ont ce nom : choisissez-en une, ou écrivez aussi le prénom."),
    }

    def label_from_instance(self, obj: Any) -> str:
        """Two people of the same name are told apart by what they do, or where they live."""
        person = person_of(obj)
        return ", ".join(part for part in (person.full_name, person.capacity or person.city) if part)

    def choice(self, row: Any) -> tuple[int, str]:
        return row.pk, self.label_from_instance(row)

    def name_of(self, row: Any) -> str:
        return person_of(row).full_name

    def words_of(self, text: str) -> list[str]:
        return WORD.findall(sort_key(text, ""))

    def rows(self, *, key: Any = None, words: Sequence[str] = (), most: int) -> list[Any]:
        found = self.queryset if key is None else self.queryset.filter(pk=key)
        name = "sort_name" if self.queryset.model is Person else "person__sort_name"
        for word in words:
            found = found.filter(**{f"{name}__contains": word})
        return list(found[:most])


class PeopleInput(PickerInput):
    """The list, where several are chosen; or a box for a name a line, with a list for each name that several have."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        lines = [line.strip() for text in data.getlist(name) for line in text.splitlines()]
        return [line for line in lines if line], data.getlist(f"{name}-choix")

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        lines, chosen = value or ([], [])
        listed = self.field.listed()
        if listed is not None:
            looks = self.attrs | SEARCHABLE | {"size": 6}
            box: forms.Widget = forms.SelectMultiple(looks, list(map(self.field.choice, listed)))
            hint = format_html('<noscript><p class="help">{}</p></noscript>', _("Plusieurs : Ctrl ou Maj."))
            return format_html("{}{}", box.render(name, lines, attrs, renderer), hint)
        box = forms.Textarea({"rows": 4, "placeholder": self.field.placeholder, "autocomplete": "off"})
        which = [self.which(name, line, chosen, renderer) for line in lines]
        text = box.render(name, "\n".join(lines), {**(attrs or {}), "class": "control"}, renderer)
        return format_html("{}{}", text, format_html_join("", "{}", ((one,) for one in which if one)))

    def which(self, name: str, line: str, chosen: list[str], renderer: Any) -> SafeString | None:
        """The list of those who have this name, where they are several."""
        found = self.field.named(line)
        if len(found) < 2:
            return None
        words = f"{line} : {self.field.which}"
        taken = next((str(row.pk) for row in found if str(row.pk) in chosen), "")
        one = forms.Select(
            {"class": "control control-select mt2", "aria-label": words},
            [("", words), *map(self.field.choice, found)],
        )
        return one.render(f"{name}-choix", taken, {}, renderer)


class PeopleField(PersonField):
    """Several people among `queryset`: the same, a name a line."""

    widget = PeopleInput
    placeholder = _("Un nom par ligne")

    def to_python(self, value: Any) -> list[Any]:
        lines, chosen = value or ([], [])
        people = []
        for line in lines:
            try:
                people.append(super().to_python((line, chosen)))
            except ValidationError as refused:
                raise ValidationError(f"{line} : {refused.message}", code=refused.code) from refused
        return list(dict.fromkeys(people))

    def prepare_value(self, value: Any) -> Any:
        return value

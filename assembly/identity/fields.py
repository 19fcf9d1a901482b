"""Form fields that choose persons by name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person, sort_key
from assembly.web.forms import SEARCHABLE, WORD, Picker, PickerInput


def person_of(row: Any) -> Person:
    """Return the person that a row is, or that its account belongs to."""
    return row if isinstance(row, Person) else row.person


class PersonField(Picker, forms.ModelChoiceField):
    """Field for a person, or an account, among `queryset`."""

    queryset: Any
    placeholder = _("Nom, prénom")
    which = _("Laquelle de ces personnes ?")
    default_error_messages = {
        "nobody": _("Personne n’a ce nom dans la liste. Vérifiez l’orthographe, ou écrivez-le en partie."),
        "several": _("Plusieurs personnes ont ce nom : choisissez-en une, ou écrivez aussi le prénom."),
    }

    def label_from_instance(self, obj: Any) -> str:
        """Return the name with the capacity or the town, which distinguish two people of the same name."""
        person = person_of(obj)
        return ", ".join(part for part in (person.full_name, person.capacity or person.city) if part)

    def choice(self, row: Any) -> tuple[int, str]:
        return row.pk, self.label_from_instance(row)

    def name_of(self, row: Any) -> str:
        return person_of(row).full_name

    def split_text(self, text: str) -> list[str]:
        return WORD.findall(sort_key(text, ""))

    def rows(self, *, key: Any = None, tokens: Sequence[str] = (), most: int) -> list[Any]:
        rows = self.queryset if key is None else self.queryset.filter(pk=key)
        name = "sort_name" if self.queryset.model is Person else "person__sort_name"
        for word in tokens:
            rows = rows.filter(**{f"{name}__contains": word})
        return list(rows[:most])


class PeopleInput(PickerInput):
    """Widget for several people: the whole list, or a box with a name per line and a list for each ambiguous name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        lines = [line.strip() for text in data.getlist(name) for line in text.splitlines()]
        return [line for line in lines if line], data.getlist(f"{name}-choix")

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        lines, chosen = value or ([], [])
        listed = self.field.all_rows()
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
        """Render the list of those who have this name, where there are several."""
        matches = self.field.matching_rows(line)
        if len(matches) < 2:
            return None
        label = f"{line} : {self.field.which}"
        taken = next((str(row.pk) for row in matches if str(row.pk) in chosen), "")
        one = forms.Select(
            {"class": "control control-select mt2", "aria-label": label},
            [("", label), *map(self.field.choice, matches)],
        )
        return one.render(f"{name}-choix", taken, {}, renderer)


class PeopleField(PersonField):
    """Field for several people among `queryset`, a name per line."""

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

"""One way to choose a person, for every form: a list while it is short, a name to write where it is not."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import Person
from assembly.identity.models.person import sort_key
from members import queries

FOUND = 50
LONGEST_NAME = 160
WORD = re.compile(r"\w+")


def person_of(row: Any) -> Person:
    """The person that a row is, or that its account is."""
    return row if isinstance(row, Person) else row.person


class PersonInput(forms.Select):
    """The list of all the choices, or a box for a name; with the people found where several have that name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text, chosen = data.get(name), data.get(f"{name}-choix")
        return (text, chosen) if chosen else text

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        field: PersonField = self.choices.field  # type: ignore[attr-defined]  # -- the iterator of a model choice field
        listed = field.listed()
        if listed is None:
            return self.render_search(field, name, value, {**(attrs or {}), "class": "control"}, renderer)
        empty = [] if field.empty_label is None else [("", field.empty_label)]
        return forms.Select(self.attrs, [*empty, *map(field.choice, listed)]).render(name, value, attrs, renderer)

    def render_search(
        self, field: "PersonField", name: str, value: Any, attrs: dict[str, Any], renderer: Any
    ) -> SafeString:
        """`value`: the key of who is chosen already, or what was written and is nobody's name, or several people's."""
        second: forms.Widget = forms.HiddenInput()
        if chosen := field.keyed(value):
            text = person_of(chosen).full_name
        else:
            text = value[0] if isinstance(value, tuple) else value
            if found := field.named(text):
                which = _("Laquelle de ces personnes ?")
                choices = [("", which), *map(field.choice, found)]
                second = forms.Select({"class": "control control-select mt2", "aria-label": which}, choices)
        box = forms.TextInput({"placeholder": _("Nom, prénom"), "autocomplete": "off", "maxlength": LONGEST_NAME})
        return format_html(
            "{}{}",
            box.render(name, text, attrs, renderer),
            second.render(f"{name}-choix", chosen and chosen.pk, {"id": f"id_{name}-choix"}, renderer),
        )


class PersonField(forms.ModelChoiceField):
    """A person, or an account, among `queryset`.

    Up to `WHOLE_TERM` they are all in the list. Beyond, a name is written and sent: one person is found and taken, or
    the form comes back with those who have that name. It needs no script, and a term of ten thousand costs no more.
    """

    queryset: Any
    widget = PersonInput
    default_error_messages = {
        "nobody": gettext_lazy("Personne n’a ce nom dans la liste. Vérifiez l’orthographe, ou écrivez-le en partie."),
        "several": gettext_lazy("Plusieurs personnes ont ce nom : choisissez-en une, ou écrivez aussi le prénom."),
    }

    def label_from_instance(self, obj: Any) -> str:
        """Two people of the same name are told apart by what they do, or where they live."""
        person = person_of(obj)
        return ", ".join(part for part in (person.full_name, person.capacity or person.city) if part)

    def choice(self, row: Any) -> tuple[int, str]:
        return row.pk, self.label_from_instance(row)

    def listed(self) -> list[Any] | None:
        """Everybody, by one statement; None where they are too many for a list."""
        found = list(self.queryset[: queries.WHOLE_TERM + 1])
        return found if len(found) <= queries.WHOLE_TERM else None

    def keyed(self, key: Any) -> Any:
        """Who is chosen already, by key."""
        return self.queryset.filter(pk=key).first() if isinstance(key, int) or str(key).isdecimal() else None

    def named(self, text: str | None) -> list[Any]:
        """Those whose name holds every word of the text."""
        where = "sort_name" if self.queryset.model is Person else "person__sort_name"
        words = WORD.findall(sort_key((text or "")[:LONGEST_NAME], ""))
        rows = self.queryset
        for word in words:
            rows = rows.filter(**{f"{where}__contains": word})
        return list(rows[:FOUND]) if words else []

    def to_python(self, value: Any) -> Any:
        text, chosen = value if isinstance(value, tuple) else (value, None)
        text = text.strip() if isinstance(text, str) else text
        if not isinstance(text, str) or not text or text.isdecimal():
            return super().to_python(text)
        found = self.named(text)
        taken = [row for row in found if str(row.pk) == chosen] or found
        if len(taken) != 1:
            code = "several" if found else "nobody"
            raise ValidationError(self.error_messages[code], code=code)
        return taken[0]

    def prepare_value(self, value: Any) -> Any:
        """The key of the person whose name was written, where it tells one."""
        try:
            found = self.to_python(value) if isinstance(value, str | tuple) else value
        except ValidationError:
            return value
        return super().prepare_value(found)

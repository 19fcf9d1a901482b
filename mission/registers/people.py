"""Lines about a person: somebody to speak to at a partner, at a supplier, in a town hall."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person, User
from assembly.identity.models.person import sort_key
from assembly.identity.names import PersonNameField
from assembly.identity.personal_data import ModelPrivacy, erased
from assembly.lists import Column
from members.actions.data import create_person
from mission.registers.declaration import Lines
from mission.registers.forms import RowLineForm
from mission.registers.models import RegisterLine
from mission.registers.rules import term_of_row

PERSON_FIELDS = ("first_name", "last_name", "email", "phone")


class PersonLine(RegisterLine):
    """Person, and what they do there. A subclass adds `row`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("personne"))
    function = models.CharField(_("fonction"), max_length=120, blank=True)

    privacy = ModelPrivacy(owner="person", function=erased())

    class Meta:
        abstract = True


class PersonForm(RowLineForm):
    """Form of a line, with which the person is created or corrected."""

    first_name = PersonNameField(label=_("Prénom"), max_length=80)
    last_name = PersonNameField(label=_("Nom"), max_length=80)
    email = forms.EmailField(label=_("Courriel"), required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial = {**self.initial, **{name: getattr(self.instance.person, name) for name in PERSON_FIELDS}}


def write_person(line: Any, data: dict[str, Any], by: User) -> dict[str, Any]:
    """Save the personal fields on the person, and return the columns of the line."""
    fields = {name: data[name] for name in PERSON_FIELDS}
    if line.person_id:
        sort_name = sort_key(fields["last_name"], fields["first_name"])
        Person.objects.filter(pk=line.person_id).update(**fields, sort_name=sort_name)
        return {"function": data["function"]}
    fields["channel"] = "email" if fields["email"] else "paper"
    return {"person": create_person(term_of_row(line.row), by=by, **fields), "function": data["function"]}


def person_lines(key: str, model: Any, title: Any, add: Any) -> Lines:
    shown: list[str | Column] = [
        Column(_("Nom"), "person.full_name"),
        "function",
        Column(_("Courriel"), "person.email"),
    ]
    return Lines(key, model, title, add, ["function"], shown, form=PersonForm, load=["person"], write=write_person)

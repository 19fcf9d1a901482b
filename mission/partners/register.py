"""Register of partners: its columns, forms, lines and due dates."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.identity.actions import erase_unless_named
from assembly.identity.models import Person, User, sort_key
from assembly.identity.names import PersonNameField
from assembly.lists import Column, by_choice, column
from assembly.lists.filters import by_tag
from assembly.search.actions import reindex
from members.members.actions import create_person
from mission.partners.models import (
    Partner,
    PartnerAgreement,
    PartnerContact,
    PartnerData,
    PartnerExchange,
    PartnerState as S,
)
from mission.partners.workflow import STEPS
from mission.registers.declaration import Due, Lines, Register, Section, by_canton, register
from mission.registers.forms import RowLineForm
from mission.registers.rules import term_of_row

PERSON_FIELDS = ("first_name", "last_name", "email", "phone")


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
    in_file = {name: f"person.{name}" for name in PERSON_FIELDS}
    lines = Lines(key, model, title, add, ["function"], shown, form=PersonForm, load=["person"], write=write_person)
    return replace(lines, in_file=in_file)


def remove_contact(contact: PartnerContact, by: User) -> None:
    """Erase the person, unless something else names them; the search then follows."""
    reindex("person", contact.person_id)
    erase_unless_named(contact.person, except_row=contact, by=by)


contacts = person_lines("contacts", PartnerContact, _("Contacts"), _("Ajouter un contact"))
CONTACTS = replace(
    contacts,
    columns=[*contacts.columns, Column(_("Conservé jusqu’au"), "retained_until")],
    remove=remove_contact,
)
PARTNERS = register(
    Register(
        key="partners",
        slug="partenaires",
        model=Partner,
        prefix="PA",
        title=_("Partenaires"),
        new=_("Ajouter un partenaire"),
        noun_with_article=_("le partenariat"),
        counted=ngettext_lazy("%(n)s partenaire", "%(n)s partenaires", "n"),
        empty=_("Associations, intercommunalités, universités, réseaux : avec qui la mission travaille."),
        order=20,
        sections=[
            Section(_("L’organisme"), ["name", "acronym", "kind", "website", "email", "phone"]),
            Section(_("Où et sur quoi"), ["canton", "territory", "topics"]),
            Section(_("Suivi"), ["owner", "due_on", "notes"]),
        ],
        private=["contacts"],
        helps={"territory": _("Intercommunalité, commune ou département."), "due_on": _("Prochaine relance.")},
        columns=[
            column(Partner, "kind", "type"),
            column(Partner, "topics", "themes"),
            column(Partner, "territory", "territoire"),
            column(Partner, "canton", is_default=False),
            Column(_("Dernier échange"), "last_exchange", "echange"),
        ],
        rows=lambda rows: rows.annotate(last_exchange=PartnerExchange.last_of("pk")),
        search=("name", "acronym", "territory", "reference"),
        filters=[by_choice(Partner, "kind", "type"), by_tag(Partner, "topics", "theme"), by_canton()],
        steps=STEPS,
        path=[S.TO_CONTACT, S.ACTIVE, S.ENDED],
        lines=[
            CONTACTS,
            Lines("conventions", PartnerAgreement, _("Conventions"), _("Ajouter une convention")).asking(
                ["title", "starts_on", "ends_on", "is_renewed"], order=["-starts_on", "pk"]
            ),
            Lines("echanges", PartnerExchange, _("Échanges"), _("Noter un échange")).asking(
                ["held_on", "kind", "summary"], order=["-held_on", "-pk"]
            ),
            Lines("donnees", PartnerData, _("Données fournies"), _("Ajouter des données")).asking(
                ["title", "address", "licence", "updated_on", "renewed_every"],
                columns=["title", "licence", "updated_on", "fresh_until"],
            ),
        ],
        dues=[
            Due("due_on", _("Relancer %(name)s"), when=Q(state__in=[S.TO_CONTACT, S.ACTIVE])),
            Due("ends_on", _("Renouveler la convention avec %(name)s"), 90, Q(is_renewed=False), "conventions"),
            Due("fresh_until", _("Demander les données à jour : %(name)s"), 0, lines="donnees"),
        ],
    )
)

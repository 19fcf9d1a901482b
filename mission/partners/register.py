"""Partners: what their register shows, asks and reminds of."""

from typing import Any

from django import forms
from django.db.models import Max, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person, User
from assembly.ui.lists import Column
from members.actions.data import create_person
from mission.partners.enums import PartnerState as S
from mission.partners.models import Partner, PartnerAgreement, PartnerContact, PartnerData, PartnerExchange
from mission.partners.workflow import MOVES
from mission.registers.columns import by_canton, by_choice, by_tag, column
from mission.registers.declaration import Due, Lines, Register, RegisterColumn, Section, register
from mission.registers.forms import RowLineForm
from mission.registers.queries import term_of_row

PERSON = ("first_name", "last_name", "email", "phone")


class ContactForm(RowLineForm):
    """The person is made, or corrected, with the line."""

    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    last_name = forms.CharField(label=_("Nom"), max_length=80)
    email = forms.EmailField(label=_("Courriel"), required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial = {**self.initial, **{name: getattr(self.instance.person, name) for name in PERSON}}


def write_contact(line: PartnerContact, data: dict[str, Any], by: User) -> dict[str, Any]:
    """What is said of the person goes to the person."""
    told = {name: data[name] for name in PERSON}
    if line.person_id:
        Person.objects.filter(pk=line.person_id).update(**told)
        return {"function": data["function"]}
    told["channel"] = "email" if told["email"] else "paper"
    return {"person": create_person(term_of_row(line.row), by=by, **told), "function": data["function"]}


PARTNERS = register(
    Register(
        key="partners",
        slug="partenaires",
        model=Partner,
        noun="partner",
        prefix="PA",
        title=_("Partenaires"),
        new=_("Ajouter un partenaire"),
        count=lambda n: ngettext("%(n)s partenaire", "%(n)s partenaires", n) % {"n": n},
        empty=_("Associations, intercommunalités, universités, réseaux : avec qui la mission travaille."),
        icon="share",
        order=20,
        sections=[
            Section(_("L’organisme"), ["name", "acronym", "kind", "website", "email", "phone"]),
            Section(_("Où et sur quoi"), ["canton", "territory", "topics"]),
            Section(_("Suivi"), ["owner", "due_on", "notes"]),
        ],
        helps={"territory": _("Intercommunalité, commune ou département."), "due_on": _("Prochaine relance.")},
        columns=[
            column(Partner, "kind", "type"),
            column(Partner, "topics", "themes"),
            column(Partner, "territory", "territoire"),
            column(Partner, "canton", is_shown=False),
            RegisterColumn(_("Dernier échange"), "last_exchange", "echange"),
        ],
        rows=lambda rows: rows.annotate(last_exchange=Max("exchanges__held_on")),
        search=("name", "acronym", "territory", "reference"),
        filters=[by_choice(Partner, "kind", "type"), by_tag(Partner, "topics", "theme"), by_canton()],
        moves=MOVES,
        path=[S.TO_CONTACT, S.ACTIVE, S.ENDED],
        lines=[
            Lines(
                *("contacts", PartnerContact, _("Contacts"), _("Ajouter un contact"), ["function"]),
                [Column(_("Nom"), "person.full_name"), "function", Column(_("Courriel"), "person.email")],
                form=ContactForm,
                load=["person"],
                write=write_contact,
            ),
            Lines(
                *("conventions", PartnerAgreement, _("Conventions"), _("Ajouter une convention")),
                ["title", "starts_on", "ends_on", "is_renewed"],
                order=["-starts_on", "pk"],
            ),
            Lines(
                *("echanges", PartnerExchange, _("Échanges"), _("Noter un échange"), ["held_on", "kind", "summary"]),
                order=["-held_on", "-pk"],
            ),
            Lines(
                *("donnees", PartnerData, _("Données fournies"), _("Ajouter des données")),
                ["title", "address", "licence", "updated_on", "renewed_every"],
            ),
        ],
        dues=[
            Due(
                "due_on",
                lambda found: gettext("Relancer %(name)s") % found,
                when=Q(state__in=[S.TO_CONTACT, S.ACTIVE]),
            ),
            Due(
                *("ends_on", lambda found: gettext("Renouveler la convention avec %(name)s") % found, 90),
                when=Q(is_renewed=False),
                lines="conventions",
            ),
        ],
    )
)

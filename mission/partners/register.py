"""Register of partners: its columns, form, lines and due dates."""

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assembly.identity.actions.personal_data import erase_unless_named
from assembly.lists import Column, by_choice, column
from assembly.lists.filters import by_tag
from mission.partners.enums import PartnerState as S
from mission.partners.models import Partner, PartnerAgreement, PartnerContact, PartnerData, PartnerExchange
from mission.partners.workflow import STEPS
from mission.registers.columns import by_canton
from mission.registers.declaration import Due, Lines, Register, Section, register
from mission.registers.people import person_lines

contacts = person_lines("contacts", PartnerContact, _("Contacts"), _("Ajouter un contact"))
CONTACTS = replace(
    contacts,
    columns=[*contacts.columns, Column(_("Conservé jusqu’au"), "retained_until")],
    remove=lambda line, by: erase_unless_named(line.person, except_row=line, by=by),
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

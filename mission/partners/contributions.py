"""Contacts of partners: in the directory, and their retention, three years after the last exchange or correction.

After that day, or when the team removes the contact, the person is erased, unless something else in the database names
them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.actions import record
from assembly.directory.registry import DirectorySource, add_directory_source
from assembly.identity.actions import erase_unless_named
from assembly.identity.personal_data import months_later, retention
from assembly.institution.models import Term
from mission.partners.models import CONTACT_RETENTION_MONTHS, PartnerContact
from mission.partners.register import PARTNERS


class PartnerPeople(DirectorySource):
    """Contacts of partners, for those who may open the register of partners."""

    kind, label, order = "partner_contact", _("Contacts des partenaires"), 50
    person, assembly = "person", "row__assembly"
    facts: ClassVar[Mapping[str, str]] = {
        "organisation": "row__name",
        "function": "function",
        "acronym": "row__acronym",
        "territory": "row__territory",
        "canton": "row__canton__name",
    }
    route, page = "mission:partners-row", "row_id"
    canton = "row__canton"
    touched_by: ClassVar[Mapping[str, str]] = {"mission.PartnerContact": "pk", "mission.Partner": "row"}

    def rows(self) -> QuerySet[PartnerContact]:
        rows: QuerySet[PartnerContact] = PartnerContact.objects.all()
        return rows

    def visible_to(self, user: Any, term: Term) -> QuerySet[PartnerContact]:
        partners = PARTNERS.visible_to(user).filter(assembly=term.assembly_id)
        return self.rows().filter(row__in=partners) if PARTNERS.can_enter(user, term) else self.rows().none()

    def can_open_page(self, user: Any, term: Term) -> bool:
        return PARTNERS.can_enter(user, term)

    def role_of(self, facts: Mapping[str, Any]) -> str:
        return str(facts["function"]) or gettext("Contact")

    def matching(self, word: str) -> Q:
        return Q(*(Q(**{f"{path}__unaccent__icontains": word}) for path in self.facts.values()), _connector=Q.OR)

    def keywords_of(self, facts: Mapping[str, Any]) -> str:
        return " ".join(facts[name] or "" for name in ("acronym", "territory", "canton"))


def silent_contacts(now: datetime) -> QuerySet[PartnerContact]:
    """Return the contacts without an exchange with their partner, and without a correction, for so long."""
    limit = months_later(timezone.localdate(now), -CONTACT_RETENTION_MONTHS)
    rows: QuerySet[PartnerContact] = PartnerContact.objects.select_related("person", "row")
    condition = Q(last_exchange=None) | Q(last_exchange__lt=limit)
    return rows.filter(condition, changed_at__date__lt=limit)


@transaction.atomic
def erase_partner_contact(contact: PartnerContact) -> None:
    erase_unless_named(contact.person, except_row=contact, by=None)
    record("partner.line_removed", contact, by=None, dossier=contact.row, kind="contacts")
    contact.delete()


add_directory_source(PartnerPeople)
retention(
    "mission.partner_contacts",
    _("Contacts d’un partenaire, trois ans après le dernier échange"),
    find=silent_contacts,
    apply=erase_partner_contact,
)

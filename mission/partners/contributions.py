"""Retention of contacts of partners: three years after the last exchange or correction.

After that day, or when the team removes the contact, the person is erased, unless something else in the database names
them.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.actions import record
from assembly.identity.actions import erase_unless_named
from assembly.identity.personal_data import months_later, retention
from mission.partners.models import CONTACT_RETENTION_MONTHS, PartnerContact


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


retention(
    "mission.partner_contacts",
    _("Contacts d’un partenaire, trois ans après le dernier échange"),
    find=silent_contacts,
    apply=erase_partner_contact,
)

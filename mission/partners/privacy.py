"""Whom one speaks to at a partner’s: kept three years after the last exchange with the partner, or the last time that
somebody corrected the contact. After that day, or when the team takes the contact away, the person is erased, unless
something else of the house names them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.actions import record
from assembly.identity.actions.personal_data import erase_unless_named
from assembly.identity.privacy import months_later, retention
from mission.partners.models import CONTACTS_KEPT_MONTHS, PartnerContact


def silent_contacts(now: datetime) -> QuerySet[PartnerContact]:
    """Nothing was said with their partner, and nobody corrected them, for so long."""
    limit = months_later(timezone.localdate(now), -CONTACTS_KEPT_MONTHS)
    rows: QuerySet[PartnerContact] = PartnerContact.objects.select_related("person", "row")
    said = Q(last_exchange=None) | Q(last_exchange__lt=limit)
    return rows.filter(said, changed_at__date__lt=limit)


@transaction.atomic
def forget_partner_contact(contact: PartnerContact) -> None:
    erase_unless_named(contact.person, but=contact, by=None)
    record("partner.line_removed", contact, by=None, dossier=contact.row, kind="contacts")
    contact.delete()


retention(
    "mission.partner_contacts",
    _("Contacts d’un partenaire, trois ans après le dernier échange"),
    find=silent_contacts,
    apply=forget_partner_contact,
)

"""Personal data of grants: the contact of an association, until a year after the end, and declared interests.

The contact of an association is no `Person`: no card shows it, and its columns are emptied on their day.
"""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import impersonal, personal, retain_all, retention
from mission.grants import deposits
from mission.grants.models import (
    DepositLink,
    GrantApplication,
    GrantDeposit,
    GrantDocument,
    GrantScore,
    ReaderInterest,
    SchemeReader,
)

impersonal(GrantApplication, GrantDeposit, DepositLink, GrantDocument, GrantScore)
personal(
    ReaderInterest,
    name=_("Les liens d’intérêt que vous avez déclarés"),
    owner="user__person",
    fields=retain_all("assembly", "siret", "rna", "kind", "declared_on", reason=_("qui a décidé de l’argent public")),
)
personal(
    SchemeReader,
    name=_("Les dispositifs dont vous lisez les demandes"),
    owner="user__person",
    fields=retain_all("row", "created_at", "changed_at")
    | retain_all("version", "created_by", "changed_by", exported=False),
)
retention(
    "mission.grant_drafts",
    _("Demandes de subvention jamais envoyées, soixante jours après le dernier mot"),
    find=deposits.old_drafts,
    apply=deposits.erase_deposit,
)
retention(
    "mission.grant_contacts",
    _("Personnes à joindre des associations, un an après la fin de la demande"),
    find=deposits.old_contacts,
    apply=deposits.erase_applicant,
)

"""Retention of the contact of an association, until a year after the end, and of what was never sent.

The contact of an association is no `Person`: no card shows it, and its columns are emptied on their day.
"""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import retention
from mission.grants import deposits

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

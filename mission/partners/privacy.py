"""Whom one speaks to at a partner’s."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import erased, kept, personal
from mission.partners.models import PartnerContact

personal(
    PartnerContact,
    name=_("Votre fonction chez un partenaire"),
    owner="person",
    fields={
        "function": erased(),
        **kept("row", "created_at", "changed_at"),
        **kept("version", "created_by", "changed_by", exported=False),
    },
)

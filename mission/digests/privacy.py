"""Personal data of the recipients of the watch letters."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import kept, personal
from mission.digests.models import DigestReader

personal(
    DigestReader,
    name=_("Votre abonnement à la lettre de veille"),
    owner="user__person",
    rows_go=True,
    fields={**kept("assembly", "added_at"), **kept("directorate", "added_by", exported=False)},
)

"""Personal data of the recipients of the watch letters."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import personal, retained
from mission.digests.models import DigestReader

personal(
    DigestReader,
    name=_("Votre abonnement à la lettre de veille"),
    owner="user__person",
    deletes_rows=True,
    fields={**retained("assembly", "added_at"), **retained("directorate", "added_by", exported=False)},
)

"""Personal data of the recipients of the watch letters."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import personal, retain_all
from mission.digests.models import DigestReader

personal(
    DigestReader,
    name=_("Votre abonnement à la lettre de veille"),
    owner="user__person",
    deletes_rows=True,
    fields={**retain_all("assembly", "added_at"), **retain_all("directorate", "added_by", exported=False)},
)

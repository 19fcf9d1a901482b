"""Personal data of amendments and minority positions: who proposed, who signed, in whose name."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import personal, retain_all
from opinions.models import Amendment, AmendmentCosigner, MinorityCosigner, MinorityPosition

ACT = _("acte de l’assemblée, imprimé avec le nom de son auteur")
INTERNAL = (
    "version",
    "parent",
    "committee",
    "recorded_by",
    "revision",
    "checked_by",
    "view_by",
    "is_view_on_behalf",
    "called_at",
    "ballot",
    "decision_mode",
    "quorum",
    "present",
    "fell_because",
    "merged_into",
    "author_announced_state",
)
EXPORTED = (
    "number",
    "state",
    "operation",
    "alinea_from",
    "alinea_to",
    "quote",
    "new_text",
    "content",
    "reason",
    "via",
    "received_on",
    "confirmed_at",
    "created_at",
    "changed_at",
    "submitted_at",
    "checked_at",
    "check_reason",
    "view_stance",
    "view_text",
    "view_at",
    "decided_at",
    "ended_at",
    "end_reason",
)

personal(
    Amendment,
    name=_("Vos amendements"),
    owner="author",
    fields=retain_all(*EXPORTED, reason=ACT) | retain_all(*INTERNAL, reason=ACT, exported=False),
)
personal(
    AmendmentCosigner,
    name=_("Les amendements que l’on vous a proposé de signer"),
    owner="person",
    fields=retain_all("amendment", "invited_at", "signed_at", "declined_at", "via", reason=ACT)
    | retain_all("invited_by", "announced_state", reason=ACT, exported=False),
)
personal(
    MinorityPosition,
    name=_("Vos positions minoritaires"),
    owner="author__person",
    fields=retain_all(
        "opinion", "title", "body", "state", "via", "confirmed_at", "submitted_at", "withdrawn_at", reason=ACT
    )
    | retain_all("recorded_by", "version", reason=ACT, exported=False),
)
personal(
    MinorityCosigner,
    name=_("Les positions minoritaires que vous avez signées"),
    owner="user__person",
    fields=retain_all("position", "signed_at", "via", "withdrawn_at", reason=ACT)
    | retain_all("recorded_by", reason=ACT, exported=False),
)

"""What amendments and minority positions hold about people: who proposed, who signed, in whose name."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import keep, personal
from opinions.models import Amendment, AmendmentCosigner, MinorityCosigner, MinorityPosition

ACT = _("acte de l’assemblée, imprimé avec le nom de son auteur")
OURS = (
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
    "fell_because",
    "merged_into",
    "author_told",
)
TOLD = (
    "number",
    "state",
    "operation",
    "alinea_from",
    "alinea_to",
    "quote",
    "words",
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
    fields={**{name: keep(ACT) for name in TOLD}, **{name: keep(ACT, exported=False) for name in OURS}},
)
personal(
    AmendmentCosigner,
    name=_("Les amendements que l’on vous a proposé de signer"),
    owner="person",
    fields={
        "amendment": keep(ACT),
        "invited_by": keep(ACT, exported=False),
        "invited_at": keep(ACT),
        "signed_at": keep(ACT),
        "declined_at": keep(ACT),
        "via": keep(ACT),
        "told_state": keep(ACT, exported=False),
    },
)
personal(
    MinorityPosition,
    name=_("Vos positions minoritaires"),
    owner="author__person",
    fields={
        "opinion": keep(ACT),
        "title": keep(ACT),
        "body": keep(ACT),
        "state": keep(ACT),
        "via": keep(ACT),
        "recorded_by": keep(ACT, exported=False),
        "confirmed_at": keep(ACT),
        "submitted_at": keep(ACT),
        "withdrawn_at": keep(ACT),
        "version": keep(ACT, exported=False),
    },
)
personal(
    MinorityCosigner,
    name=_("Les positions minoritaires que vous avez signées"),
    owner="user__person",
    fields={
        "position": keep(ACT),
        "signed_at": keep(ACT),
        "via": keep(ACT),
        "recorded_by": keep(ACT, exported=False),
        "withdrawn_at": keep(ACT),
    },
)

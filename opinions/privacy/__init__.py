"""What opinions hold about people: who gave a visa, who was drawn to speak; `amendments` has the signers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import impersonal, keep, personal
from opinions.models import (
    AnswerFile,
    Opinion,
    OpinionSection,
    OpinionSettings,
    OpinionVersion,
    OpinionVisa,
    PartVote,
    PrintedWords,
    Ranking,
    Recommendation,
    ServiceNote,
    ServicesRequest,
    Spokesperson,
    SpokespersonDraw,
    TextImport,
)

ACT = _("acte de l’institution, gardé sans votre nom")
DRAWN = _("tirage au sort fait en séance, gardé sans votre nom")


def kept(reason: Any, *names: str) -> dict[str, Any]:
    """The same answer for several fields."""
    return {name: keep(reason) for name in names}


personal(
    OpinionVisa,
    name=_("Les visas que vous avez donnés à des avis"),
    owner="person",
    fields={
        **kept(ACT, "opinion", "version", "capacity", "given_at", "text_sha256", "via", "voided_at"),
        "recorded_by": keep(ACT, exported=False),
    },
)
personal(
    Spokesperson,
    name=_("Votre tirage au sort comme porte-parole"),
    owner="person",
    fields=kept(DRAWN, "draw", "rank"),
)
# The others name people by key only, as acts of the institution or as a function held in it.
impersonal(
    AnswerFile,
    Opinion,
    OpinionSection,
    OpinionSettings,
    OpinionVersion,
    PartVote,
    PrintedWords,
    Ranking,
    Recommendation,
    ServiceNote,
    ServicesRequest,
    SpokespersonDraw,
    TextImport,
)

"""Personal data of opinions: who gave a visa, who was drawn as spokesperson; `amendments` has the signers."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import impersonal, personal, retain_all, retained
from opinions.models import (
    Opinion,
    OpinionSection,
    OpinionSettings,
    OpinionVersion,
    OpinionVisa,
    PartVote,
    PrintedChapters,
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


personal(
    OpinionVisa,
    name=_("Les visas que vous avez donnés à des avis"),
    owner="person",
    fields={
        **retain_all("opinion", "version", "capacity", "given_at", "text_sha256", "via", "voided_at", reason=ACT),
        "recorded_by": retained(ACT, exported=False),
    },
)
personal(
    Spokesperson,
    name=_("Votre tirage au sort comme porte-parole"),
    owner="person",
    fields=retain_all("draw", "rank", reason=DRAWN),
)
# The other models name people by key only, as acts of the institution or as a function held in it.
impersonal(
    Opinion,
    OpinionSection,
    OpinionSettings,
    OpinionVersion,
    PartVote,
    PrintedChapters,
    Ranking,
    Recommendation,
    ServiceNote,
    ServicesRequest,
    SpokespersonDraw,
    TextImport,
)

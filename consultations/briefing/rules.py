"""When a pack may be opened, how much it holds, what is missing before. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _, ngettext

from assembly.files.file_kinds import KINDS, MEGABYTE
from consultations.models import BriefingDocument, BriefingPack, LanguageLevel, Referral, ReferralState
from consultations.referrals.rules import can_brief

S = ReferralState
DEPOSIT_RETENTION = timedelta(days=7)
MAX_DOCUMENTS = 200
MAX_SIZE = 25 * MEGABYTE
ALL_KINDS = tuple(KINDS)


def reaches_members(referral: Referral) -> bool:
    """Return whether members see the question: issued by the president, or put to their vote."""
    if referral.is_self_referral:
        return referral.state in S.tagged("taken_up", "started")
    return referral.issued_at is not None


def can_open(user: Any, pack: BriefingPack) -> bool:
    """Return whether the user may open the pack to the members, or choose when: once, for a question that they see."""
    return can_brief(user, pack.referral) and not pack.is_released and reaches_members(pack.referral)


@dataclass(frozen=True)
class Missing:
    """One thing that the pack lacks; `blocks`: it cannot be opened without it."""

    text: str
    blocks: bool = False


def missing(documents: Sequence[BriefingDocument], waiting: int = 0) -> list[Missing]:
    """List what is missing before the pack is opened, the worst first."""
    return list(_missing(documents, waiting))


def _missing(documents: Sequence[BriefingDocument], waiting: int) -> Iterable[Missing]:
    if not documents:
        yield Missing(_("Le dossier n’a aucun document."), blocks=True)
        return
    if not any(document.level == LanguageLevel.EASY_READ for document in documents):
        yield Missing(_("Aucun document n’est en facile à lire et à comprendre."))
    if unavailable := [document for document in documents if document.upload and not document.upload.is_available]:
        yield Missing(
            ngettext(
                "%(n)s fichier attend l’antivirus : les membres ne peuvent pas encore le lire.",
                "%(n)s fichiers attendent l’antivirus : les membres ne peuvent pas encore les lire.",
                len(unavailable),
            )
            % {"n": len(unavailable)}
        )
    if waiting:
        yield Missing(
            ngettext(
                "%(n)s fichier déposé n’est pas encore décrit : il ne sera pas ouvert.",
                "%(n)s fichiers déposés ne sont pas encore décrits : ils ne seront pas ouverts.",
                waiting,
            )
            % {"n": waiting}
        )
    for document in documents:
        if document.unmet_checks:
            points = ", ".join(str(label).lower() for label in document.unmet_checks)
            yield Missing(_("« %(title)s », à contrôler : %(points)s.") % {"title": document.title, "points": points})

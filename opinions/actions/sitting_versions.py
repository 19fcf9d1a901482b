"""Automatic versions of every text before a sitting that works on it."""

from datetime import datetime

from django.utils.translation import gettext as _

from assembly.collab.enums import VersionReason
from assembly.collab.models import SharedText
from assembly.identity.models import User
from opinions.actions.versions import write_versions
from opinions.adoption.actions.voting import lock_tabled_opinions
from opinions.enums import OpinionState as S
from opinions.models import Opinion, OpinionSection
from opinions.opinions.workflow import OPINION
from sessions.models import Sitting
from sessions.sittings.enums import SittingKind


def texts_before(sitting: Sitting) -> list[SharedText]:
    """Return the texts of a group before its meeting, or every text of the term before a plenary."""
    sections = OpinionSection.objects.filter(
        opinion__term=sitting.term_id,
        opinion__state__in=[S.DRAFTING, S.GROUP_VALIDATED, S.SERVICES_CHECK],
        removed_at=None,
        text__isnull=False,
    )
    if sitting.kind != SittingKind.PLENARY:
        sections = sections.filter(committee=sitting.committee_id)
    texts = [section.text for section in sections.select_related("text").order_by("pk") if section.text]
    if sitting.kind == SittingKind.PLENARY:
        rows = Opinion.objects.filter(term=sitting.term_id, state=S.CONSOLIDATED, text__isnull=False)
        texts += [opinion.text for opinion in rows.select_related("text").order_by("pk") if opinion.text]
    return texts


def keep_versions_before(sitting: Sitting, *, by: User) -> None:
    """Save a version of each text when the sitting is convened or opens."""
    label = _("Avant la séance %(reference)s") % {"reference": sitting.reference}
    write_versions(texts_before(sitting), label=label, by=by, reason=VersionReason.SITTING)


def freeze_at(sitting: Sitting, *, by: User) -> None:
    """Close the amendments to the opinions that an opening plenary votes today."""
    for opinion in lock_tabled_opinions(agenda_item__sitting=sitting).filter(state__in=S.tagged("amendable")):
        OPINION.follow(opinion, "freeze", by=by)


def resume_amendments(sitting: Sitting, opened_at: datetime, *, by: User) -> None:
    """Undo `freeze_at` after an opening by mistake; a text frozen before it stays frozen."""
    for opinion in lock_tabled_opinions(agenda_item__sitting=sitting).filter(state=S.FROZEN, frozen_at__gte=opened_at):
        if OPINION.step(opinion, "resume_amendments"):
            OPINION.follow(opinion, "resume_amendments", by=by)

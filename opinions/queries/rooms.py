"""Opinions outside the bureau."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.institution.queries import main_assembly_key
from assembly.ui.compiled_query import CompiledQuery
from assembly.ui.words import date_words
from consultations.enums import ReferralState
from consultations.models import Referral
from opinions.enums import OpinionState
from opinions.models import AnswerFile, Opinion, OpinionSection
from opinions.models.opinion import OpinionQuerySet
from opinions.queries.opinions import LABEL
from opinions.queries.rights import seats_of
from sessions.queries.public import sittings_about

ANSWERED = [ReferralState.ANSWERED, ReferralState.CLOSED]


def own_list(user: Any) -> Any:
    """Those of the reader, with whether one of the reader's groups writes in it."""
    mine = OpinionSection.objects.filter(
        Exists(seats_of(user.person_id, OuterRef("committee"))), opinion=OuterRef("pk"), removed_at=None
    )
    rows = Opinion.objects.visible_to(user).exclude(state__in=[OpinionState.OUTLINE, OpinionState.WITHDRAWN])
    return rows.select_related("term", "tabled_sitting", "referral").annotate(is_mine=Exists(mine))


def published_opinions() -> OpinionQuerySet:
    """Published opinions of the assembly that the public pages speak for."""
    return Opinion.objects.public().filter(term__assembly=main_assembly_key())


PUBLISHED = CompiledQuery(lambda reference: published_opinions().filter(reference=reference))


def published_opinion(reference: str) -> Opinion | None:
    """The one of that reference, if anybody may read it: asked at each look."""
    return next(PUBLISHED(reference), None)


def opinions_on(referral: Referral) -> list[Opinion]:
    """What anybody may read of the answers to a referral, the latest first."""
    return list(published_opinions().filter(referral=referral).order_by("-adopted_on", "-pk").for_screen())


def with_answers(opinions: OpinionQuerySet) -> OpinionQuerySet:
    """Each with its referral, and the day by which the council must answer it."""
    files = AnswerFile.objects.filter(recommendation__opinion=OuterRef("pk")).order_by("due_on")
    return opinions.select_related("referral").annotate(answer_due_on=Subquery(files.values("due_on")[:1]))


def council_answer(opinion: Any) -> str:
    """What the council did with it, or by which day it must; `opinion` comes from `with_answers`.

    The state of a referral that is not published is not told.
    """
    referral, due_on = opinion.referral, opinion.answer_due_on
    if referral.published_at and referral.state in ANSWERED:
        return _("Le Conseil départemental a répondu.")
    if due_on is None:
        return _("On attend la réponse du Conseil départemental.")
    words = (
        _("Le Conseil départemental doit répondre avant le %(day)s.")
        if due_on >= timezone.localdate()
        else _("La réponse du Conseil départemental était attendue le %(day)s.")
    )
    return words % {"day": date_words(due_on, weekday=False)}


def public_dossier() -> OpinionQuerySet:
    """The same, with what their pages and files tell, and the public sittings that treated each."""
    rows = with_answers(published_opinions()).annotate(held_in=sittings_about(LABEL))
    return rows.select_related(
        "term__assembly",
        "referral",
        "tabled_sitting",
        "ballot",
        "rapporteur",
        "officer__person",
        "printed_words__easy_read_file",
    )

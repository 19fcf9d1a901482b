"""Queries of opinions outside the back office."""

from typing import Any

from django.db.models import Exists, OuterRef

from assembly.institution.queries import main_assembly_key
from assembly.speed.compiled_query import CompiledQuery
from consultations.models import Referral
from opinions.enums import OpinionState
from opinions.models import Opinion, OpinionSection
from opinions.opinions.models import OpinionQuerySet
from opinions.queries.opinions import LABEL
from opinions.sections.queries import seats_of
from sessions.sittings.queries.sittings import sittings_about


def my_opinions(user: Any) -> Any:
    """Return the opinions of the reader, with whether one of the reader's groups writes in each."""
    mine = OpinionSection.objects.filter(
        Exists(seats_of(user.person_id, OuterRef("committee"))), opinion=OuterRef("pk"), removed_at=None
    )
    rows = Opinion.objects.visible_to(user).exclude(state__in=OpinionState.tagged("hidden"))
    return rows.select_related("term", "tabled_sitting", "referral").annotate(is_mine=Exists(mine))


def published_opinions() -> OpinionQuerySet:
    """Return the published opinions of the assembly that the public pages show."""
    return Opinion.objects.public().filter(term__assembly=main_assembly_key())


PUBLISHED = CompiledQuery(lambda reference: published_opinions().filter(reference=reference))


def published_opinion(reference: str) -> Opinion | None:
    """Return the opinion of that reference if anybody may read it; checked at each request."""
    return next(PUBLISHED(reference), None)


def opinions_on(referral: Referral) -> list[Opinion]:
    """Return what anybody may read of the answers to a referral, the latest first."""
    return list(published_opinions().filter(referral=referral).order_by("-adopted_on", "-pk").for_screen())


def public_dossier() -> OpinionQuerySet:
    """Return the published opinions with what their pages and files show, and their public sittings."""
    rows = published_opinions().annotate(held_in=sittings_about(LABEL))
    return rows.select_related(
        "term__assembly",
        "referral",
        "tabled_sitting",
        "ballot",
        "rapporteur",
        "officer__person",
        "printed_chapters__easy_read_file",
    )

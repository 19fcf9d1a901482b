"""Referrals outside the back office: what members read in their area, what anybody reads on the site."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from assembly.institution.models import Committee
from assembly.institution.queries import main_assembly_key
from consultations.enums import ReferralOrigin, ReferralState
from consultations.models import BriefingDocument, Referral, ReferralCommittee
from consultations.queries.committees import LABEL, items_about, latest_first
from consultations.referrals.models import ReferralQuerySet
from sessions.enums import SittingState
from sessions.models import AgendaItem, Decision, Sitting
from sessions.queries.public import sittings_about

S = ReferralState


def area_referrals(user: Any) -> ReferralQuerySet:
    """Return what the assembly was asked or took up; suggestions have their own pages."""
    issued = Q(origin=ReferralOrigin.PRESIDENT, issued_at__isnull=False)
    own = Q(origin=ReferralOrigin.SELF_REFERRAL)
    rows = Referral.objects.visible_to(user).filter(issued | own)
    return rows.select_related(
        "term__assembly", "merged_into", "accepted_item__sitting", "vote_item__sitting", "ballot"
    )


def my_referrals(user: Any) -> ReferralQuerySet:
    """Return the list of the area: without mere suggestions."""
    issued = Q(origin=ReferralOrigin.PRESIDENT)
    return area_referrals(user).filter(issued | Q(state__in=S.tagged("taken_up", "started")) | Q(ballot__isnull=False))


def with_my_groups(referrals: ReferralQuerySet, person: int | None) -> Any:
    """Annotate `is_mine`: whether one of the reader's own groups works on it."""
    mine = ReferralCommittee.objects.filter(
        referral=OuterRef("pk"),
        ended_at=None,
        committee__memberships__person=person,
        committee__memberships__ends_on=None,
    )
    return referrals.annotate(is_mine=Exists(mine))


def agenda_items_read_by(user: Any, referral: Referral) -> list[AgendaItem]:
    """List the agenda items that this reader may see, once convened, the latest first."""
    seen = Sitting.objects.visible_to(user).exclude(notified_at=None).values("pk")
    return latest_first(items_about(referral).filter(is_internal=False, sitting__in=seen))


def published() -> ReferralQuerySet:
    """Return what anybody may read of the assembly of the public pages."""
    return Referral.objects.public().filter(term__assembly=main_assembly_key())


def published_open_first() -> ReferralQuerySet:
    """Return the same for their list; `is_over`: 0 while the assembly works, 1 while the council answers, then 2."""
    is_over = Case(
        When(state__in=S.tagged("at_work"), then=0),
        When(state__in=[S.HANDED_OVER, S.ANSWERED], then=1),
        default=2,
        output_field=IntegerField(),
    )
    return published().select_related("term").annotate(is_over=is_over)


def public_dossier() -> QuerySet[Any]:
    """Return one with all that its page shows, in one statement: groups by name, public sittings that treated it."""
    groups = Committee.objects.filter(pk__in=on_outer(ReferralCommittee).values("committee"))
    rows = published().select_related("term", "merged_into", "council_view", "ballot", "vote_item__sitting")
    return rows.annotate(
        group_names=ArraySubquery(groups.values("name")),
        held_in=sittings_about(LABEL),
    )


def on_outer(model: Any) -> QuerySet[Any]:
    """Return the rows of the referral two queries above."""
    return model.objects.filter(referral=OuterRef(OuterRef("pk")))


def public_documents(referral: Referral) -> list[BriefingDocument]:
    """List the papers of the pack that are marked as public, once the pack is open."""
    rows = BriefingDocument.objects.filter(
        pack__referral=referral, pack__released_at__isnull=False, is_public=True, removed_at=None, replaced_by=None
    )
    return list(rows.select_related("upload").order_by("position", "pk"))


def decisions_read_by(user: Any, referral: Referral) -> list[Decision]:
    """List the decisions about it taken in sittings that this reader may see."""
    seen = Sitting.objects.visible_to(user).filter(state__in=SittingState.tagged("held")).values("pk")
    items = items_about(referral).filter(is_internal=False, sitting__in=seen).values("pk")
    rows = Decision.objects.filter(agenda_item__in=items, withdrawn_at=None).select_related("sitting__committee")
    return list(rows.order_by("-sitting__starts_at", "number"))

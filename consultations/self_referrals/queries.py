"""Queries of suggestions: how many dots, what remains to give, which subjects look alike."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from assembly.identity.models import User
from assembly.institution.models import Role, RoleAssignment, Term
from assembly.speed.queries import CompiledQuery
from consultations.models import Referral, ReferralOrigin, ReferralSettings, ReferralState, Support
from consultations.referrals.models import ReferralQuerySet
from consultations.self_referrals.rules import SuggestionLimits

S = ReferralState
LIKENESS = 0.3
SHOWN_ALIKE = 3
SHORTEST = 4


@dataclass(frozen=True)
class DotBudget:
    """One member's dots in a term."""

    limits: SuggestionLimits
    used: int

    @property
    def left(self) -> int:
        return max(self.limits.dots - self.used, 0)


def settings_of(term: Term | int) -> ReferralSettings | None:
    return ReferralSettings.objects.filter(term=term).first()


def limits_of(term: Term | int) -> SuggestionLimits:
    row = settings_of(term)
    return SuggestionLimits(row.dots, row.dots_a_subject) if row else SuggestionLimits()


def dot_budget_of(user: Any, term: Term) -> DotBudget:
    return DotBudget(limits_of(term), supports_of(user, term).aggregate(n=Sum("dots"))["n"] or 0)


def supports_of(user: User | int, term: Term | int) -> QuerySet[Support]:
    """Return the dots of this member that count now."""
    return Support.objects.filter(user=user, referral__term=term, referral__state__in=S.tagged("holding_dots"))


def dot_counts(user: int, term: int) -> QuerySet[Any, tuple[bool, int | None, int | None]]:
    """Return whether there is a subject of somebody else, the dots of each member, the dots this one gave."""
    others = Referral.objects.filter(term=term, origin=ReferralOrigin.SELF_REFERRAL, state=S.SUGGESTED)
    used = supports_of(user, term).order_by().values("referral__term").annotate(n=Sum("dots")).values("n")
    return Term.objects.filter(pk=term).values_list(
        Exists(others.exclude(suggested_by=user)),
        Subquery(ReferralSettings.objects.filter(term=term).values("dots")[:1]),
        Subquery(used, output_field=IntegerField()),
    )


DOTS = CompiledQuery(dot_counts)


def dots_to_give(user: Any, term: Term) -> int:
    """Return the dots left to a member while a subject of somebody else may be supported, in one statement."""
    ((may_give, dots, used),) = DOTS(user.pk, term.pk)
    limits = SuggestionLimits() if dots is None else SuggestionLimits(dots=dots)
    return DotBudget(limits, used or 0).left if may_give else 0


def suggestions(term: Term) -> ReferralQuerySet:
    """Return every self-referral of the term, with its dots and its supporters."""
    return with_dots(Referral.objects.filter(term=term, origin=ReferralOrigin.SELF_REFERRAL))


def with_dots(rows: ReferralQuerySet) -> ReferralQuerySet:
    supports = Support.objects.filter(referral=OuterRef("pk")).order_by().values("referral")
    return rows.annotate(
        dots=Coalesce(Subquery(supports.annotate(n=Sum("dots")).values("n"), output_field=IntegerField()), 0),
        supporters=Coalesce(Subquery(supports.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
    )


def readable_suggestions(user: Any, term: Term) -> ReferralQuerySet:
    """Return what members read: all but those taken back, and their own whatever became of them."""
    mine = Support.objects.filter(referral=OuterRef("pk"), user=user).values("dots")
    rows = (
        suggestions(term)
        .annotate(mine=Coalesce(Subquery(mine, output_field=IntegerField()), 0))
        .select_related("suggested_by__person", "merged_into")
    )
    return rows.filter(~Q(state__in=S.tagged("stopped")) | Q(suggested_by=user))


def similar_suggestions(term: Term, title: str, *, but: int | None = None) -> list[Referral]:
    """List subjects whose title looks like this one, the nearest first, whatever accents and order of words."""
    text = title.strip()
    if len(text) < SHORTEST:
        return []
    referrals = Referral.objects.filter(term=term).exclude(state__in=S.tagged("unissued", "stopped"))
    near = Greatest(TrigramSimilarity("title", text), TrigramWordSimilarity(text, "title"))
    if but is not None:
        referrals = referrals.exclude(pk=but)
    rows = referrals.annotate(likeness=near).filter(likeness__gte=LIKENESS)
    return list(rows.order_by("-likeness", "-pk")[:SHOWN_ALIKE])


def desk_dossier(pk: int) -> dict[str, Any]:
    """Return check, view and supports of one self-referral, for its tab."""
    referral = Referral.objects.select_related(
        "admissibility__decided_by__person",
        "council_view__recorded_by__person",
        "council_view__upload",
        "recorded_by__person",
        "vote_item__sitting",
        "ballot",
    ).get(pk=pk)
    return {
        "own": referral,
        "check": getattr(referral, "admissibility", None),
        "view": getattr(referral, "council_view", None),
        "dots": Support.objects.filter(referral=pk).aggregate(dots=Sum("dots"), supporters=Count("pk")),
    }


def members_of(term: Term) -> QuerySet[User]:
    """Return the members in office who have an account: a suggestion has an author, even when the team writes it."""
    assignments = RoleAssignment.objects.filter(term=term, role=Role.MEMBER, ended_at=None)
    return (
        User.objects.filter(pk__in=assignments.values("user")).select_related("person").order_by("person__sort_name")
    )

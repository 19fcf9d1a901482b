"""Whom opinions wait for: the team, the lead of a group, a directorate, the members who write."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from assembly.institution.enums import CommitteeFunction
from assembly.institution.models import Term
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState, OpinionVisaCapacity, SectionState
from opinions.models import Opinion, OpinionSection, OpinionVersion, OpinionVisa, ServicesRequest
from opinions.models.opinion import BEFORE_VOTE_STATES
from opinions.models.recommendation import OPEN_CHECKS
from opinions.queries.rights import seats_of

S = OpinionState
TEAM_ACTS = [S.OUTLINE, S.GROUP_VALIDATED, S.CONSOLIDATED, S.ADOPTED, S.HANDED_OVER]


def for_team(term: Term) -> Any:
    """Opinions whose next step is the team's, those that directorates have all read, those with amendments to check.

    `to_check` counts these amendments. One statement for all: the first screen asks many such questions.
    """
    still = ServicesRequest.objects.filter(opinion=OuterRef("pk"), state__in=OPEN_CHECKS)
    read = Q(state=S.SERVICES_CHECK) & ~Exists(still)
    submitted = Q(state__in=BEFORE_VOTE_STATES, versions__amendments__state=AmendmentState.SUBMITTED)
    to_check = Count("versions__amendments", filter=submitted, distinct=True)
    rows = Opinion.objects.filter(term=term).annotate(to_check=to_check)
    waiting = rows.filter(Q(state__in=TEAM_ACTS) | read | Q(to_check__gt=0))
    return waiting.select_related("tabled_sitting").order_by("pk")


def to_sign(user: Any, term: Term) -> QuerySet[Opinion]:
    """Adopted opinions, not handed over, without the visa of the reader who chaired the vote or is the rapporteur."""
    versions = OpinionVersion.objects.filter(opinion=OuterRef("pk")).order_by("-number")
    given = OpinionVisa.objects.filter(opinion=OuterRef("pk"), version=OuterRef("last_version"), voided_at=None)
    as_chair = Q(~Exists(given.filter(capacity=OpinionVisaCapacity.CHAIR)), tabled_sitting__chair=user.person_id)
    as_rapporteur = Q(~Exists(given.filter(capacity=OpinionVisaCapacity.RAPPORTEUR)), rapporteur=user.person_id)
    rows = Opinion.objects.filter(term=term, state=S.ADOPTED).annotate(
        last_version=Subquery(versions.values("pk")[:1])
    )
    return rows.filter(as_chair | as_rapporteur).order_by("pk")


def to_write(user: Any, term: Term) -> Any:
    """Texts that the reader's own groups write now."""
    seat = seats_of(user.person_id, OuterRef("committee"))
    rows = OpinionSection.objects.filter(
        Exists(seat),
        opinion__term=term,
        opinion__state=S.DRAFTING,
        state=SectionState.DRAFTING,
        removed_at=None,
        text__isnull=False,
    )
    leads = seat.filter(function__in=[CommitteeFunction.GROUP_LEAD, CommitteeFunction.CHAIR])
    is_lead = Exists(leads)
    return rows.annotate(is_lead=is_lead).order_by("opinion", "position")

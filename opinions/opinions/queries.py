"""Opinions whose next step is due from the team, the lead of a group, a directorate or the members who write."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from assembly.institution.enums import CommitteeFunction
from assembly.institution.models import Term
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState, OpinionVisaCapacity, SectionState, ServicesCheckState
from opinions.models import Amendment, Opinion, OpinionSection, OpinionVersion, OpinionVisa, ServicesRequest
from opinions.sections.queries import seats_of

S = OpinionState


def submitted_amendments() -> QuerySet[Amendment]:
    """Return those of the outer opinion that the team has to check."""
    return Amendment.objects.filter(version__opinion=OuterRef("pk"), state=AmendmentState.SUBMITTED).order_by()


def number_of(amendments: QuerySet[Amendment]) -> Subquery:
    return Subquery(amendments.values("version__opinion").annotate(n=Count("pk")).values("n"))


def to_check(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return the opinions with amendments to check, and their number (`to_check`)."""
    rows = Opinion.objects.filter(Exists(submitted_amendments()), term=term, state__in=S.tagged("before_vote"))
    return rows.annotate(to_check=number_of(submitted_amendments()))


def for_team(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return the opinions whose next step is the team's, or read by all directorates, but amendments come first."""
    still = ServicesRequest.objects.filter(opinion=OuterRef("pk"), state__in=ServicesCheckState.tagged("open"))
    read = Q(state=S.SERVICES_CHECK) & ~Exists(still)
    checked_first = Q(state__in=S.tagged("before_vote")) & Exists(submitted_amendments())
    acts = [S.OUTLINE, S.GROUP_VALIDATED, S.CONSOLIDATED, S.ADOPTED, S.HANDED_OVER]
    return Opinion.objects.filter(Q(state__in=acts) | read, term=term).exclude(checked_first)


def opinions_to_view(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return the opinions for their rapporteurs, while amendments have no view (`waiting`: how many)."""
    sections = OpinionSection.objects.filter(opinion=OuterRef("pk"), rapporteur=user.person_id, removed_at=None)
    admissible = Amendment.objects.filter(version__opinion=OuterRef("pk"), state=AmendmentState.ADMISSIBLE)
    viewless = admissible.filter(view_stance="").order_by()
    rows = Opinion.objects.filter(Q(rapporteur=user.person_id) | Exists(sections), term=term)
    rows = rows.filter(Exists(viewless), state__in=S.tagged("before_vote"))
    return rows.annotate(waiting=number_of(viewless))


def to_sign(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return adopted opinions, not handed over, without the visa of the reader, who chaired the vote or reports."""
    versions = OpinionVersion.objects.filter(opinion=OuterRef("pk")).order_by("-number")
    visas = OpinionVisa.objects.filter(opinion=OuterRef("pk"), version=OuterRef("last_version"), voided_at=None)
    as_chair = Q(~Exists(visas.filter(capacity=OpinionVisaCapacity.CHAIR)), tabled_sitting__chair=user.person_id)
    as_rapporteur = Q(~Exists(visas.filter(capacity=OpinionVisaCapacity.RAPPORTEUR)), rapporteur=user.person_id)
    rows = Opinion.objects.filter(term=term, state=S.ADOPTED).annotate(
        last_version=Subquery(versions.values("pk")[:1])
    )
    return rows.filter(as_chair | as_rapporteur)


def to_write(user: Any, term: Term | int) -> Any:
    """Return the texts that the reader's own groups write now."""
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
    return rows.annotate(is_lead=is_lead)

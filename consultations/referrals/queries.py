"""Queries of referrals: the list, one dossier, whose answer is due, what members and the public see."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from assembly.institution.models import Directorate, Term
from assembly.institution.reader_query import VisibleRow
from consultations.enums import HearingState, ReferralState, ReviewState
from consultations.models import (
    BriefingDocument,
    DirectorateReview,
    Hearing,
    Referral,
    ReferralCommittee,
    ReferralDirectorate,
    ThreadMessage,
)
from consultations.queries.committees import reception
from consultations.referrals.models import ReferralQuerySet
from sessions.models import Sitting

S, R = ReferralState, ReviewState


@dataclass(frozen=True)
class ReviewRequest:
    """One request to a directorate, as the frame of the page needs it."""

    name: str
    state: str
    due_on: date

    @property
    def is_open(self) -> bool:
        return self.state in R.tagged("open")

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()


@dataclass(frozen=True)
class ReferralFigures:
    """Counts of a referral's pages: « 2/4 avis », those still due, the documents, the hearings."""

    requests: list[ReviewRequest] = field(default_factory=list)
    reception: str = ""
    sitting: Sitting | None = None

    @property
    def asked(self) -> int:
        return len(self.requests)

    @property
    def given(self) -> int:
        return sum(request.state in R.tagged("given") for request in self.requests)

    @property
    def awaited(self) -> list[ReviewRequest]:
        return [request for request in self.requests if request.is_open]

    @property
    def late(self) -> list[ReviewRequest]:
        return [request for request in self.requests if request.is_late]


def count_rows(rows: QuerySet[Any], condition: Q | None = None) -> Subquery:
    """Count the rows of the outer referral, as a column: joins would multiply one another."""
    matches = rows.filter(condition) if condition is not None else rows
    counted = matches.order_by().values(matches.model.referral.field.name).annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())


def of_outer_referral(model: Any) -> QuerySet[Any]:
    return model.objects.filter(referral=OuterRef("pk"))


def with_reviews(referrals: ReferralQuerySet) -> ReferralQuerySet:
    """Annotate `review_counts`: how many were `asked`, are `given` and `late`, counted together; None without any."""
    reviews = (
        of_outer_referral(DirectorateReview).exclude(state__in=R.tagged("inactive")).order_by().values("referral")
    )
    counts = JSONObject(
        asked=Count("pk"),
        given=Count("pk", filter=Q(state__in=R.tagged("given"))),
        late=Count("pk", filter=Q(state__in=R.tagged("open"), due_on__lt=timezone.localdate())),
    )
    return referrals.annotate(review_counts=Subquery(reviews.annotate(counts=counts).values("counts")))


def listing(user: Any, term: Term) -> ReferralQuerySet:
    """Return the list of the back office."""
    return with_reviews(Referral.objects.visible_to(user).filter(term=term))


def late_condition(today: date | None = None) -> Q:
    """Build the condition of opinions whose day has passed."""
    return Q(state__in=S.tagged("due"), due_on__lt=today or timezone.localdate())


def dossier(user: Any) -> ReferralQuerySet:
    """Return referrals with all that the frame names and counts; what few of them have is read where it is shown."""
    documents = BriefingDocument.objects.filter(
        pack__referral=OuterRef("pk"), removed_at=None, replaced_by=None
    ).order_by()
    return (
        Referral.objects.visible_to(user)
        .select_related(
            "term__assembly",
            "officer__person",
            "suggested_by__person",
            "issued_by__person",
            "accepted_item__sitting",
            "vote_item__sitting",
            "ballot",
            "briefing",
        )
        .annotate(
            documents_count=Subquery(
                documents.values("pack__referral").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
            ),
            hearings_count=count_rows(of_outer_referral(Hearing).exclude(state=HearingState.CANCELLED)),
            committees_count=count_rows(of_outer_referral(ReferralCommittee).filter(ended_at=None)),
            messages_count=count_rows(of_outer_referral(ThreadMessage).filter(review=None, withdrawn_at=None)),
        )
    )


DOSSIER = VisibleRow(dossier)


def figures(referral: Referral) -> ReferralFigures:
    """Return the requests still open or given, in one statement; for an issued one also where it will be received."""
    rows = DirectorateReview.objects.filter(referral=referral).exclude(state__in=R.tagged("inactive"))
    values = rows.order_by("due_on", "directorate__name__alphabetical").values_list(
        "directorate__name", "state", "due_on"
    )
    where = reception(referral) if referral.state == S.ISSUED else ("", None)
    return ReferralFigures([ReviewRequest(*row) for row in values], *where)


def named_directorates(referral: Referral) -> list[ReferralDirectorate]:
    """List the lead first, then those associated."""
    rows = ReferralDirectorate.objects.filter(referral=referral).select_related("directorate")
    return list(rows.order_by("-is_lead", "directorate__name__alphabetical"))


def open_directorates(term: Term) -> QuerySet[Directorate]:
    return Directorate.objects.filter(assembly=term.assembly_id, closed_on=None).order_by("name__alphabetical")


def followed_by(user: Any, term: Term) -> QuerySet[Referral]:
    """Return the open referrals that `user` follows: they pass to somebody else when an agent leaves."""
    return Referral.objects.filter(term=term, officer=user).exclude(state__in=S.tagged("ended")).order_by("pk")


def given_reviews(user: Any, referral: Referral) -> QuerySet[DirectorateReview]:
    """Return the answers that this reader may see, the most recent last."""
    rows = DirectorateReview.objects.visible_to(user).filter(referral=referral, state__in=R.tagged("given"))
    return rows.select_related("directorate").order_by("validated_at", "pk")

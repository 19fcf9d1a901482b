"""Queries of the services' check: the notes of a directorate, and all notes side by side for the team."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES
from assembly.institution.rules import directorate_ids
from consultations.reviews.queries import agents_of, contacts_of
from consultations.reviews.rules import is_approver
from opinions.checks.models import ServicesCheckState, ServicesRequestQuerySet, read_by_agents
from opinions.models import Opinion, Recommendation, RecommendationState, ServiceNote, ServicesRequest

ACTIVE = Q(recommendation__state=RecommendationState.ACTIVE)


@dataclass(frozen=True)
class CheckedRecommendation:
    """One recommendation as a directorate sees it."""

    recommendation: Recommendation
    note: ServiceNote | None

    @property
    def is_done(self) -> bool:
        return self.note is not None


def progress_of(request: ServicesRequest) -> tuple[int, int]:
    """Return the number of recommendations noted, and the number to note (« 3/10 »)."""
    total = Recommendation.objects.filter(opinion=request.opinion_id, state=RecommendationState.ACTIVE).count()
    return ServiceNote.objects.filter(ACTIVE, request=request).count(), total


def with_progress(requests: ServicesRequestQuerySet) -> Any:
    """Return the requests with these two numbers as columns."""
    active = Recommendation.objects.filter(opinion=OuterRef("opinion"), state=RecommendationState.ACTIVE).order_by()
    total = active.values("opinion").annotate(n=Count("pk")).values("n")
    done = Count("notes", filter=Q(notes__recommendation__state=RecommendationState.ACTIVE))
    return requests.annotate(done=done, total=Coalesce(Subquery(total), 0))


def requests_of(opinion: Opinion) -> list[Any]:
    """Return the requests of every directorate that reads or has read this opinion."""
    rows = ServicesRequest.objects.filter(opinion=opinion).select_related("directorate", "validated_by__person")
    requests = list(with_progress(rows).order_by("directorate__name__alphabetical", "pk").for_screen())
    for request in requests:
        request.opinion = opinion
    return requests


def my_requests(user: Any) -> Any:
    """Return what the reader's directorates are asked."""
    return readable_requests(user).filter(directorate__in=directorate_ids(user, DIRECTORATE_ROLES))


def readable_requests(user: Any) -> Any:
    """Return what the reader's directorates are asked, and what those were asked that were closed into them."""
    rows = ServicesRequest.objects.visible_to(user).filter(read_by_agents(user))
    people = rows.select_related(
        "opinion__referral", "opinion__term__assembly", "opinion__text", "directorate", "submitted_by__person"
    )
    return with_progress(people).order_by("due_on", "pk")


def former_requests(request: ServicesRequest) -> list[ServicesRequest]:
    """Return the requests on the same opinion that stayed with directorates closed into this one."""
    rows = ServicesRequest.objects.filter(opinion=request.opinion_id, directorate__successor=request.directorate_id)
    rows = rows.filter(directorate__closed_on__isnull=False).select_related("directorate")
    return list(rows.order_by("pk").for_screen())


def lines_of(request: ServicesRequest) -> list[CheckedRecommendation]:
    """Return each recommendation of the opinion, with this directorate's note."""
    notes = {
        note.recommendation_id: note
        for note in ServiceNote.objects.filter(request=request).select_related("saved_by__person")
    }
    rows = Recommendation.objects.filter(opinion=request.opinion_id, state=RecommendationState.ACTIVE)
    recommendations = list(rows.select_related("section__text").order_by("number", "pk").for_screen())
    for row in recommendations:
        row.opinion = request.opinion
    return [CheckedRecommendation(row, notes.get(row.pk)) for row in recommendations]


def notes_on(opinion: Opinion) -> dict[int, list[ServiceNote]]:
    """Return the validated notes by recommendation, which the team and the members read next to the text."""
    notes = ServiceNote.objects.filter(request__opinion=opinion, request__state=ServicesCheckState.VALIDATED)
    by_recommendation: dict[int, list[ServiceNote]] = {}
    notes = notes.order_by("request__directorate__name__alphabetical", "pk")
    for note in notes.select_related("request__directorate").for_screen():
        by_recommendation.setdefault(note.recommendation_id, []).append(note)
    return by_recommendation


def waited_people(request: ServicesRequest) -> list[User]:
    """Return who must act: those who write, or those who give the visa."""
    if request.state != ServicesCheckState.SUBMITTED:
        return contacts_of(request.directorate_id)
    return [user for user in agents_of(request.directorate_id) if is_approver(user, request.directorate_id)]

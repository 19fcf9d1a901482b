"""Reading the services' check: what a directorate has noted, what the team reads side by side."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.rules import directorate_ids
from consultations.queries.desk import agents_of, contacts_of
from consultations.rules.reviews import is_approver
from opinions.enums import RecommendationState, ServicesCheckState
from opinions.models import Opinion, Recommendation, ServiceNote, ServicesRequest
from opinions.models.recommendation import ServicesRequestQuerySet

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
    """« 3/10 »: noted, to note."""
    total = Recommendation.objects.filter(opinion=request.opinion_id, state=RecommendationState.ACTIVE).count()
    return ServiceNote.objects.filter(ACTIVE, request=request).count(), total


def with_progress(requests: ServicesRequestQuerySet) -> Any:
    """The same two numbers as columns."""
    active = Recommendation.objects.filter(opinion=OuterRef("opinion"), state=RecommendationState.ACTIVE).order_by()
    total = active.values("opinion").annotate(n=Count("pk")).values("n")
    done = Count("notes", filter=Q(notes__recommendation__state=RecommendationState.ACTIVE))
    return requests.annotate(done=done, total=Coalesce(Subquery(total), 0))


def requests_of(opinion: Opinion) -> list[Any]:
    """Every directorate that reads or has read this opinion."""
    rows = ServicesRequest.objects.filter(opinion=opinion).select_related("directorate", "validated_by__person")
    found = list(with_progress(rows).order_by("directorate__name__alphabetical", "pk").for_screen())
    for request in found:
        request.opinion = opinion
    return found


def own_requests(user: Any) -> Any:
    """What the reader's directorates are asked."""
    rows = ServicesRequest.objects.visible_to(user).filter(directorate__in=directorate_ids(user, DIRECTORATE_ROLES))
    people = rows.select_related(
        "opinion__referral", "opinion__term__assembly", "opinion__text", "directorate", "submitted_by__person"
    )
    return with_progress(people).order_by("due_on", "pk")


def lines_of(request: ServicesRequest) -> list[CheckedRecommendation]:
    """Each recommendation of the opinion, with this directorate's note."""
    notes = {
        note.recommendation_id: note
        for note in ServiceNote.objects.filter(request=request).select_related("saved_by__person")
    }
    rows = Recommendation.objects.filter(opinion=request.opinion_id, state=RecommendationState.ACTIVE)
    found = list(rows.select_related("section__text").order_by("number", "pk").for_screen())
    for row in found:
        row.opinion = request.opinion
    return [CheckedRecommendation(row, notes.get(row.pk)) for row in found]


def notes_on(opinion: Opinion) -> dict[int, list[ServiceNote]]:
    """What was given, by recommendation: the team and the members read it beside the text."""
    given = ServiceNote.objects.filter(request__opinion=opinion, request__state=ServicesCheckState.VALIDATED)
    found: dict[int, list[ServiceNote]] = {}
    given = given.order_by("request__directorate__name__alphabetical", "pk")
    for note in given.select_related("request__directorate").for_screen():
        found.setdefault(note.recommendation_id, []).append(note)
    return found


def waited_people(request: ServicesRequest) -> list[User]:
    """Who must act: those who write, or who give the visa."""
    if request.state != ServicesCheckState.SUBMITTED:
        return contacts_of(request.directorate_id)
    return [user for user in agents_of(request.directorate_id) if is_approver(user, request.directorate_id)]

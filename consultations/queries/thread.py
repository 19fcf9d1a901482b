"""Queries of the private thread of a referral."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES
from assembly.institution.models import RoleAssignment
from assembly.text.alphabetical import alphabetical
from consultations.models import DirectorateReview, Referral, ReferralDirectorate, ThreadMessage


@dataclass(frozen=True)
class MentionablePerson:
    """Somebody who may be named with « @ »."""

    pk: int
    name: str
    place: str


def messages_of(
    referral: Referral, review: DirectorateReview | None = None, *, with_common: bool = False
) -> QuerySet[ThreadMessage]:
    """Return messages in the order they were posted, with their authors and whom they name.

    `review`: its private thread, and the common one as well (`with_common`).
    """
    threads = Q(review=review) | Q(review=None) if with_common else Q(review=review)
    rows = ThreadMessage.objects.filter(threads, referral=referral)
    rows = rows.select_related("author__person", "directorate")
    return rows.prefetch_related(Prefetch("mentions", queryset=User.objects.select_related("person")))


def reader_roles(referral: Referral, review: DirectorateReview | None = None) -> QuerySet[RoleAssignment]:
    """Return the roles that open the thread: the team of the term, the agents of the directorates named.

    For the private thread of a review: the agents of its directorate, and its copy readers.
    """
    named = ReferralDirectorate.objects.filter(referral=referral).values("directorate")
    opens = Q(term=referral.term_id, role__in=TEAM_ROLES) | Q(directorate__in=named, role__in=DIRECTORATE_ROLES)
    if review is not None:
        inside = Q(directorate=review.directorate_id) | Q(user__in=review.copy_readers.all())
        opens = inside & Q(role__in=DIRECTORATE_ROLES)
    return RoleAssignment.objects.filter(opens, ended_at=None, user__is_active=True)


def readers_of(referral: Referral, review: DirectorateReview | None = None) -> list[MentionablePerson]:
    """List the people who may be named, each once, the team first."""
    rows = reader_roles(referral, review).select_related("user__person", "directorate")
    people: dict[int, MentionablePerson] = {}
    for assignment in rows.order_by("directorate__name__alphabetical", "user__person__sort_name", "pk"):
        place = assignment.directorate.name if assignment.directorate else ""
        known = people.get(assignment.user_id)
        if known is None or (known.place and not place):
            people[assignment.user_id] = MentionablePerson(assignment.user_id, assignment.user.get_full_name(), place)
    return sorted(people.values(), key=lambda reader: (reader.place != "", alphabetical(reader.place)))


def users_among(referral: Referral, keys: set[int], review: DirectorateReview | None = None) -> QuerySet[User]:
    """Return those of `keys` who may read the thread."""
    return User.objects.filter(pk__in=keys & set(reader_roles(referral, review).values_list("user", flat=True)))

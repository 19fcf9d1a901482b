"""Presence in the fields of an answer, for as long as the page reports it. It is only in the cache."""

from dataclasses import dataclass

from django.core.cache import cache

from assembly.identity.models import User
from consultations.models import DirectorateReview
from consultations.queries.desk import agents_of

CACHE_SECONDS = 40  # pages report every fifteen seconds


@dataclass(frozen=True)
class WritingPlace:
    """A colleague on the same answer; no field: the page is open, nothing is being written."""

    name: str
    field: str


def report_position(review: DirectorateReview, field: str, *, by: User) -> list[WritingPlace]:
    """Store in which field `by` writes, and return those of the colleagues."""
    cache.set(key_of(review, by), field, CACHE_SECONDS)
    colleagues = {key_of(review, user): user for user in agents_of(review.directorate_id) if user.pk != by.pk}
    fields = cache.get_many(colleagues)
    return [WritingPlace(user.get_full_name(), fields[key]) for key, user in colleagues.items() if key in fields]


def key_of(review: DirectorateReview, user: User) -> str:
    return f"review-presence:{review.pk}:{user.pk}"

"""Who writes in which field of an answer, for as long as their page says so. Nothing of it is kept."""

from dataclasses import dataclass

from django.core.cache import cache

from assembly.identity.models import User
from consultations.models import DirectorateReview
from consultations.queries.desk import agents_of

KEPT_SECONDS = 40  # pages tell every fifteen seconds


@dataclass(frozen=True)
class WritingPlace:
    """Somebody else on the same answer; no field: the page is open, nothing is being written."""

    name: str
    field: str


def tell(review: DirectorateReview, field: str, *, by: User) -> list[WritingPlace]:
    """Note where `by` writes, and say where the colleagues do."""
    cache.set(key_of(review, by), field, KEPT_SECONDS)
    colleagues = {key_of(review, user): user for user in agents_of(review.directorate_id) if user.pk != by.pk}
    found = cache.get_many(colleagues)
    return [WritingPlace(user.get_full_name(), found[key]) for key, user in colleagues.items() if key in found]


def key_of(review: DirectorateReview, user: User) -> str:
    return f"review-presence:{review.pk}:{user.pk}"

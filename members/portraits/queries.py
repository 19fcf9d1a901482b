"""Portraits: those that anybody may see today, and those of a term that wait to be read."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assembly.institution.models import Term
from members.enums import ImageUse
from members.mandates.queries import active_mandates
from members.models import ImageConsent, Member, Portrait

ADULT_AFTER = 19  # years since the year of birth: whoever is 18 this year may still be a minor
LEAST_SHOWN = 3  # fewer portraits would single out the people that they show


def latest_adult_year(day: date) -> int:
    """Return the latest year of birth of people who are surely of age on that day."""
    return day.year - ADULT_AFTER


def is_maybe_minor(member: Member) -> bool:
    """Return whether the member may be a minor today: at most the year of birth is stored."""
    return member.birth_year is None or member.birth_year > latest_adult_year(timezone.localdate())


def with_consent(portraits: QuerySet[Portrait]) -> QuerySet[Any]:
    """Annotate `agrees`: the answer in force on the use of the image on the site; None where it was never given."""
    answers = ImageConsent.objects.filter(member=OuterRef("member"), use=ImageUse.WEBSITE)
    latest = answers.order_by("-decided_on", "-pk").values("is_given")[:1]
    return portraits.annotate(agrees=Subquery(latest))


def portraits_of(term: Term | int) -> QuerySet[Any]:
    """Return the portraits of those who sit in the term, with `agrees`, by name."""
    sitting = active_mandates(term).order_by().values("member")
    rows = with_consent(Portrait.objects.filter(member__in=sitting))
    return rows.select_related("member__person", "member__canton", "photo")


def public_portraits(term: Term | int, on: date | None = None) -> QuerySet[Any]:
    """Return what anybody may see on that day.

    Put online by the team, of somebody who sits, who agrees to the use on the site, and for whom a guardian signed if
    they may be a minor.
    """
    day = on or timezone.localdate()
    sitting = active_mandates(term, day).order_by().values("member")
    rows = with_consent(Portrait.objects.filter(published_at__isnull=False, member__in=sitting)).filter(agrees=True)
    return rows.filter(Q(member__birth_year__lte=latest_adult_year(day)) | ~Q(guardian=""))


def shown_portraits(term: Term | int) -> list[Portrait]:
    """Return the portraits of the public page, by canton; none while there are fewer than three."""
    rows = public_portraits(term).select_related("member__person", "member__canton", "photo")
    shown = list(rows.order_by("member__canton__number", "member__person__first_name__alphabetical", "pk"))
    return shown if len(shown) >= LEAST_SHOWN else []

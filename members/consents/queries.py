"""Queries of the charter, of answers about the image and of measures to arrange."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assembly.institution.models import Term
from members.enums import ImageUse
from members.models import AccommodationNeed, CharterAcceptance, CharterVersion, ImageConsent, Member


def charter_for(member: Member, term: Term | int) -> CharterVersion | None:
    """Return the charter in force, with `accepted_on` and `accepted_by` (channel) of this member, in one statement."""
    mine = CharterAcceptance.objects.filter(member=member, version=OuterRef("pk"))
    return (
        CharterVersion.objects.filter(term=term, in_force_on__lte=timezone.localdate())
        .annotate(
            accepted_on=Subquery(mine.values("accepted_on")[:1]), accepted_by=Subquery(mine.values("channel")[:1])
        )
        .first()
    )


def image_answers(member: Member) -> dict[str, ImageConsent | None]:
    """Return the answer in force for each use; None when never answered."""
    answers: dict[str, ImageConsent | None] = dict.fromkeys(ImageUse.values)
    for row in ImageConsent.objects.filter(member=member).order_by("decided_on", "pk"):
        answers[row.use] = row
    return answers


def image_rows(member: Member) -> list[tuple[str, ImageConsent | None]]:
    """Return the label of each use, with the answer in force."""
    answers = image_answers(member)
    return [(str(ImageUse(use).label), answers[use]) for use in ImageUse.values]


def open_needs(members: Iterable[Member | int], on: date | None = None) -> QuerySet[AccommodationNeed]:
    """Return measures to arrange for these members on that day; whoever shows the list records it in the journal."""
    day = on or timezone.localdate()
    rows = AccommodationNeed.objects.filter(member__in=list(members), starts_on__lte=day)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=day)).select_related("member__person", "member__canton")


def member_waiting(person: int, term: int) -> QuerySet[Member]:
    """Return the member behind this sign-in, with the charter in force and whether it and the image were answered."""
    charters = CharterVersion.objects.filter(term=term, in_force_on__lte=timezone.localdate()).values("pk")
    answers = ImageConsent.objects.filter(member=OuterRef("pk"))
    accepted = CharterAcceptance.objects.filter(member=OuterRef("pk"), version=OuterRef("charter"))
    rows = Member.objects.filter(person_id=person).annotate(
        charter=Subquery(charters[:1]), has_answered_image=Exists(answers)
    )
    return rows.annotate(has_accepted=Exists(accepted))

"""Queries of hearings: lists, guests and papers of one, counts, calendars."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from icalendar import Event

from assembly.calendar.ics import event, uid_in
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, overlapping
from assembly.institution.models import CommitteeMembership, Term
from assembly.institution.queries import DESK_ROLES
from assembly.institution.rules import has_role
from assembly.text.french import french_enumeration
from consultations.hearings.models import GuestKind, HearingQuerySet, HearingState
from consultations.models import BriefingDocument, Hearing, HearingGuest, Referral, ReferralCommittee

USUAL_LENGTH = timedelta(hours=2)


@dataclass(frozen=True)
class Counts:
    """What was held: « 6 auditions, 1 visite de site. 7 élus et 13 experts entendus. »"""

    hearings: int
    visits: int
    people: dict[str, int]

    @property
    def sentence(self) -> str:
        events = []
        if self.hearings:
            events.append(
                ngettext("%(n)s audition tenue", "%(n)s auditions tenues", self.hearings) % {"n": self.hearings}
            )
        if self.visits:
            events.append(ngettext("%(n)s visite de site", "%(n)s visites de site", self.visits) % {"n": self.visits})
        parts = [f"{', '.join(events)}."] if events else []
        if heard := self.heard:
            parts.append(_("Entendus : %(people)s.") % {"people": french_enumeration(heard, most=len(GuestKind))})
        return " ".join(parts)

    @property
    def heard(self) -> list[str]:
        """Return « 7 élus », « 13 experts »."""
        labels = {
            GuestKind.ELECTED: ("%(n)s élu", "%(n)s élus"),
            GuestKind.EXPERT: ("%(n)s expert", "%(n)s experts"),
            GuestKind.AGENT: ("%(n)s agent", "%(n)s agents"),
            GuestKind.WITNESS: ("%(n)s personne concernée", "%(n)s personnes concernées"),
        }
        counted = [(labels[kind], self.people.get(kind, 0)) for kind in GuestKind]
        return [ngettext(*forms, n) % {"n": n} for forms, n in counted if n]


def hearing_counts(referral: Referral) -> Counts:
    """Count the hearings and visits that were held, and the people heard there, each once."""
    hearings = Hearing.objects.filter(referral=referral, state=HearingState.HELD)
    kinds = dict(hearings.order_by().values_list("kind").annotate(n=Count("pk")))
    guests = HearingGuest.objects.filter(hearing__in=hearings.values("pk"), removed_at=None).order_by()
    people = dict(guests.values_list("kind").annotate(n=Count("name", distinct=True)))
    return Counts(kinds.get("hearing", 0), kinds.get("site_visit", 0), people)


def hearings_of(referral: Referral) -> list[Hearing]:
    """List all hearings of the referral, in the order of the calendar."""
    rows = Hearing.objects.filter(referral=referral).select_related("committee")
    return list(rows.prefetch_related("guests").order_by("starts_at", "pk"))


def hearing_dossier(user: Any) -> QuerySet[Hearing]:
    """Return the hearings that the user may see, with the rows that the page of one names."""
    return Hearing.objects.visible_to(user).select_related("referral__term__assembly", "committee", "created_by")


def guests_of(hearing: Hearing) -> list[HearingGuest]:
    return list(HearingGuest.objects.filter(hearing=hearing, removed_at=None).select_related("person").order_by("pk"))


def papers_of(hearing: Hearing) -> list[BriefingDocument]:
    """List the papers of the pack that came from this hearing."""
    rows = BriefingDocument.objects.current().filter(hearing=hearing).select_related("upload__blob", "pack")
    return list(rows.order_by("position", "pk"))


def public_hearings(referral: Referral) -> list[dict[str, Any]]:
    """Return what anybody may read: the day, the title, and only the names that may be given."""
    rows = Hearing.objects.filter(referral=referral).exclude(state=HearingState.CANCELLED).order_by("starts_at", "pk")
    named = HearingGuest.objects.filter(hearing=OuterRef("pk"), removed_at=None, is_public=True).order_by("pk")
    names = ArraySubquery(named.values(told=JSONObject(name="name", capacity="capacity")))
    hearings: QuerySet[Any] = rows.annotate(named=names)
    return [{"hearing": hearing, "guests": hearing.named} for hearing in hearings]


def concerns_reader(user: Any) -> Q:
    """Return the condition that a hearing is of a group where this person sits, or of the whole assembly."""
    seats = CommitteeMembership.objects.filter(committee=OuterRef("committee"), person=user.person_id, ends_on=None)
    return Q(committee=None) | Q(Exists(seats))


def my_hearings(user: Any) -> HearingQuerySet:
    """Return the hearings for a person's calendar: of the groups where they sit, and of the whole assembly."""
    rows = Hearing.objects.visible_to(user).filter(concerns_reader(user))
    return rows.select_related("referral__term__assembly", "committee")


def event_of(hearing: Hearing) -> Event:
    """Return the calendar entry; a later version replaces the former one, a cancelled one is shown as such."""
    assembly = hearing.referral.term.assembly
    return event(
        uid_in(assembly, str(hearing.public_id)),
        assembly=assembly,
        title=hearing.title,
        starts_at=hearing.starts_at,
        ends_at=hearing.ends_at or hearing.starts_at + USUAL_LENGTH,
        stamp=hearing.created_at,
        sequence=hearing.version - 1,
        place=hearing.place,
        video_link=hearing.video_link,
        description=f"{hearing.referral.reference} {hearing.referral.title}".strip(),
        status="CANCELLED" if hearing.state == HearingState.CANCELLED else "CONFIRMED",
    )


def hearings_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the hearings that the user may see; those of their groups and of the whole assembly are their own."""
    is_agent = has_role(user, DESK_ROLES, term=term)
    rows = Hearing.objects.visible_to(user).filter(overlapping(first, last, ends="starts_at"), referral__term=term)
    rows = rows.select_related("referral__term__assembly", "committee")
    hearings: QuerySet[Any] = rows.annotate(is_mine=concerns_reader(user)).for_screen()
    for hearing in hearings:
        officer = hearing.referral.officer_id
        yield CalendarItem(
            CalendarKind.HEARING,
            f"hearing-{hearing.pk}",
            hearing.title,
            reverse("consultations:hearing" if is_agent else "consultations:my-hearing", args=[hearing.pk]),
            hearing.starts_at,
            hearing.ends_at or hearing.starts_at + USUAL_LENGTH,
            place=hearing.place,
            users=(officer,) if officer else (),
            is_for_all=hearing.is_mine,
            subject=f"hearing-{hearing.pk}",
            move_url=reverse("consultations:hearing-edit", args=[hearing.pk]),
            is_off=hearing.state == HearingState.CANCELLED,
            event=partial(event_of, hearing),
        )


def committees_at_work(referral: Referral) -> list[int]:
    return list(ReferralCommittee.objects.filter(referral=referral, ended_at=None).values_list("committee", flat=True))

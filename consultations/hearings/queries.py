"""Queries of hearings: lists, guests and papers of one, counts, calendars."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from icalendar import Event

from assembly.institution.models import CommitteeMembership
from assembly.text.french import french_enumeration
from consultations.hearings.models import GuestKind, HearingQuerySet, HearingState
from consultations.models import BriefingDocument, Hearing, HearingGuest, Referral, ReferralCommittee
from sessions.sittings.queries.calendar import event

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


def my_hearings(user: Any) -> HearingQuerySet:
    """Return the hearings for a person's calendar: of the groups where they sit, and of the whole assembly."""
    seats = CommitteeMembership.objects.filter(committee=OuterRef("committee"), person=user.person_id, ends_on=None)
    rows = Hearing.objects.visible_to(user).filter(Q(committee=None) | Exists(seats))
    return rows.select_related("referral__term__assembly", "committee")


def event_of(hearing: Hearing) -> Event:
    """Return the calendar entry; a later version replaces the former one, a cancelled one is shown as such."""
    assembly = hearing.referral.term.assembly
    return event(
        f"{hearing.public_id}@{assembly.sender_email.rpartition('@')[2]}",
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


def events_for(user: Any) -> list[Event]:
    """List the entries of the past year and everything to come, as for sittings."""
    rows = my_hearings(user).filter(starts_at__gte=timezone.now() - timedelta(days=366))
    return [event_of(hearing) for hearing in rows.order_by("starts_at", "pk").for_screen()]


def committees_at_work(referral: Referral) -> list[int]:
    return list(ReferralCommittee.objects.filter(referral=referral, ended_at=None).values_list("committee", flat=True))

"""What the pack and the hearings bring to the rooms: what waits, what was added, hearings in calendars."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.portal.registry import Panel, register_panel
from assembly.ui.words import date_words
from consultations.enums import HearingState, ReferralState
from consultations.models import BriefingDeposit, BriefingPack
from consultations.queries import briefing as queries
from sessions.queries.calendar import also_in_own_feed

SHOWN = 3
WORKED = [ReferralState.ACCEPTED, ReferralState.ADOPTED, ReferralState.IN_PROGRESS]


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Files to describe, packs to open, hearings to note, reports to write."""
    if not is_team(user, term):
        return
    yield from pack_lines(term)
    for hearing in queries.past_hearings(term, timezone.now()):
        day = date_words(hearing.starts_at)
        yield hearing_line(hearing, _("Dire si elle a eu lieu : %(title)s") % {"title": hearing.title}, day)
    for hearing in queries.unwritten_reports(term):
        words = _("Écrire le compte rendu de l’audition : %(title)s") % {"title": hearing.title}
        yield hearing_line(hearing, words, date_words(hearing.starts_at))


def pack_lines(term: Term) -> Iterable[todo.ToDo]:
    waiting = BriefingDeposit.objects.filter(pack__referral__term=term).values("pack").distinct()
    for pack in BriefingPack.objects.filter(pk__in=waiting).select_related("referral").order_by("pk"):
        url = reverse("consultations:briefing-describe", args=[pack.referral_id])
        title = _("Décrire les fichiers déposés : %(title)s") % {"title": pack.referral.title}
        yield todo.ToDo(title, url, pack.referral.reference)
    closed = BriefingPack.objects.filter(
        referral__term=term, referral__state__in=WORKED, released_at=None, release_at=None
    )
    full = closed.filter(documents__removed_at=None, documents__replaced_by=None).exclude(documents=None).distinct()
    for pack in full.select_related("referral").order_by("pk"):
        url = reverse("consultations:briefing-release", args=[pack.referral_id])
        yield todo.ToDo(
            _("Ouvrir le dossier : %(title)s") % {"title": pack.referral.title}, url, pack.referral.reference
        )


def hearing_line(hearing: Any, title: str, day: str) -> todo.ToDo:
    url = reverse("consultations:hearing", args=[hearing.pk])
    return todo.ToDo(title, url, f"{hearing.referral.reference}, {day}")


def own_coming(user: Any, term: Term) -> Panel | None:
    """Hearings to come of the reader's groups."""
    rows = queries.own_hearings(user).filter(
        referral__term=term, state=HearingState.PLANNED, starts_at__gte=timezone.now()
    )
    found = list(rows.order_by("starts_at", "pk").for_screen()[:SHOWN])
    return Panel("consultations/_own_hearings.html", {"hearings": found}, order=25, place="aside") if found else None


@also_in_own_feed
def hearings_in_calendar(user: Any) -> list[Event]:
    """A member's secret calendar also holds the hearings of the groups where they sit."""
    return queries.events_for(user)


todo.register("desk", desk_lines)
register_panel("member", own_coming)

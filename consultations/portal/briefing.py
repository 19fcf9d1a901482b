"""What the pack and the hearings bring to the rooms: what waits, what was added, hearings in calendars."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.portal.registry import Panel, register_panel
from assembly.ui.words import date_words
from consultations.enums import HearingState
from consultations.queries import briefing as queries
from consultations.queries.waiting import WORKED
from sessions.queries.calendar import also_in_own_feed

SHOWN = 3


def desk_lines(referral: Any) -> Iterable[todo.ToDo]:
    """Files to describe, a pack to open, hearings to note, reports to write (`referral` of `waiting_for_team`)."""
    words = {"title": referral.title}
    if referral.has_deposits:
        url = reverse("consultations:briefing-describe", args=[referral.pk])
        yield todo.ToDo(_("Décrire les fichiers déposés : %(title)s") % words, url, referral.reference)
    if referral.may_open and referral.state in WORKED:
        url = reverse("consultations:briefing-release", args=[referral.pk])
        yield todo.ToDo(_("Ouvrir le dossier : %(title)s") % words, url, referral.reference)
    for hearing in referral.hearings_to_note:
        yield hearing_line(referral, hearing)


def hearing_line(referral: Any, hearing: dict[str, Any]) -> todo.ToDo:
    words = {"title": hearing["title"]}
    title = _("Dire si elle a eu lieu : %(title)s") % words
    if hearing["state"] == HearingState.HELD:
        title = _("Écrire le compte rendu de l’audition : %(title)s") % words
    day = date_words(datetime.fromisoformat(hearing["starts_at"]))
    return todo.ToDo(title, reverse("consultations:hearing", args=[hearing["pk"]]), f"{referral.reference}, {day}")


def own_coming(user: Any, term: Term) -> Panel | None:
    """Hearings to come of the reader's groups."""
    rows = queries.own_hearings(user).filter(
        referral__term=term, state=HearingState.PLANNED, starts_at__gte=timezone.now()
    )
    found = list(rows.order_by("starts_at", "pk").for_screen()[:SHOWN])
    return (
        Panel("consultations/_member_hearings.html", {"hearings": found}, order=25, place="aside") if found else None
    )


@also_in_own_feed
def hearings_in_calendar(user: Any) -> list[Event]:
    """A member's secret calendar also holds the hearings of the groups where they sit."""
    return queries.events_for(user)


register_panel("member", own_coming)

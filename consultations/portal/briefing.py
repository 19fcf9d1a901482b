"""Entries of the pack and the hearings in the areas: what is due, what was added, hearings in calendars."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.reader_query import ReaderQuery
from assembly.portal.registry import Widget, add_widget
from assembly.text.french import format_date
from consultations.enums import HearingState
from consultations.models.briefing import HearingQuerySet
from consultations.portal.self_referrals import FIELDS
from consultations.queries import briefing as queries
from consultations.queries import waiting
from sessions.queries.calendar import add_event_source

SHOWN = 3


def describe_line(referral: dict[str, Any]) -> todo.ToDo:
    url = reverse("consultations:briefing-describe", args=[referral["pk"]])
    return todo.ToDo(_("Décrire les fichiers déposés : %(title)s") % referral, url, referral["reference"])


def release_line(referral: dict[str, Any]) -> todo.ToDo:
    url = reverse("consultations:briefing-release", args=[referral["pk"]])
    return todo.ToDo(_("Ouvrir le dossier : %(title)s") % referral, url, referral["reference"])


def hearing_line(hearing: dict[str, Any]) -> todo.ToDo:
    title = _("Dire si elle a eu lieu : %(title)s") % hearing
    if hearing["state"] == HearingState.HELD:
        title = _("Écrire le compte rendu de l’audition : %(title)s") % hearing
    day = format_date(datetime.fromisoformat(hearing["starts_at"]))
    return todo.ToDo(title, reverse("consultations:hearing", args=[hearing["pk"]]), f"{hearing['reference']}, {day}")


HEARING = {name: name for name in ("pk", "title", "state", "starts_at")} | {"reference": "referral__reference"}
DESK = (
    todo.PendingRows(waiting.with_deposits, FIELDS, describe_line, sort_field="title"),
    todo.PendingRows(waiting.to_release, FIELDS, release_line, sort_field="title"),
    todo.PendingRows(waiting.hearings_to_note, HEARING, hearing_line, sort_field="title"),
)


def coming(user: Any, term: int) -> HearingQuerySet:
    rows = queries.my_hearings(user).filter(
        referral__term=term, state=HearingState.PLANNED, starts_at__gte=timezone.now()
    )
    return rows.order_by("starts_at", "pk").for_screen()[:SHOWN]


COMING = ReaderQuery(coming)


def member_hearings(user: Any, term: Term) -> Widget | None:
    """Return the hearings to come of the reader's groups."""
    hearings = list(COMING(user, term))
    return (
        Widget("consultations/_member_hearings.html", {"hearings": hearings}, order=25, position="sidebar")
        if hearings
        else None
    )


def hearings_in_calendar(user: Any) -> list[Event]:
    """Return the hearings of the groups where a member sits, for their secret calendar feed."""
    return queries.events_for(user)


add_widget("member", member_hearings)


add_event_source(hearings_in_calendar)

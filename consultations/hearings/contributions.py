"""Contributions of hearings: a widget, the calendar of members, indicators, audit events."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import add_calendar_source
from assembly.indicators.counting import end_of
from assembly.indicators.registry import (
    Breakdown,
    Facts,
    Indicator,
    RowLines,
    Theme,
    Unit,
    add_indicators,
    seen_by_team,
)
from assembly.institution.models import Term
from assembly.institution.queries import ReaderQuery
from assembly.lists import Column
from assembly.web.widgets import Widget, add_widget
from consultations.hearings import queries
from consultations.hearings.models import HearingQuerySet
from consultations.models import GuestKind, Hearing, HearingGuest, HearingKind, HearingState

SHOWN = 3


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
        Widget("consultations/hearings/_coming.html", {"hearings": hearings}, order=25, position="sidebar")
        if hearings
        else None
    )


def hearings(term: Term, day: date) -> QuerySet[Hearing]:
    return Hearing.objects.filter(referral__term=term, state=HearingState.HELD, starts_at__lt=end_of(day))


def guests(term: Term, day: date) -> QuerySet[HearingGuest]:
    return HearingGuest.objects.filter(hearing__in=hearings(term, day), removed_at=None)


KIND = Breakdown(
    "type", _("type"), lambda term, day: "kind", lambda term: {str(one): one.label for one in HearingKind}
)
QUALITY = Breakdown(
    "qualite", _("qualité"), lambda term, day: "kind", lambda term: {str(one): one.label for one in GuestKind}
)
NO_HEARING = _("Aucune audition n’est encore tenue.")


add_widget("member", member_hearings)
add_calendar_source(CalendarKind.HEARING, queries.hearings_in_calendar)
add_indicators(
    Indicator(
        "auditions",
        _("Auditions et visites"),
        _("Auditions et visites de site tenues pour instruire les saisines."),
        _("nombre d’auditions tenues"),
        Theme.WORK,
        Unit.NUMBER,
        _("Auditions notées dans les saisines"),
        NO_HEARING,
        facts=Facts.DATED,
        rows=hearings,
        lines=RowLines(
            [
                Column(_("Audition"), "title", key="audition", order=["title__alphabetical"]),
                Column(_("Saisine"), "referral.title", key="saisine"),
                Column(_("Date"), "starts_at", key="date", order=["starts_at"]),
            ],
            lambda row: reverse("consultations:referral", args=[row.referral_id]),
            related=("referral",),
        ),
        breakdowns=(KIND,),
        is_public=True,
        order=50,
    ),
    Indicator(
        "personnes-entendues",
        _("Personnes entendues"),
        _("Élus, experts, agents et personnes concernées entendus en audition. Qui vient deux fois compte deux fois."),
        _("nombre de personnes par audition tenue, additionnées"),
        Theme.WORK,
        Unit.NUMBER,
        _("Auditions notées dans les saisines"),
        NO_HEARING,
        facts=Facts.DATED,
        rows=guests,
        lines=RowLines(
            [
                Column(_("Nom"), "name", key="nom", order=["name__alphabetical"]),
                Column(_("Qualité"), "capacity", key="qualite"),
                Column(_("Audition"), "hearing.title", key="audition"),
                Column(_("Date"), "hearing.starts_at", key="date", order=["hearing__starts_at"]),
            ],
            lambda row: reverse("consultations:referral", args=[row.hearing.referral_id]),
            seen_by_team("hearing__referral__"),
            related=("hearing",),
        ),
        breakdowns=(QUALITY,),
        is_public=True,
        order=60,
    ),
)
add_audit_events(
    {
        "hearing.planned": _("a prévu une audition"),
        "hearing.changed": _("a modifié une audition"),
        "hearing.report_written": _("a écrit le compte rendu d’une audition"),
        "hearing.guest_added": _("a ajouté une personne à entendre"),
        "hearing.guest_removed": _("a retiré une personne à entendre"),
    }
)

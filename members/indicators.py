"""What members count: seats held, seats that changed hands."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.indicators.enums import Facts, Theme, Unit
from assembly.indicators.registry import Indicator, RowLines, register
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import term_ids
from assembly.ui.lists import Column
from members.breakdowns import by_canton, by_seat_gender
from members.models import Mandate, Seat


def seats(term: Term, day: date) -> QuerySet[Seat]:
    """Every seat of the term, with whether somebody sits in it that day, and whether it changed hands."""
    mandates = Mandate.objects.filter(seat=OuterRef("pk"))
    begun = mandates.filter(activated_on__lte=day)
    former = begun.filter(ended_on__lte=day)
    later = Mandate.objects.filter(
        ~Q(pk=OuterRef("pk")), seat=OuterRef("seat"), activated_on__lte=day, activated_on__gte=OuterRef("ended_on")
    )
    return Seat.objects.filter(term=term).annotate(
        is_held=Exists(mandates.active_on(day)), changed_hands=Exists(former.filter(Exists(later)))
    )


def seen(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return rows.filter(term__in=term_ids(user, TEAM_ROLES))


def one_if(name: str) -> Any:
    return Case(When(**{name: True}, then=Value(1)), default=Value(0), output_field=IntegerField())


def lines(told: Column) -> RowLines:
    columns = [
        Column(_("Siège"), "code", key="siege", order=["gender", "rank"]),
        Column(_("Canton"), "canton.name", key="canton", order=["canton__number"]),
        told,
    ]
    return RowLines(columns, lambda row: reverse("members:seat-list"), seen, related=("canton",))


SOURCE = _("Mandats notés dans Hémicycle")
PLACES = (by_canton("canton_id", Facts.KEPT), by_seat_gender("gender"))

register(
    Indicator(
        "sieges-pourvus",
        _("Sièges pourvus"),
        _("Part des sièges de l’assemblée où une personne siège ce jour-là. Un mandat suspendu n’est pas compté."),
        _("membres en mandat ÷ sièges"),
        Theme.PANEL,
        Unit.PERCENT,
        SOURCE,
        _("La mandature n’a pas encore de siège."),
        facts=Facts.DATED,
        rows=seats,
        lines=lines(Column(_("Pourvu"), "is_held", key="pourvu")),
        part=lambda day: one_if("is_held"),
        base=lambda day: Value(1),
        people="pk",
        breakdowns=PLACES,
        target=Decimal(100),
        is_public=True,
        order=10,
    ),
    Indicator(
        "sieges-remplaces",
        _("Sièges remplacés"),
        _("Part des sièges dont la première personne est partie et où une autre a pris la suite."),
        _("sièges qui ont changé de titulaire ÷ sièges"),
        Theme.PANEL,
        Unit.PERCENT,
        SOURCE,
        _("La mandature n’a pas encore de siège."),
        facts=Facts.DATED,
        rows=seats,
        lines=lines(Column(_("A changé de titulaire"), "changed_hands", key="change")),
        part=lambda day: one_if("changed_hands"),
        base=lambda day: Value(1),
        people="pk",
        breakdowns=PLACES,
        is_public=True,
        order=20,
    ),
)

"""Contributions of mandates: the role of members, indicators, audit events, their end by an erasure."""

from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.personal_data import at_erasure
from assembly.indicators.counting import one_if
from assembly.indicators.registry import Facts, Indicator, RowLines, Theme, Unit, add_indicators, seen_by_team
from assembly.institution.models import Role, RoleAssignment, Term
from assembly.institution.registry import add_role_guard
from assembly.lists import Column
from members.breakdowns import by_canton, by_seat_gender
from members.enums import MandateState
from members.mandates.actions import end_mandates_of
from members.models import Mandate, Seat


def holds_mandate(assignment: RoleAssignment) -> str:
    """Return why the role cannot end: without it the mandate would still be convened, counted, shown sittings."""
    if assignment.role != Role.MEMBER:
        return ""
    mandates = Mandate.objects.filter(
        member__person=assignment.user.person_id, term=assignment.term_id, state__in=MandateState.tagged("open")
    )
    if not mandates.exists():
        return ""
    return gettext(
        "Cette personne a un mandat dans cette mandature : mettez fin à son mandat, et ce rôle prend fin avec lui."
    )


def seats(term: Term, day: date) -> QuerySet[Seat]:
    """Return every seat of the term, with whether somebody sits in it that day, and whether it changed hands."""
    mandates = Mandate.objects.filter(seat=OuterRef("pk"))
    begun = mandates.filter(activated_on__lte=day)
    former = begun.filter(ended_on__lte=day)
    later = Mandate.objects.filter(
        ~Q(pk=OuterRef("pk")), seat=OuterRef("seat"), activated_on__lte=day, activated_on__gte=OuterRef("ended_on")
    )
    return Seat.objects.filter(term=term).annotate(
        is_held=Exists(mandates.active_on(day)), changed_hands=Exists(former.filter(Exists(later)))
    )


def seat_lines(column: Column) -> RowLines:
    columns = [
        Column(_("Siège"), "code", key="siege", order=["gender", "rank"]),
        Column(_("Canton"), "canton.name", key="canton", order=["canton__number"]),
        column,
    ]
    return RowLines(columns, lambda row: reverse("members:seat-list"), seen_by_team(), related=("canton",))


SOURCE = _("Mandats notés dans Hémicycle")
PLACES = (by_canton("canton_id", Facts.RECORDED), by_seat_gender("gender"))


add_role_guard(holds_mandate)
add_indicators(
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
        lines=seat_lines(Column(_("Pourvu"), "is_held", key="pourvu")),
        part=lambda day: one_if(Q(is_held=True)),
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
        lines=seat_lines(Column(_("A changé de titulaire"), "changed_hands", key="change")),
        part=lambda day: one_if(Q(changed_hands=True)),
        base=lambda day: Value(1),
        people="pk",
        breakdowns=PLACES,
        is_public=True,
        order=20,
    ),
)
add_audit_events({"seats.created": _("a créé les sièges"), "mandate.proposed": _("a proposé le mandat")})

at_erasure("members.mandates", end_mandates_of)

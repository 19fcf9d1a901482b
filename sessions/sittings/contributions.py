"""Contributions of sittings, second part: the indicators: how many, who came, how long, what they cost.

A sitting counts from the day it was closed. Stays, batches and closings store the moment when they were recorded, so
that a past day can be counted again, corrections of the roll included.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.indicators.counting import AMOUNT, HoursBetween, end_of, one_if
from assembly.indicators.enums import Facts, Theme, Unit
from assembly.indicators.registry import Breakdown, Cells, Indicator, RowLines, add_indicators, seen_by_team
from assembly.institution.enums import CommitteeKind
from assembly.institution.models import Committee, Term
from assembly.lists import Column
from assembly.text.french import format_date
from members.breakdowns import by_age, by_canton, by_gender
from members.models import Mandate
from sessions.enums import SittingKind, SittingState
from sessions.models import Attendance, ExpenseBatch, Invitee, Sitting
from sessions.queries.costs import cost_of_sitting

SOURCE = _("Séances closes dans Hémicycle")
CITIZEN_BODIES = (
    CommitteeKind.THEMATIC,
    CommitteeKind.TERRITORIAL,
    CommitteeKind.WORKING_GROUP,
    CommitteeKind.CROSS_CUTTING,
    CommitteeKind.FOLLOW_UP,
)
NOTHING_HELD = _("Aucune séance n’est encore close.")


def held_sittings(term: Term, day: date) -> QuerySet[Sitting]:
    """Return the sittings closed by that day; one without a quorum was not held."""
    return Sitting.objects.filter(
        known_on(day), term=term, state__in=SittingState.tagged("held"), closed_at__lt=end_of(day)
    )


def known_on(day: date, path: str = "") -> Q:
    """Return the condition that a sitting entered afterwards, like its stays, had been entered by that day."""
    entered = f"{path}recorded_at"
    return Q(**{entered: None}) | Q(**{f"{entered}__lt": end_of(day)})


def plenaries(term: Term, day: date) -> QuerySet[Sitting]:
    return held_sittings(term, day).filter(kind=SittingKind.PLENARY)


def meetings(term: Term, day: date) -> QuerySet[Sitting]:
    return held_sittings(term, day).exclude(kind=SittingKind.PLENARY)


def stays_as_of(rows: QuerySet[Attendance], day: date) -> QuerySet[Attendance]:
    """Filter the stays as they were in the roll at the end of that day, whatever was corrected since."""
    known = Q(voided_at=None) | Q(voided_at__gte=end_of(day))
    return rows.filter(known, recorded_at__lt=end_of(day), left_at__isnull=False)


def in_citizen_bodies(path: str = "") -> Q:
    """Return the condition for bodies of members drawn by lot; a steering committee has officials."""
    return Q(**{f"{path}committee": None}) | Q(**{f"{path}committee__kind__in": CITIZEN_BODIES})


def stays(term: Term, day: date) -> QuerySet[Attendance]:
    """Return the stays of members of the body in sittings that were held."""
    rows = Attendance.objects.filter(
        in_citizen_bodies("invitee__sitting__"),
        known_on(day, "invitee__sitting__"),
        invitee__is_member=True,
        invitee__sitting__term=term,
        invitee__sitting__state__in=SittingState.tagged("held"),
        invitee__sitting__closed_at__lt=end_of(day),
    )
    return stays_as_of(rows, day)


def expected(term: Term, day: date) -> QuerySet[Invitee]:
    """Return the members still invited when the sitting closed, annotated with `came`."""
    came = stays_as_of(Attendance.objects.filter(invitee=OuterRef("pk")), day)
    stayed = Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("sitting__closed_at"))
    rows = Invitee.objects.filter(
        stayed,
        in_citizen_bodies("sitting__"),
        known_on(day, "sitting__"),
        is_member=True,
        sitting__term=term,
        sitting__state__in=SittingState.tagged("held"),
        sitting__closed_at__lt=end_of(day),
    )
    return rows.annotate(came=Exists(came))


def hours_of_sitting(day: date) -> Any:
    """Return the expression of the hours of presence of members in the sitting of an outer query."""
    of_it = Attendance.objects.filter(
        in_citizen_bodies("invitee__sitting__"), invitee__sitting=OuterRef("pk"), invitee__is_member=True
    )
    rows = stays_as_of(of_it, day).order_by()
    summed = rows.values("invitee__sitting").annotate(n=Sum(HoursBetween(F("arrived_at"), F("left_at")))).values("n")
    return Coalesce(Subquery(summed, output_field=AMOUNT), Value(Decimal(0), AMOUNT))


def active_members(term: Term, day: date, breakdown: str) -> dict[str, Decimal]:
    number = Mandate.objects.filter(term=term, seat__isnull=False).active_on(day).count()
    return {"": Decimal(number)}


def groups(term: Term) -> Cells:
    rows = Committee.objects.filter(term=term).order_by("name__alphabetical", "pk").values_list("pk", "name")
    return {str(pk): name for pk, name in rows} | {"": _("plénière")}


def sittings_held(term: Term) -> Cells:
    rows = Sitting.objects.filter(term=term, state__in=SittingState.tagged("held")).order_by("starts_at", "pk")
    return {
        str(pk): f"{reference}, {format_date(start, weekday=False)}"
        for pk, reference, start in rows.values_list("pk", "reference", "starts_at")
    }


def by_group(path: str = "") -> Breakdown:
    return Breakdown("groupe", _("groupe"), lambda term, day: f"{path}committee_id", groups, is_public=False)


def by_kind(path: str = "") -> Breakdown:
    cells = {str(one): one.label for one in SittingKind}
    return Breakdown("type", _("type de séance"), lambda term, day: f"{path}kind", lambda term: cells)


BY_SITTING = Breakdown("seance", _("séance"), lambda term, day: "sitting_id", sittings_held, is_public=False)


def address(sitting: Any) -> str:
    return reverse("sittings:sitting", args=[sitting])


def sitting_columns(path: str = "") -> list[Column]:
    order = path.replace(".", "__")
    return [
        Column(_("Séance"), f"{path}title", key="seance", order=[f"{order}title__alphabetical"]),
        Column(_("Référence"), f"{path}reference", key="reference"),
        Column(_("Date"), f"{path}starts_at", key="date", order=[f"{order}starts_at"]),
    ]


SITTINGS = RowLines(sitting_columns(), lambda row: address(row.pk), seen_by_team(""))
INVITED = RowLines(
    [
        Column(_("Membre"), "person.full_name", key="membre", order=["person__sort_name"]),
        *sitting_columns("sitting."),
        Column(_("Est venu"), "came", key="venu"),
    ],
    lambda row: reverse("sittings:attendance", args=[row.sitting_id]),
    seen_by_team("sitting__"),
    related=("person", "sitting"),
)
STAYS = RowLines(
    [
        Column(_("Membre"), "invitee.person.full_name", key="membre", order=["invitee__person__sort_name"]),
        *sitting_columns("invitee.sitting."),
        Column(_("Heures"), "indicator_part", key="heures", number=True),
    ],
    lambda row: reverse("sittings:attendance", args=[row.invitee.sitting_id]),
    seen_by_team("invitee__sitting__"),
    related=("invitee__person", "invitee__sitting"),
)
BATCHES = RowLines(
    [
        Column(_("Lot"), "reference", key="lot", order=["reference"]),
        Column(_("Transmis le"), "made_at", key="date", order=["made_at"]),
        Column(_("Demandes"), "count", key="demandes", number=True),
        Column(_("Total en euros"), "total", key="total", order=["total"], number=True),
    ],
    lambda row: reverse("sittings:expense-batch", args=[row.pk]),
    seen_by_team(""),
)
COSTED = RowLines(
    [*sitting_columns(), Column(_("Euros"), "indicator_part", key="euros", number=True)],
    lambda row: address(row.pk),
    seen_by_team(""),
)
FREE_TIME = _("Somme des durées de présence des membres, entre l’arrivée et le départ notés, dans les séances closes.")


add_indicators(
    Indicator(
        "plenieres",
        _("Plénières tenues"),
        _("Séances plénières closes depuis le début de la mandature. Une séance sans quorum n’est pas comptée."),
        _("nombre de plénières closes"),
        Theme.WORK,
        Unit.NUMBER,
        SOURCE,
        NOTHING_HELD,
        rows=plenaries,
        lines=SITTINGS,
        is_public=True,
        order=10,
    ),
    Indicator(
        "reunions",
        _("Réunions des groupes et comités"),
        _("Séances thématiques et réunions de comité closes depuis le début de la mandature."),
        _("nombre de réunions closes, hors plénières"),
        Theme.WORK,
        Unit.NUMBER,
        SOURCE,
        NOTHING_HELD,
        rows=meetings,
        lines=SITTINGS,
        breakdowns=(by_group(), by_kind()),
        is_public=True,
        order=20,
    ),
    Indicator(
        "assiduite",
        _("Assiduité"),
        _("Part des membres attendus qui sont venus, ne serait-ce qu’un moment, aux séances closes."),
        _("présences ÷ membres attendus, toutes séances ensemble"),
        Theme.WORK,
        Unit.PERCENT,
        _("Feuilles de présence des séances closes"),
        NOTHING_HELD,
        rows=expected,
        lines=INVITED,
        part=lambda day: one_if(Q(came=True)),
        base=lambda day: Value(1),
        people="person",
        breakdowns=(
            BY_SITTING,
            by_group("sitting__"),
            # Members in office: the public reads their profile only as it was published.
            by_canton("person__member__canton_id", is_public=False),
            by_gender("person__member__gender", is_public=False),
            by_age("person__member__birth_year", is_public=False),
        ),
        target=Decimal(75),
        is_public=True,
        order=30,
    ),
    Indicator(
        "heures-de-travail",
        _("Heures de travail des membres"),
        FREE_TIME,
        _("somme (départ − arrivée)"),
        Theme.WORK,
        Unit.HOURS,
        _("Feuilles de présence des séances closes"),
        NOTHING_HELD,
        rows=stays,
        lines=STAYS,
        part=lambda day: HoursBetween(F("arrived_at"), F("left_at")),
        people="invitee__person",
        breakdowns=(by_kind("invitee__sitting__"), by_group("invitee__sitting__")),
        is_public=True,
        order=40,
    ),
    Indicator(
        "frais-rembourses",
        _("Frais transmis aux finances"),
        _("Total des lots de remboursement transmis aux finances depuis le début de la mandature."),
        _("somme des lots"),
        Theme.COST,
        Unit.EUROS,
        _("Lots de remboursement"),
        _("Aucun lot n’est encore transmis."),
        rows=lambda term, day: ExpenseBatch.objects.filter(term=term, made_at__lt=end_of(day)),
        lines=BATCHES,
        part=lambda day: F("total"),
        order=10,
    ),
    Indicator(
        "cout-pleniere",
        _("Coût d’une plénière"),
        _("Ce qu’a coûté en moyenne une plénière tenue : frais remboursés, et dépenses du budget qui s’y rattachent."),
        _("montants rattachés aux plénières ÷ plénières tenues"),
        Theme.COST,
        Unit.EUROS,
        _("Frais remboursés et budget"),
        NOTHING_HELD,
        facts=Facts.DATED,
        rows=plenaries,
        lines=COSTED,
        part=cost_of_sitting,
        base=lambda day: Value(1),
        order=20,
    ),
    Indicator(
        "cout-heure",
        _("Coût d’une heure de participation"),
        _("Ce qu’a coûté une heure de présence d’un membre, toutes séances ensemble."),
        _("montants rattachés aux séances ÷ heures de travail des membres"),
        Theme.COST,
        Unit.EUROS,
        _("Frais remboursés, budget et feuilles de présence"),
        _("Aucune heure de présence n’est encore notée."),
        facts=Facts.DATED,
        rows=held_sittings,
        lines=COSTED,
        part=cost_of_sitting,
        base=hours_of_sitting,
        breakdowns=(by_kind(),),
        order=30,
    ),
    Indicator(
        "cout-membre",
        _("Coût par membre"),
        _("Ce qu’ont coûté les séances depuis le début de la mandature, par membre en mandat ce jour-là."),
        _("montants rattachés aux séances ÷ membres en mandat"),
        Theme.COST,
        Unit.EUROS,
        _("Frais remboursés, budget et mandats"),
        _("Personne ne siège ce jour-là."),
        facts=Facts.DATED,
        rows=held_sittings,
        lines=COSTED,
        part=cost_of_sitting,
        divisors=active_members,
        order=40,
    ),
)

"""The call that the public reads, and the candidates in numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.institution.models import Canton, Term
from assembly.institution.queries import main_assembly_key
from assembly.speed.queries import CompiledQuery
from assembly.text.small_cells import FEW
from draws.calls.rules import very_last_day
from draws.models import Call, CallExtension, Candidate, CandidateState
from members.enums import Gender, SeatGender
from members.models import Seat

RANGES = (FEW, 10, 20, 50)  # where the public ranges of candidates begin
AMBER, RED = 4, 2  # candidates for one seat: under these a draw begins to fail


def _public_calls() -> QuerySet[Call]:
    rows = Call.objects.public().filter(term__assembly__in=main_assembly_key()).order_by("-opens_on")
    return rows.select_related("term__assembly").defer("term__assembly__logo_png")[:1]


PUBLIC_CALL = CompiledQuery(_public_calls)
EXTENSIONS = CompiledQuery(lambda call: CallExtension.objects.filter(call=call).select_related("canton"))


def public_call() -> Call | None:
    """Return the last announced call of the assembly whose public pages these are."""
    return next(PUBLIC_CALL(), None)


def extensions_of(call: Call) -> list[CallExtension]:
    return list(EXTENSIONS(call.pk))


def call_ended_on(call: Call) -> date:
    """Return the last day on which somebody was received somewhere."""
    return very_last_day(call, extensions_of(call))


def has_ended(call: Call) -> bool:
    return call_ended_on(call) < timezone.localdate()


def call_of(term: Term | int) -> Call | None:
    return Call.objects.filter(term=term).select_related("term").first()


@dataclass(frozen=True)
class CallCell:
    """Canton and gender with their counts: `households` counts two women of one home once, as the draw does."""

    canton: Canton
    gender: str
    seats: int
    people: int
    households: int
    eligible: int

    @property
    def gender_label(self) -> str:
        return str(Gender(self.gender).label)

    @property
    def is_red(self) -> bool:
        return self.households < RED * self.seats

    @property
    def is_amber(self) -> bool:
        return not self.is_red and self.households < AMBER * self.seats

    @property
    def state_badge(self) -> str:
        return "late" if self.is_red else "waiting" if self.is_amber else "done"

    @property
    def level(self) -> str:
        return _("trop peu") if self.is_red else _("peu") if self.is_amber else _("assez")

    @property
    def missing(self) -> int:
        """Return how many more households would make the level « assez »."""
        return max(AMBER * self.seats - self.households, 0)

    @property
    def public_count(self) -> str:
        """Return a range: with exact numbers the totals of other pages would reveal the small ones."""
        if self.people < FEW:
            return _("moins de %(n)s") % {"n": FEW}
        low = max(step for step in RANGES if step <= self.people)
        above = [step for step in RANGES if step > low]
        return (
            _("%(low)s à %(high)s") % {"low": low, "high": above[0] - 1} if above else _("%(n)s ou plus") % {"n": low}
        )


def call_cells(call: Call) -> list[CallCell]:
    """Return every canton × gender that has a seat, in the order of the cantons, in three statements.

    Whoever was in the draw counts as before it, until the rows are erased.
    """
    seats = Counter[tuple[int, str]]()
    rows = Seat.objects.filter(term=call.term_id, gender__in=[SeatGender.FEMALE, SeatGender.MALE])
    for canton, gender, n in rows.order_by().values_list("canton", "gender").annotate(n=Count("pk")):
        seats[canton, gender] = n
    counted: dict[Any, dict[str, Any]] = {
        (row["canton"], row["gender"]): dict(row)
        for row in Candidate.objects.filter(
            call=call, state__in=CandidateState.tagged("standing"), canton__isnull=False
        )
        .order_by()
        .values("canton", "gender")
        .annotate(
            people=Count("pk"),
            homes=Count("household", distinct=True, filter=~Q(household="")),
            apart=Count("pk", filter=Q(household="")),
            eligible=Count("pk", filter=~Q(state=CandidateState.SUBMITTED)),
        )
    }
    cells = []
    for canton in Canton.objects.filter(assembly=call.term.assembly_id, pk__in={key[0] for key in seats}):
        for gender in (Gender.FEMALE, Gender.MALE):
            if n := seats[canton.pk, gender.value]:
                row = counted.get((canton.pk, gender.value), {})
                homes = row.get("homes", 0) + row.get("apart", 0)
                cells.append(CallCell(canton, gender.value, n, row.get("people", 0), homes, row.get("eligible", 0)))
    return cells


def is_frozen(call: Call) -> bool:
    """Return whether a list of candidates was frozen for a draw: from then on the draw alone changes their states."""
    return Candidate.objects.filter(call=call, state__in=CandidateState.tagged("listed")).exists()


def count_unexamined(call: Call) -> int:
    """Count the candidatures without a decision: the list of a draw is not frozen before."""
    return Candidate.objects.filter(call=call, state=CandidateState.SUBMITTED).count()


def totals(call: Call) -> dict[str, int]:
    """Return the counts at the top of the back office list."""
    rows = Candidate.objects.filter(call=call)
    return rows.aggregate(
        received=Count("pk", filter=~Q(state=CandidateState.UNCONFIRMED)),
        unconfirmed=Count("pk", filter=Q(state=CandidateState.UNCONFIRMED)),
        waiting=Count("pk", filter=Q(state=CandidateState.SUBMITTED)),
        second=Count("pk", filter=Q(state=CandidateState.SUBMITTED) & ~Q(verdict="")),
        eligible=Count("pk", filter=Q(state__in=CandidateState.tagged("admitted"))),
    )

"""Draws among the members: who is on the list, whom the digits name, who comes instead of whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from assembly.institution.models import Committee, CommitteeMembership, Term
from draws.draws.queries.draw import gender_letters, value_label
from draws.enums import DesignationOutcome, DrawState
from draws.models import Designation, Draw, PoolEntry
from draws.queries.draw import DrawOutcome, outcome_of
from members.models import Mandate
from members.queries import active_mandates
from members.sortition.instance import QuotaLine
from members.sortition.reading import csv_bytes, read_quotas
from members.sortition.replacement import succeed

# One column: the gender, where as many women as men are drawn; else the same value for everybody.
PARITY, WHOLE, EVERYBODY = "sexe", "assemblee", "membre"
QUOTA_HEADER = ("feature", "value", "min", "max")


def internal_draw(term: Term | int, purpose: str) -> Draw | None:
    """Return the draw for this purpose that was not voided."""
    rows = Draw.objects.filter(within_term=term, purpose=purpose).exclude(state=DrawState.VOID)
    return rows.with_dossier().first()


def internal_quotas(seats: int, *, is_parity: bool) -> bytes:
    """Return quotas of as many women as men, one more of either where the number is odd; or no condition."""
    if not is_parity:
        return csv_bytes(QUOTA_HEADER, [(WHOLE, EVERYBODY, seats, seats)])
    half, odd = divmod(seats, 2)
    return csv_bytes(QUOTA_HEADER, [(PARITY, letter, half, half + odd) for letter in "FH"])


def has_parity(lines: Sequence[QuotaLine]) -> bool:
    return any(line.feature == PARITY for line in lines)


def may_be_drawn(term: Term | int, among: Committee | int | None) -> QuerySet[Mandate]:
    """Return the members in office today, of one committee where it is named."""
    rows = active_mandates(term)
    if among is None:
        return rows
    today = timezone.localdate()
    seated = CommitteeMembership.objects.filter(committee=among, starts_on__lte=today).exclude(ends_on__lt=today)
    return rows.filter(member__person__in=seated.values("person"))


def internal_rows(mandates: Sequence[Mandate], quotas: bytes) -> list[str]:
    """Return the one value of each, in the order of `mandates`."""
    if not has_parity(read_quotas(quotas)):
        return [EVERYBODY for _mandate in mandates]
    letters = gender_letters([(row.pk, None, row.member.gender) for row in mandates])
    return [letters[row.pk] for row in mandates]


@dataclass(frozen=True)
class Holder:
    """Somebody who is named; `instead_of`: the pseudonym drawn first for this place."""

    pseudonym: str
    mandate: Mandate
    instead_of: str = ""


@dataclass(frozen=True)
class Holders:
    """Result of the digits and of the rule of the reserve today.
    `gone`: who was drawn, or next, and is not named. `reserves`: by label of the cell, in their order."""

    people: Sequence[Holder]
    gone: Mapping[str, DesignationOutcome]
    reserves: Sequence[tuple[str, Sequence[Holder]]]


def holders(draw: Draw) -> Holders | None:
    """Return who is named: None before the draw; once the names are published, those that were."""
    outcome = outcome_of(draw)
    if outcome is None:
        return None
    entries = PoolEntry.objects.filter(pool=outcome.result.portfolio.pool_id).select_related(
        "mandate__member__person", "mandate__member__canton"
    )
    mandates = {entry.pseudonym: entry.mandate for entry in entries if entry.mandate}
    noted = {row.pseudonym: row for row in Designation.objects.filter(draw=draw.pk)}
    named = [row for row in noted.values() if row.outcome == DesignationOutcome.NAMED]
    gone = {
        name: DesignationOutcome(row.outcome) for name, row in noted.items() if row.outcome != DesignationOutcome.NAMED
    }
    if draw.revealed_at is None:
        sitting = set(active_mandates(draw.term_id).values_list("pk", flat=True))
        gone |= {
            name: DesignationOutcome.LEFT
            for name, row in mandates.items()
            if row.pk not in sitting and name not in gone
        }
        pairs = with_reserves(outcome, gone)
    else:
        pairs = [(row.pseudonym, row.instead_of) for row in sorted(named, key=lambda row: row.rank or 0)]
    taken = {name for name, _before in pairs}
    reserves = [
        (
            value_label(outcome.cell_feature, cell.value, {}),
            [Holder(name, mandates[name]) for name in cell.ids if name not in taken and name not in gone],
        )
        for cell in outcome.ranks
    ]
    return Holders(
        [Holder(name, mandates[name], before) for name, before in pairs],
        {name: why for name, why in gone.items() if name in outcome.members or why == DesignationOutcome.DECLINED},
        reserves,
    )


def with_reserves(outcome: DrawOutcome, gone: Collection[str]) -> list[tuple[str, str]]:
    """Return who holds each place and whose it was first: rule of replacement, reserves in their order."""
    stay = [name for name in outcome.members if name not in gone]
    vacated = [name for name in outcome.members if name in gone]
    if not vacated:
        return [(name, "") for name in stay]
    available = [name for cell in outcome.ranks for name in cell.ids if name not in gone]
    order = [outcome.cell_feature]
    succession = succeed(outcome.instance, sitting=stay, vacated=vacated, available=available, order=order)
    after = {one.vacated: one.id for one in succession.successors}
    placed = [(after.get(name, name), name if name in after else "") for name in outcome.members]
    return [(name, before) for name, before in placed if name is not None]

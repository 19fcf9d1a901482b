"""Who sits: seats and names by canton, tiles of a map of the cantons, figures to quote beside the population."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from assembly.institution.models import Canton, Term
from assembly.text.french import format_percent
from draws.candidates.models import AgeBand
from draws.representation.queries import Representation
from members.enums import Gender
from members.mandates.queries import seats_by_canton
from members.models import Mandate

# Column and row of each canton by its slug: about where it lies, not surveyed; an assembly with others has no map.
TILES = {
    "castelginest": (3, 0),
    "pechbonnieu": (4, 0),
    "villemur-sur-tarn": (5, 0),
    "leguevin": (1, 1),
    "blagnac": (2, 1),
    "toulouse-6": (3, 1),
    "toulouse-8": (4, 1),
    "toulouse-9": (5, 1),
    "toulouse-7": (1, 2),
    "toulouse-5": (2, 2),
    "toulouse-1": (3, 2),
    "toulouse-2": (4, 2),
    "toulouse-10": (5, 2),
    "plaisance-du-touch": (1, 3),
    "tournefeuille": (2, 3),
    "toulouse-3": (3, 3),
    "toulouse-4": (4, 3),
    "toulouse-11": (5, 3),
    "portet-sur-garonne": (2, 4),
    "castanet-tolosan": (3, 4),
    "escalquens": (4, 4),
    "revel": (5, 4),
    "saint-gaudens": (0, 5),
    "cazeres": (1, 5),
    "muret": (2, 5),
    "auterive": (3, 5),
    "bagneres-de-luchon": (0, 6),
}
CENTRE = "toulouse-"  # cantons of the largest town, tinted
SIDE, GAP = 100, 6  # of a tile, in units of the drawing
DOT_STEP = 20
REMARKABLE = 1.5  # how many times as large one share must be as the other, to be quoted


@dataclass(frozen=True)
class CantonSeats:
    """Seats of a canton. `names`: first names and initials that a draw made public, of those who hold a seat today."""

    canton: Canton
    held: int
    vacant: int
    names: Sequence[str] = ()

    @property
    def unnamed(self) -> int:
        """Return how many seats are held by somebody whose name no draw published."""
        return self.held - len(self.names)


@dataclass(frozen=True)
class Tile:
    """Square of a canton. `dots`: x, and whether the seat is held; `lines`: its name, cut at the first hyphen.

    `short`: the name on a phone.
    """

    slug: str
    x: int
    y: int
    is_centre: bool
    lines: Sequence[tuple[int, str]]
    short: str
    dots: Sequence[tuple[int, bool]]


@dataclass(frozen=True)
class Seats:
    """Seats of a term. `each`: how many every canton has, None where they differ."""

    cantons: Sequence[CantonSeats]
    tiles: Sequence[Tile]
    held: int
    vacant: int
    each: int | None
    size: tuple[int, int] = field(default=(0, 0))

    @property
    def total(self) -> int:
        return self.held + self.vacant

    @property
    def filled(self) -> list[tuple[str, int]]:
        """Return the seats held as the one group of the hemicycle; the others are drawn empty."""
        return [("a", self.held)]


def seats_of(term: Term) -> Seats:
    """Return the seats of the term as they stand today, canton by canton in the order of the cantons."""
    names = public_names(term)
    cantons = []
    for canton, rows in groupby(list[Any](seats_by_canton(term)), key=lambda seat: seat.canton):
        seats = list(rows)
        held = sum(seat.held_since is not None for seat in seats)
        cantons.append(CantonSeats(canton, held, len(seats) - held, names.get(canton.pk, ())))
    sizes = {one.held + one.vacant for one in cantons}
    tiles = tiles_of(cantons)
    return Seats(
        cantons,
        tiles,
        held=sum(one.held for one in cantons),
        vacant=sum(one.vacant for one in cantons),
        each=sizes.pop() if len(sizes) == 1 else None,
        size=(max((tile.x for tile in tiles), default=0) + SIDE, max((tile.y for tile in tiles), default=0) + SIDE),
    )


def public_names(term: Term) -> Mapping[int, Sequence[str]]:
    """Return the names of those who hold a seat and whom a draw named in public, by canton, first names in order.

    Whoever was called later was never named by a draw: the team fills those seats, and only the seat is counted.
    """
    rows = Mandate.objects.filter(term=term, seat__isnull=False).holding_on(timezone.localdate())
    rows = rows.filter(placement__draw__revealed_at__isnull=False, placement__draw__voided_at=None)
    rows = rows.filter(placement__vacated=None, placement__instead_of="")
    names: dict[int, list[str]] = defaultdict(list)
    rows = rows.select_related("seat", "member__person").order_by("member__person__first_name__alphabetical", "pk")
    for mandate in rows:
        if mandate.seat:
            names[mandate.seat.canton_id].append(mandate.member.person.public_name)
    return names


def tiles_of(cantons: Sequence[CantonSeats]) -> list[Tile]:
    """Return the tiles of the map; none where a canton has no place on it."""
    if not all(one.canton.slug in TILES for one in cantons):
        return []
    tiles = []
    for one in cantons:
        column, row = TILES[one.canton.slug]
        held = [True] * one.held + [False] * one.vacant
        tiles.append(
            Tile(
                one.canton.slug,
                column * (SIDE + GAP),
                row * (SIDE + GAP),
                one.canton.slug.startswith(CENTRE),
                lines=[(26 + 16 * place, line) for place, line in enumerate(cut_name(one.canton.name))],
                short=short_name(one.canton.name),
                dots=[(16 + DOT_STEP * place, is_held) for place, is_held in enumerate(held)],
            )
        )
    return tiles


SHORT = 8  # letters that a tile of a phone holds


def short_name(name: str) -> str:
    """Return the name as a small tile holds it: « Auterive », « Plaisan. », « T-11 »."""
    first, hyphen, rest = name.partition("-")
    if hyphen and rest.isdigit():
        return f"{first[0]}-{rest}"
    return name if len(name) <= SHORT else f"{name[: SHORT - 1].rstrip(' -’')}."


def cut_name(name: str) -> list[str]:
    """Return the name in two lines where it has a hyphen before a word: « Portet- », « sur-Garonne »."""
    first, hyphen, rest = name.partition("-")
    return [name] if not hyphen or rest.isdigit() else [first + hyphen, rest]


def quoted_figures(shown: Representation) -> list[tuple[str, str]]:
    """Return figures with their sentence: the share of women, and the two ages furthest from the population."""
    groups = {group.key: group.cells for group in shown.groups}
    panel, population = groups.get("panel", {}), groups.get("population", {})
    figures = []
    women = panel.get("gender", {}).get(str(Gender.FEMALE))
    if women and women.share is not None:
        figures.append((format_percent(women.share, decimals=0), gettext("sont des femmes.")))
    gaps = []
    for band in AgeBand:
        here, there = (cells.get("age_band", {}).get(band.value) for cells in (panel, population))
        if here and there and here.share and there.share:
            ratio = here.share / there.share
            gaps.append((max(ratio, 1 / ratio), band, here.share, there.share))
    for ratio, band, share, reference in sorted(gaps, reverse=True)[:2]:
        if ratio >= REMARKABLE:
            facts = {"ages": band.label, "percent": format_percent(reference, decimals=0)}
            sentence = gettext("ont %(ages)s, contre %(percent)s de la population.") % facts
            figures.append((format_percent(share, decimals=0), sentence))
    return figures

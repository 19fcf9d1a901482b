"""Input of the engine for each volunteer: the rows of `pool.csv`, from candidates and the quotas.

Features are those that quotas may name. Ages are bands written by the quotas themselves (`16-24`, `65+`), counted on
the day on which a candidate must be old enough.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assembly.institution.models import Term
from draws.calls.rules import age_on
from draws.draws.models import require_row
from draws.enums import CandidateState, Occupation
from draws.models import Call, Candidate, Draw
from members.enums import Gender, SeatGender
from members.models import Seat
from members.sortition.instance import QuotaLine
from members.sortition.reading import canonical_pool, canonical_quotas, csv_bytes, read_quotas

HEADER = ("id", "canton", "sexe", "canton_sexe", "age", "csp", "foyer")
FEATURES = HEADER[1:-1]
LETTERS = {Gender.FEMALE: "F", Gender.MALE: "H"}
BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)")
BANDS = ("16-24", "25-34", "35-49", "50-64", "65+")


@dataclass(frozen=True)
class PoolRow:
    """Volunteer, still under the number of the application."""

    candidate: Candidate
    values: tuple[str, ...]
    household: str


def volunteers_of(call: Call) -> list[Candidate]:
    """Return whoever may be drawn, in the order of their numbers."""
    states = [CandidateState.ELIGIBLE, CandidateState.IN_POOL]
    return list(call.candidates.filter(state__in=states).select_related("canton").order_by("number"))


def canton_code(number: int) -> str:
    """Return a code such as C07: no leading zero that a spreadsheet would remove."""
    return f"C{number:02}"


def names_of(term: Term) -> dict[str, str]:
    """Return the labels of the values that quotas name."""
    cantons = {canton_code(canton.number): canton.name for canton in term.assembly.cantons.all()}
    return cantons | {str(value): str(label) for value, label in Occupation.choices}


def value_label(feature: str, value: str, names: Mapping[str, str]) -> str:
    """Return the label of a value, such as « Bagnères-de-Luchon, femmes » or « de 16 à 24 ans »."""
    if feature == "canton_sexe":
        code, _dash, letter = value.rpartition("-")
        return f"{names.get(code, code)}, {gender_label(letter)}"
    if feature == "sexe":
        return gender_label(value)
    if feature == "age" and (match := BAND.fullmatch(value)):
        first, last = match.groups()
        label = _("de %(first)s à %(last)s ans") if last else _("%(first)s ans et plus")
        return label % {"first": first, "last": last}
    return _("membres") if feature == "assemblee" else names.get(value, value)


def gender_label(letter: str) -> str:
    return {"F": _("femmes"), "H": _("hommes")}.get(letter, letter)


FEATURE_LABELS = {
    "canton_sexe": "Canton et genre",
    "canton": "Canton",
    "sexe": "Genre",
    "age": "Âge",
    "csp": "Profession",
    "assemblee": "Assemblée",
}


def quota_band(age: int, bands: Iterable[str]) -> str:
    """Return the band that holds this age, or the age itself: no quota names it, so `read_instance` refuses it."""
    for band in bands:
        if match := BAND.fullmatch(band):
            first, last = match.groups()
            if int(first) <= age <= int(last or 200):
                return band
    return str(age)


def gender_letters(people: Iterable[tuple[int, int | None, str]]) -> dict[int, str]:
    """Return F or H by key, from key, canton and gender.
    Whoever gave neither counts where the canton has fewer, women first if equal, one after the other in this order: a
    rule written before, shown to whoever attests."""
    people = list(people)
    counts = Counter((canton, LETTERS[Gender(gender)]) for _key, canton, gender in people if gender in LETTERS)
    letters: dict[int, str] = {}
    for key, canton, gender in people:
        letter = LETTERS.get(Gender(gender))
        if letter is None:
            letter = "F" if counts[canton, "F"] <= counts[canton, "H"] else "H"
            counts[canton, letter] += 1
        letters[key] = letter
    return letters


def pool_rows(call: Call, quotas: Iterable[QuotaLine]) -> list[PoolRow]:
    """Return the rows of the volunteers. A single-person household is blank; others have a key until the freeze."""
    candidates = volunteers_of(call)
    letters = gender_letters((row.pk, row.canton_id, row.gender) for row in candidates)
    bands = [line.value for line in quotas if line.feature == "age"] or list(BANDS)
    shared = Counter(row.household for row in candidates if row.household)
    rows = []
    for row in candidates:
        code, letter = canton_code(row.canton.number if row.canton else 0), letters[row.pk]
        band = quota_band(age_on(row.birth_date, call.day_of_age), bands)
        household = row.household if shared[row.household] > 1 else ""
        rows.append(PoolRow(row, (code, letter, f"{code}-{letter}", band, row.occupation), household))
    return rows


def pool_bytes(rows: Sequence[PoolRow], ids: Sequence[str]) -> bytes:
    """Return `pool.csv` under these ids. A household is named after the first of its ids: its key reveals nothing."""
    first: dict[str, str] = {}
    for row, name in sorted(zip(rows, ids, strict=True), key=lambda pair: pair[1]):
        if row.household:
            first.setdefault(row.household, name)
    lines = [
        (name, *row.values, first.get(row.household, "") and f"M{first[row.household]}")
        for row, name in zip(rows, ids, strict=True)
    ]
    return canonical_pool(csv_bytes(HEADER, lines))


def trial_pool(draw: Draw) -> bytes:
    """Return today’s volunteers under the numbers of their applications: for trials, which only the team reads."""
    rows = pool_rows(draw.volunteer_call, read_quotas(bytes(require_row(draw.quotas).content)))
    return pool_bytes(rows, [row.candidate.reference for row in rows])


def first_quotas(term: Term) -> tuple[bytes, int]:
    """Return the first quotas: the seats of each canton and gender; ages and professions without bounds yet."""
    seats = list(Seat.objects.filter(term=term).select_related("canton").order_by("canton__number", "gender"))
    total = len(seats)
    is_parity = all(seat.gender != SeatGender.ANY for seat in seats)
    cells = Counter(
        f"{canton_code(seat.canton.number)}-{LETTERS[Gender(seat.gender)]}"
        if is_parity
        else canton_code(seat.canton.number)
        for seat in seats
    )
    feature = "canton_sexe" if is_parity else "canton"
    lines: list[tuple[str, str, int, int]] = [(feature, value, count, count) for value, count in cells.items()]
    lines += [("age", band, 0, total) for band in BANDS]
    lines += [("csp", str(value), 0, total) for value in Occupation.values]
    return canonical_quotas(csv_bytes(("feature", "value", "min", "max"), lines)), total

"""Lists before they are frozen, quotas, computations and results of draws, of volunteers and among the members."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.documents.models import Document
from assembly.imports.cells import folded_text
from assembly.institution.models import Committee, CommitteeMembership, Term
from draws.calls.rules import age_on
from draws.candidates.models import CandidateState, Occupation
from draws.draws.models import ComputationKind, ComputationState, DesignationOutcome, DrawState, require_row
from draws.models import (
    Call,
    Candidate,
    Computation,
    Contestation,
    Designation,
    Draw,
    DrawResult,
    FrozenPool,
    PoolEntry,
)
from members.enums import Gender, SeatGender
from members.mandates.queries import active_mandates
from members.models import Mandate, Seat
from members.sortition.feasibility import supplies
from members.sortition.instance import Cell, Instance, QuotaLine
from members.sortition.protocol import ALTERNATES, Announcement, Lot, drawn_lot, rank, read_lots
from members.sortition.reading import (
    QUOTA_COLUMNS,
    InvalidInput,
    canonical_pool,
    canonical_quotas,
    csv_bytes,
    read_instance,
    read_quotas,
)
from members.sortition.replacement import succeed

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


type Supplies = dict[Cell, tuple[int, int]]


def supplies_of(draw: Draw) -> tuple[Supplies, list[str]]:
    """Return the supply of the frozen list, else of today’s volunteers; or the errors, where they cannot be read."""
    if draw.quotas is None:
        return {}, []
    content = bytes(draw.pool.content) if draw.pool else trial_pool(draw)
    try:
        instance = read_instance(content, bytes(draw.quotas.content), draw.quotas.seats)
    except InvalidInput as refused:
        return {}, [problem.sentence for problem in refused.problems]
    return {row.line.cell: (row.people, row.households) for row in supplies(instance)}, []


COLUMNS = (gettext_lazy("critère"), gettext_lazy("valeur"), gettext_lazy("minimum"), gettext_lazy("maximum"))
KNOWN_COLUMNS = {
    "critere": "feature",
    "valeur": "value",
    **dict.fromkeys(("minimum", "au moins", "min"), "min"),
    **dict.fromkeys(("maximum", "au plus", "max"), "max"),
}
FEATURE_NAMES = {folded_text(label): name for name, label in FEATURE_LABELS.items()}
GENDERS = {"f": "F", "femme": "F", "femmes": "F", "h": "H", "m": "H", "homme": "H", "hommes": "H"}
AGES = re.compile(r"(?:de )?(\d{1,3})(?: ?- ?| a )(\d{1,3})(?: ans)?|(\d{1,3}) ?(?:\+|ans et plus)")


def sheet_rows(lines: Iterable[QuotaLine], names: Mapping[str, str]) -> Iterator[list[object]]:
    """Yield the rows of the table for a spreadsheet, which `engine_quotas` reads again."""
    for line in lines:
        feature = FEATURE_LABELS.get(line.feature, line.feature)
        yield [feature, value_label(line.feature, line.value, names), line.minimum, line.maximum]


def engine_quotas(content: bytes, names: Mapping[str, str]) -> bytes:
    """Return the same lines under the engine’s columns and codes; a file that has them already is unchanged."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content  # the engine refuses it with its own message
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [KNOWN_COLUMNS.get(folded_text(cell), cell) for cell in rows[0]] if rows else []
    if "feature" not in header or set(QUOTA_COLUMNS) <= set(rows[0]):
        return content
    codes = {folded_text(label): code for code, label in names.items()}
    return csv_bytes(header, [engine_cells(header, row, codes) for row in rows[1:] if any(row)])


def engine_cells(header: list[str], row: list[str], codes: Mapping[str, str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    by_column = dict(zip(header, cells, strict=False))
    feature = FEATURE_NAMES.get(folded_text(by_column.get("feature", "")), by_column.get("feature", ""))
    values = {"feature": feature, "value": engine_value(feature, by_column.get("value", ""), codes)}
    return [values.get(name, cell) for name, cell in zip(header, cells, strict=False)] + cells[len(header) :]


def engine_value(feature: str, text: str, codes: Mapping[str, str]) -> str:
    """Return the code of a value; an unknown one is returned as it is, so that the engine refuses it by name."""
    if feature == "canton_sexe":
        canton, _mark, gender = text.rpartition("," if "," in text else "-")
        letter = GENDERS.get(folded_text(gender))
        return f"{codes.get(folded_text(canton), canton.strip())}-{letter}" if letter else text
    if feature == "sexe":
        return GENDERS.get(folded_text(text), text)
    if feature == "age" and (match := AGES.fullmatch(text.casefold().replace("à", "a").replace("\u00a0", " "))):
        return f"{match[3]}+" if match[3] else f"{match[1]}-{match[2]}"
    return codes.get(folded_text(text), text)


RECORD_KIND = "draw-record"


def latest_trial(draw: Draw) -> Computation | None:
    """Return the last trial of the quotas that count now, whatever its state."""
    if draw.quotas_id is None:
        return None
    rows = draw.computations.filter(kind=ComputationKind.TRIAL, quotas=draw.quotas_id)
    return rows.defer("lots", "certificate").first()


def latest_portfolio(draw: Draw) -> Computation | None:
    """Return the last portfolio of the frozen list and the ceiling that count now, whatever its state."""
    return portfolios_of(draw).defer("lots").first() if draw.pool_id else None


def portfolios_of(draw: Draw) -> QuerySet[Computation]:
    return draw.computations.filter(kind=ComputationKind.PORTFOLIO, pool=draw.pool_id, ceiling=draw.ceiling)


def portfolio_of(draw: Draw) -> Computation | None:
    """Return the finished portfolio, whose lots would be announced."""
    if draw.pool_id is None:
        return None
    return portfolios_of(draw).filter(state=ComputationState.READY).first()


def running_computation(draw: Draw) -> Computation | None:
    return next((row for row in draw.computations.defer("lots", "certificate")[:1] if row.is_running), None)


def open_contestations(draw: Draw) -> QuerySet[Contestation]:
    return Contestation.objects.filter(entry__pool__draw=draw.pk, answered_at=None)


def quota_lines(draw: Draw) -> tuple[QuotaLine, ...]:
    return read_quotas(bytes(draw.quotas.content)) if draw.quotas else ()


def instance_of(pool: FrozenPool) -> Instance:
    return read_instance(bytes(pool.content), bytes(pool.quotas.content), pool.quotas.seats)


def announcement_of(draw: Draw, portfolio: Computation) -> Announcement:
    pool = require_row(portfolio.pool)
    return Announcement(pool.sha256, pool.quotas.sha256, portfolio.lots_sha256, draw.number)


def lots_of(portfolio: Computation) -> tuple[Lot, ...]:
    return read_lots(bytes(portfolio.lots or b""))


@dataclass(frozen=True)
class CellRank:
    """Alternates of one cell, the first one to call first."""

    value: str
    ids: Sequence[str]


@dataclass(frozen=True)
class DrawOutcome:
    """Result of the digits: all of it is computed again from the frozen files, nothing else is stored."""

    result: DrawResult
    instance: Instance
    members: tuple[str, ...]
    ranks: tuple[CellRank, ...]

    @property
    def cell_feature(self) -> str:
        return cell_feature(self.instance)

    def cell_of(self, pseudonym: str) -> str:
        return self.instance.by_id[pseudonym].values[self.instance.features.index(self.cell_feature)]


def cell_feature(instance: Instance) -> str:
    """Return the feature of the seats: canton and gender where quotas name them, else canton, else the first one."""
    return next((name for name in ("canton_sexe", "canton") if name in instance.features), instance.features[0])


def outcome_of(draw: Draw) -> DrawOutcome | None:
    """Return the outcome of a draw, computed from its files; None before the draw."""
    result = DrawResult.objects.filter(draw=draw.pk).select_related("portfolio__pool__quotas").first()
    if result is None or result.portfolio.pool is None:
        return None
    instance = instance_of(result.portfolio.pool)
    members = drawn_lot(lots_of(result.portfolio), result.ticket).members
    return DrawOutcome(result, instance, members, ranks_of(instance, members, bytes.fromhex(result.seed)))


def ranks_of(instance: Instance, members: Sequence[str], seed: bytes) -> tuple[CellRank, ...]:
    """Rank everybody of a cell who was not drawn by the hash of the public seed: anyone can compute it again."""
    position = instance.features.index(cell_feature(instance))
    seated = set(members)
    cells: dict[str, list[str]] = {}
    for volunteer in instance.volunteers:
        cells.setdefault(volunteer.values[position], [])
        if volunteer.id not in seated:
            cells[volunteer.values[position]].append(volunteer.id)
    return tuple(CellRank(value, rank(seed, ALTERNATES, ids)) for value, ids in sorted(cells.items()))


def record_of(draw: Draw) -> Document | None:
    """Return the sealed record (procès-verbal) in the register, published or not."""
    rows = Document.objects.filter(kind=RECORD_KIND, subject_type=Draw._meta.label, subject_id=str(draw.pk))
    return rows.select_related("published_revision").first()


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


@dataclass(frozen=True)
class DrawnName:
    """Somebody on the room display or on the public page; whoever renounced is not named."""

    pseudonym: str
    name: str
    city: str


@dataclass(frozen=True)
class DrawnCanton:
    number: int
    name: str
    people: Sequence[DrawnName]


def name_of(one: Holder) -> DrawnName:
    member = one.mandate.member
    return DrawnName(one.pseudonym, member.person.public_name, member.canton.name)


def revealed_cantons(draw: Draw, outcome: DrawOutcome) -> list[DrawnCanton]:
    """Return the names by canton, in the order of their numbers, then of first names; an internal draw is one list."""
    if draw.is_internal:
        return [DrawnCanton(0, draw.title, [name_of(one) for one in require_row(holders(draw)).people])]
    rows = (
        PoolEntry.objects.filter(pool=outcome.result.portfolio.pool_id, pseudonym__in=outcome.members)
        .select_related("candidate__canton")
        .order_by("candidate__canton__number", "candidate__first_name__alphabetical", "pseudonym")
    )
    cantons: dict[int, list[DrawnName]] = {}
    names: dict[int, str] = {}
    for row in rows:
        candidate, canton = row.applicant, row.applicant.canton
        if canton is None:
            continue
        names[canton.number] = canton.name
        person = DrawnName(row.pseudonym, f"{candidate.first_name} {candidate.last_name[:1]}.", candidate.city)
        if candidate.renounced_on:
            person = DrawnName(row.pseudonym, _("A renoncé"), _("la règle désigne une autre personne"))
        cantons.setdefault(canton.number, []).append(person)
    return [DrawnCanton(number, names[number], people) for number, people in cantons.items()]

"""Panel, volunteers and population compared; which published figures may change; files of shares of the population."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.models import sort_key
from assembly.imports.tables import FileTable, UnreadableFile, read_table
from assembly.institution.models import Canton, Term
from assembly.text.french import Label, format_date, format_number, format_percent
from assembly.text.numbers import parse_number
from assembly.text.small_cells import FEW, hidden_cells
from draws.calls.queries import call_of
from draws.calls.rules import age_band
from draws.candidates.models import AgeBand, CandidateState, Channel, Occupation
from draws.models import Call, CallCount, Candidate, Draw, PoolEntry, PopulationMargins
from members.breakdowns import class_of, population_of
from members.enums import Gender
from members.mandates.queries import active_mandates
from members.members.queries import last_publication
from members.models import Mandate, ProfilePublication

type Cell = tuple[int, int]  # people, and what is counted of them


def is_due(before: Collection[int] | None, now: Collection[int]) -> bool:
    """Return whether enough people came or left since the last publication; the first one requires as many who sit."""
    return len(now) >= FEW if before is None else len(set(before) ^ set(now)) >= FEW and bool(now)


def published_cell(now: Cell, earlier: Sequence[Cell]) -> Cell:
    """Return the figure of a cell from its earlier figures, the oldest first.

    A cell in which fewer than five people changed repeats its last figure; one in which more did never comes closer
    than five to any figure that it had: two publications side by side reveal nobody.
    """
    close = [cell for cell in reversed(earlier) if abs(cell[0] - now[0]) < FEW]
    if not close:
        return now
    last = earlier[-1]
    nearest = last if last in close else min(close, key=lambda cell: abs(cell[0] - now[0]))
    return now if nearest[0] == now[0] else nearest


FEATURES: dict[str, Label] = {
    "gender": _("Genre"),
    "age_band": _("Âge"),
    "occupation": _("Profession"),
    "canton": _("Canton"),
    "channel": _("Reçues par"),
}
UNKNOWN = ""
type Value = str | None  # None where a group has no figures by this feature
type Counts = dict[str, dict[str, tuple[int, int]]]  # by feature, then by value: people, and what is counted of them


@dataclass(frozen=True)
class Profile:
    """People who share the values of FEATURES, in order. `number`: what is counted of them."""

    values: tuple[Value, ...]
    people: int = 1
    number: int = 1


@dataclass(frozen=True)
class GroupCell:
    """Cell of a group. `number` is None where a share alone is known; both are None where the cell is hidden."""

    number: int | None
    share: float | None
    is_hidden: bool = False


@dataclass(frozen=True)
class Group:
    """Group of people. `cells`: by feature, then value. `counted`: heading of its numbers; `total`: their sum.
    `notes`: the source of a feature."""

    key: str
    title: Label
    counted: Label
    cells: dict[str, dict[str, GroupCell]]
    total: int = 0
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """How often each person did something in a term, by the key of the person; counted by a higher app."""

    key: str
    title: Label
    counted: Label
    find: Callable[[Term], Mapping[int, int]]


_measures: dict[str, Measure] = {}


def add_measure(measure: Measure) -> None:
    _measures[measure.key] = measure


@dataclass(frozen=True)
class Representation:
    """Groups to compare. `values`: labels of each feature’s values, in order, unknown last.
    `publication`: what the public reads of members."""

    values: dict[str, dict[str, str]]
    groups: list[Group]
    publication: ProfilePublication | None = None


def representation(term: Term, *, public: bool) -> Representation:
    """Return population, volunteers, panel and measures.
    The public reads volunteers once a draw was announced, without channel; members as last published; no small
    cell."""
    call = call_of(term)
    shows_volunteers = call is not None and (not public or Draw.objects.public().filter(call=call).exists())
    publication = last_publication(term) if public else None
    members = (publication.groups if publication else {}) if public else member_counts(term)
    counted = {"volunteers": count_profiles(volunteers(call)) if call and shows_volunteers else {}} | members
    cantons = list(
        Canton.objects.filter(assembly=term.assembly_id).only("name", "insee_code").order_by("number", "pk")
    )
    values = values_of(cantons, counted.values())
    if public:
        del values["channel"]
    titles = group_titles()
    groups = [
        group(key, *titles[key], counts, values, public=public)
        for key, counts in counted.items()
        if counts and key in titles
    ]
    known = population(cantons, PopulationMargins.objects.counting(term.assembly_id))
    return Representation(values, [*([known] if known else []), *groups], publication)


def group_titles() -> dict[str, tuple[Label, Label]]:
    """Return the title of each group, and the heading of its numbers."""
    measures = {each.key: (each.title, each.counted) for each in _measures.values()}
    return {
        "volunteers": (_("Candidatures"), _("Candidatures")),
        "panel": (_("Membres en mandat"), _("Membres")),
    } | measures


def member_counts(term: Term) -> dict[str, Counts]:
    """Return the panel and each measure as they stand now: for the team, and for a publication."""
    counts = {"panel": count_profiles([row[1] for row in profiled(active_mandates(term))])}
    for measure in _measures.values():
        often = measure.find(term)
        rows = Mandate.objects.filter(term=term, member__person__in=often.keys(), activated_on__isnull=False)
        people = dict(profiled(rows)) if often else {}
        counts[measure.key] = count_profiles([Profile(one.values, 1, often[key]) for key, one in people.items()])
    return counts


def count_profiles(profiles: Iterable[Profile]) -> Counts:
    """Count people by feature and value, without the features in which a profile has no value."""
    counts: Counts = {}
    for profile in profiles:
        for name, value in zip(FEATURES, profile.values, strict=True):
            if value is not None:
                cells = counts.setdefault(name, {})
                people, number = cells.get(value, (0, 0))
                cells[value] = people + profile.people, number + profile.number
    return counts


def volunteers(call: Call) -> list[Profile]:
    """Return those who have a row, and those who were erased and left a count."""
    rows = Candidate.objects.filter(call=call).exclude(state__in=CandidateState.tagged("uncounted")).order_by()
    present = [
        Profile((gender, age_band(birth, call.day_of_age).value, occupation, key_of(canton), channel))
        for gender, birth, occupation, canton, channel in rows.values_list(
            "gender", "birth_date", "occupation", "canton", "channel"
        )
    ]
    erased = CallCount.objects.filter(call=call, number__gt=0).values_list(*FEATURES, "number")
    return present + [
        Profile((*values, key_of(canton), channel), number, number) for *values, canton, channel, number in erased
    ]


def profiled(mandates: QuerySet[Mandate]) -> Iterable[tuple[int, Profile]]:
    """Yield each person with the occupation of their application; who came by another way has none."""
    drawn = PoolEntry.objects.filter(
        pool=OuterRef("placement__draw__pool"), pseudonym=OuterRef("placement__pseudonym")
    ).values("candidate__occupation")
    rows = mandates.order_by().annotate(occupation=Subquery(drawn))
    this_year = timezone.localdate().year
    for person, canton, gender, born, occupation in rows.values_list(
        "member__person", "member__canton", "member__gender", "member__birth_year", "occupation"
    ):
        band = tuple(AgeBand)[class_of(this_year - born)].value if born else UNKNOWN
        yield person, Profile((gender, band, occupation or UNKNOWN, key_of(canton), None))


def key_of(canton: int | None) -> str:
    return str(canton) if canton else UNKNOWN


def values_of(cantons: list[Canton], counted: Collection[Counts]) -> dict[str, dict[str, str]]:
    choices: dict[str, Any] = {"gender": Gender, "age_band": AgeBand, "occupation": Occupation, "channel": Channel}
    labels = {name: {value: str(label) for value, label in each.choices} for name, each in choices.items()}
    labels["canton"] = {str(canton.pk): canton.name for canton in cantons}
    labels = {name: labels[name] for name in FEATURES}
    for name in FEATURES:
        if any(counts.get(name, {}).get(UNKNOWN, (0, 0))[0] for counts in counted):
            labels[name][UNKNOWN] = str(_("non connu"))
    return labels


def group(
    key: str,
    title: Label,
    counted: Label,
    counts: Counts,
    values: dict[str, dict[str, str]],
    *,
    public: bool,
) -> Group:
    """Return a group; small cells are hidden by number of people: a member who came nine times is one."""
    totals = {name: sum(number for _people, number in cells.values()) for name, cells in counts.items()}
    cells: dict[str, dict[str, GroupCell]] = {}
    for name, known in values.items():
        if not totals.get(name):
            continue
        rows = [counts[name].get(value, (0, 0)) for value in known]
        hidden = hidden_cells([people for people, _number in rows]) if public else set()
        cells[name] = {
            value: GroupCell(None, None, is_hidden=True) if at in hidden else GroupCell(number, number / totals[name])
            for at, (value, (_people, number)) in enumerate(zip(known, rows, strict=True))
        }
    return Group(key, title, counted, cells, next(iter(totals.values()), 0))


def figure_rows(representation: Representation) -> list[dict[str, Any]]:
    """Return one row for each value of a feature and each group that has a figure of it, for files."""
    return [
        {"feature": feature, "label": capfirst(label), "group": group, "cell": group.cells[feature][value]}
        for feature, labels in representation.values.items()
        for group in representation.groups
        if feature in group.cells
        for value, label in labels.items()
        if value in group.cells[feature]
    ]


@dataclass(frozen=True)
class Import:
    """Import of figures, with its features and those of them that count today."""

    margins: PopulationMargins
    features: Sequence[Label]
    counting: Sequence[Label]


def imports(term: Term) -> list[Import]:
    """Return every import of the figures, the last one first."""
    rows = PopulationMargins.objects.filter(assembly=term.assembly_id)
    rows = rows.select_related("imported_by__person", "excluded_by__person")
    known: set[str] = set()
    entries = []
    for row in rows.order_by("-pk"):
        counting = [] if row.excluded_at else [name for name in row.shares if name not in known]
        known |= set(counting)
        entries.append(Import(row, [FEATURES[name] for name in row.shares], [FEATURES[name] for name in counting]))
    return entries


def population(cantons: list[Canton], margins: Iterable[PopulationMargins]) -> Group | None:
    """Return the ages of the département, where they are known (domain.md D5); imported features replace them."""
    known = population_of([canton.insee_code for canton in cantons if canton.insee_code])
    shares: dict[str, dict[str, float]] = {}
    notes: dict[str, str] = {}
    if known:
        shares["age_band"] = {band.value: share for band, share in zip(AgeBand, known, strict=True)}
        notes["age_band"] = gettext("habitants de 15 ans et plus, INSEE, recensement 2021")
    for row in margins:
        shares |= row.shares
        notes |= dict.fromkeys(row.shares, f"{row.source}, {format_date(row.dated_on, weekday=False)}")
    cells = {
        name: {value: GroupCell(None, share) for value, share in by_value.items()} for name, by_value in shares.items()
    }
    return Group("population", _("Population"), _("Habitants"), cells, notes=notes) if cells else None


COLUMNS = ("critere", "valeur", "part")
FEATURE_NAMES = {"genre": "gender", "age": "age_band", "profession": "occupation", "canton": "canton"}
ROUNDING = 1.0  # by how much the sum of rounded shares may differ from 100
MOST_ROWS, MOST_ERRORS = 500, 20


def read_margins(content: bytes, term: Term) -> dict[str, dict[str, float]]:
    """Return shares between 0 and 1, by feature and value. Raise a ValidationError that lists every wrong line."""
    table = read_table(content, MOST_ROWS)
    if tuple(key(word) for word in table.header) != COLUMNS:
        raise UnreadableFile(gettext("La première ligne doit être : critere;valeur;part."))
    known = known_values(term)
    percents: dict[str, dict[str, float]] = defaultdict(dict)
    errors = []
    for index, (line, cells) in enumerate(table.rows):
        try:
            feature, value, percent = share_line(table, index, known)
            if value in percents[feature]:
                raise ValidationError(gettext("cette valeur est déjà donnée."))
            percents[feature][value] = percent
        except ValidationError as wrong:
            sentence = {"line": line, "words": " ".join(wrong.messages), "cell": cells[1]}
            errors.append(gettext("Ligne %(line)s, « %(cell)s » : %(words)s") % sentence)
    if not errors:
        errors = [
            gettext("Les parts de « %(name)s » font %(sum)s et non 100.")
            % {"name": name, "sum": format_number(total, 1)}
            for name, feature in FEATURE_NAMES.items()
            if feature in percents and abs((total := sum(percents[feature].values())) - 100) > ROUNDING
        ]
    if errors:
        raise ValidationError(errors[:MOST_ERRORS])
    return {
        feature: {value: percent / sum(by_value.values()) for value, percent in by_value.items()}
        for feature, by_value in percents.items()
    }


def share_line(table: FileTable, index: int, known: dict[str, dict[str, str]]) -> tuple[str, str, float]:
    line, (name, word, share) = table.rows[index]
    if any((line, column) in table.formulas for column in range(len(COLUMNS))):
        raise ValidationError(gettext("une case contient une formule."))
    feature = FEATURE_NAMES.get(key(name))
    if feature is None:
        raise ValidationError(gettext("critère inconnu, choisissez genre, age, profession ou canton."))
    value = known[feature].get(key(word))
    if value is None:
        raise ValidationError(gettext("valeur inconnue pour ce critère."))
    try:
        percent = float(parse_number(share, ("%",)))
    except ValidationError as refused:
        if refused.code == "two_ways":
            raise
        percent = -1
    if not 0 <= percent <= 100:
        raise ValidationError(gettext("écrivez la part en pour cent, entre 0 et 100."))
    return feature, value, percent


def share_rows(shares: Mapping[str, Mapping[str, float]], term: Term) -> Iterator[tuple[Any, str, str]]:
    """Yield feature, label of the value and formatted share, as they will be published."""
    cantons = {
        str(pk): name for pk, name in Canton.objects.filter(assembly=term.assembly_id).values_list("pk", "name")
    }
    labels: dict[str, Mapping[Any, Any]] = {
        "gender": dict(Gender.choices),
        "age_band": dict(AgeBand.choices),
        "occupation": dict(Occupation.choices),
        "canton": cantons,
    }
    for feature, values in shares.items():
        for value, share in values.items():
            yield FEATURES[feature], capfirst(str(labels[feature][value])), format_percent(share, decimals=1)


def known_values(term: Term) -> dict[str, dict[str, str]]:
    """Return the code of each value by its own name and by its label on screen."""
    choices = {"gender": Gender, "age_band": AgeBand, "occupation": Occupation}
    codes = {
        feature: {key(word): value for value, label in each.choices for word in (value, str(label))}
        for feature, each in choices.items()
    }
    cantons = Canton.objects.filter(assembly=term.assembly_id).only("number", "name")
    return codes | {
        "canton": {key(word): str(row.pk) for row in cantons for word in (row.name, f"C{row.number:02}")},
    }


def key(word: str) -> str:
    return sort_key(word, "").strip().replace("’", "'")

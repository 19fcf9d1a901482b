"""Reader of a file of shares of the population: one line a value, each error with the number of its line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.identity.models.person import sort_key
from assembly.imports.tables import FileTable, UnreadableFile, read_table
from assembly.institution.models import Canton, Term
from assembly.text.french import format_number, format_percent
from assembly.text.numbers import parse_number
from draws.enums import AgeBand, Occupation
from draws.representation.queries import FEATURES
from members.enums import Gender

COLUMNS = ("critere", "valeur", "part")
FEATURE_NAMES = {"genre": "gender", "age": "age_band", "profession": "occupation", "canton": "canton"}
ROUNDING = 1.0  # by how much the sum of rounded shares may differ from 100
MOST_ROWS, MOST_ERRORS = 500, 20


def read_margins(content: bytes, term: Term) -> dict[str, dict[str, float]]:
    """Return shares between 0 and 1, by feature and value. Raise a ValidationError that lists every wrong line."""
    table = read_table(content, MOST_ROWS)
    if tuple(key(word) for word in table.header) != COLUMNS:
        raise UnreadableFile(_("La première ligne doit être : critere;valeur;part."))
    known = known_values(term)
    percents: dict[str, dict[str, float]] = defaultdict(dict)
    errors = []
    for index, (line, cells) in enumerate(table.rows):
        try:
            feature, value, percent = share_line(table, index, known)
            if value in percents[feature]:
                raise ValidationError(_("cette valeur est déjà donnée."))
            percents[feature][value] = percent
        except ValidationError as wrong:
            sentence = {"line": line, "words": " ".join(wrong.messages), "cell": cells[1]}
            errors.append(_("Ligne %(line)s, « %(cell)s » : %(words)s") % sentence)
    if not errors:
        errors = [
            _("Les parts de « %(name)s » font %(sum)s et non 100.") % {"name": name, "sum": format_number(total, 1)}
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
        raise ValidationError(_("une case contient une formule."))
    feature = FEATURE_NAMES.get(key(name))
    if feature is None:
        raise ValidationError(_("critère inconnu, choisissez genre, age, profession ou canton."))
    value = known[feature].get(key(word))
    if value is None:
        raise ValidationError(_("valeur inconnue pour ce critère."))
    try:
        percent = float(parse_number(share, ("%",)))
    except ValidationError as refused:
        if refused.code == "two_ways":
            raise
        percent = -1
    if not 0 <= percent <= 100:
        raise ValidationError(_("écrivez la part en pour cent, entre 0 et 100."))
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

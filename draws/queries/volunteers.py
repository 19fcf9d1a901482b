"""Who applies, in numbers: those who are here, and those who were erased and left a count."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from draws.enums import AgeBand, CandidateState, Channel, Occupation
from draws.models import Call, CallCount, Candidate
from draws.rules.calls import age_band
from members.enums import Gender

NOT_COUNTED = (CandidateState.UNCONFIRMED, CandidateState.DUPLICATE, CandidateState.WITHDRAWN)
FEATURES = {"age_band": AgeBand, "gender": Gender, "occupation": Occupation, "channel": Channel}


@dataclass(frozen=True)
class FeatureCount:
    """One value of one feature: `share` of all who are counted."""

    feature: str
    value: str
    label: str
    number: int
    share: float


def feature_title(feature: str) -> str:
    words = {"age_band": _("Âge"), "gender": _("Genre"), "occupation": _("Profession"), "channel": _("Reçues par")}
    return words[feature]


def volunteers(call: Call) -> list[FeatureCount]:
    """Every value of every feature, in the order of the enumerations, in two statements."""
    counted: dict[str, Counter[str]] = {feature: Counter() for feature in FEATURES}
    for values in [*present(call), *erased_before(call)]:
        for feature, value, number in values:
            counted[feature][value] += number
    total = counted["gender"].total() or 1
    return [
        FeatureCount(feature, value, str(label), counted[feature][value], counted[feature][value] / total)
        for feature, choices in FEATURES.items()
        for value, label in choices.choices
    ]


def present(call: Call) -> Iterable[list[tuple[str, str, int]]]:
    rows = Candidate.objects.filter(call=call).exclude(state__in=NOT_COUNTED)
    for birth, *values in rows.values_list("birth_date", "gender", "occupation", "channel"):
        told = [age_band(birth, call.day_of_age).value, *values]
        yield [(feature, value, 1) for feature, value in zip(FEATURES, told, strict=True)]


def erased_before(call: Call) -> Iterable[list[tuple[str, str, int]]]:
    for *values, number in CallCount.objects.filter(call=call).values_list(*FEATURES, "number"):
        yield [(feature, value, number) for feature, value in zip(FEATURES, values, strict=True)]

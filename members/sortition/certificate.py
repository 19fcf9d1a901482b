"""Fairness of a portfolio, stated before anything is drawn: how fair it is, and how fair any could have been."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from members.sortition.solver import VERSION

ENGINE = "hemicycle members.sortition 1"


@dataclass(frozen=True)
class Spread:
    """Spread of the chances of all volunteers, between 0 and 1; the Gini coefficient is 0 where all have the same."""

    minimum: float
    maximum: float
    gini: float


def spread_of(chances: Sequence[float]) -> Spread:
    """Return smallest and largest chance and the Gini coefficient, from one chance a volunteer."""
    ordered = sorted(map(float, chances))
    many, total = len(ordered), sum(ordered)
    unequal = sum((2 * place - many + 1) * chance for place, chance in enumerate(ordered))
    return Spread(ordered[0], ordered[-1], unequal / (many * total))


@dataclass(frozen=True)
class FairnessCertificate:
    """Certificate of a portfolio. `bound`: the fairest chances by the linear relaxation, which no draw can exceed.

    `reached`: those of the weighted panels. `tickets`: those of the whole tickets, which are the exact ones.
    `residual`: the largest difference between a person's chance in the bound and in the panels. `forced` and
    `excluded`: ids in every valid panel and in none.
    """

    digest: str
    pool_size: int
    seats: int
    ceiling: float | None
    panels: int
    bound: Spread
    reached: Spread
    tickets: Spread
    residual: float
    largest_rounding: float
    forced: tuple[str, ...]
    excluded: tuple[str, ...]

    @property
    def gap(self) -> float:
        """Return by how much the smallest chance stays below its bound."""
        return max(self.bound.minimum - self.reached.minimum, 0.0)

    @property
    def exact(self) -> bool:
        return self.residual <= 1e-4

    @property
    def sentence(self) -> str:
        """Return « borne / atteint / écart » in a sentence, for the certificate and the procès-verbal."""
        figures = [
            f"{100 * chance:.3f}".replace(".", ",") for chance in (self.bound.minimum, self.reached.minimum, self.gap)
        ]
        figures_text = "Plus petite chance : borne {} %, atteint {} %, écart {} point.".format(*figures)
        if self.exact:
            capped = "" if self.ceiling is None else " avec ce plafond"
            return f"{figures_text} Aucun tirage ne peut être plus égal{capped}."
        widest = f"{100 * self.residual:.3f}".replace(".", ",")
        return (
            f"{figures_text} Les panels ne permettent pas d’atteindre la borne : la chance d’une personne s’en écarte "
            f"de {widest} points au plus. La personne qui prépare le tirage en décide par écrit."
        )

    def to_json(self) -> bytes:
        """Return the certificate with six decimals; the exact chances are the tickets of `lots.csv`."""
        content = {
            "protocol": "AC-TIRAGE/1",
            "engine": ENGINE,
            "solver": f"HiGHS {VERSION}",
            **{name: rounded(value) for name, value in asdict(self).items()},
            "gap": rounded(self.gap),
            "sentence": self.sentence,
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return round(value, 6) + 0.0 if isinstance(value, float) else value

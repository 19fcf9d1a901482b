from datetime import date

from tests.factories.mission import LegalItemFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="legal",
    sees=TEAM,
    writes=TEAM,
    states="prepared in_force replaced expired",
    row=lambda people, state: LegalItemFactory(assembly=people.assembly, state=state, starts_on=date(2026, 1, 1)),
    values=lambda people: {"name": "Assurance des membres", "kind": "insurance", "renewal": "none"},
    steps={
        "en-vigueur": (TEAM, {302: "prepared expired"}),
        "remplacer": (TEAM, {422: "in_force expired"}),
        "echoir": (TEAM, {302: "in_force"}),
    },
    step=("en-vigueur", "prepared", {}),
)

from tests.factories.support import MethodSheetFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="methods",
    sees=TEAM,
    writes=TEAM,
    states="draft in_use retired",
    row=lambda people, state: MethodSheetFactory(assembly=people.assembly, state=state),
    values=lambda people: {
        "name": "Marche exploratoire",
        "purpose": "Regarder un lieu ensemble",
        "method": "Un parcours, des arrêts, un carnet.",
        "effort": "medium",
        "group_min": "6",
        "group_max": "12",
        "cost": "150.50",
    },
    steps={"mettre-en-usage": (TEAM, {302: "draft retired"}), "retirer": (TEAM, {302: "in_use"})},
    step=("mettre-en-usage", "draft", {}),
)

from tests.factories.mission import GrantSchemeFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="schemes",
    sees=TEAM,
    writes=TEAM,
    states="draft published closed",
    row=lambda people, state: GrantSchemeFactory(assembly=people.assembly, state=state),
    values=lambda people: {
        "name": "Vie associative",
        "purpose": "Ce qui relie.",
        "opens_on": "2026-01-05",
        "closes_on": "2026-12-31",
        "least_amount": "500",
        "most_amount": "30000",
        "envelope": "90000",
        "discussion_gap": "20",
    },
    lines={
        "criteres": lambda people: {"label": "Utilité", "weight": "3"},
        "pieces": lambda people: {"label": "Statuts", "is_required": "on"},
        "lecture": lambda people: {"user": people["lead"].pk},
    },
    steps={
        "publier": ("lead", {422: "draft"}),
        "clore": ("lead", {302: "published"}),
    },
    step=("clore", "published", {}),
    fresh=frozenset({"publier"}),
)

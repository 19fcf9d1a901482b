from tests.factories.mission import GrantSchemeFactory
from tests.mission.example import Example

TEAM = "lead officer"


def row(people, state):
    """Make a scheme with a grid and two readers, which can be published."""
    made = GrantSchemeFactory(assembly=people.assembly, state=state)
    for who in ("lead", "officer"):
        made.readers.create(user=people[who], created_by=people["lead"], changed_by=people["lead"])
    return made


EXAMPLE = Example(
    key="schemes",
    sees=TEAM,
    writes=TEAM,
    states="draft published closed",
    row=row,
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
        "publier": ("lead", {302: "draft"}),
        "clore": ("lead", {302: "published"}),
    },
    step=("publier", "draft", {}),
    fresh=frozenset({"publier"}),
)

from tests.factories.mission import ResourceFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="resources",
    sees=TEAM,
    writes=TEAM,
    states="in_service withdrawn",
    row=lambda people, state: ResourceFactory(assembly=people.assembly, state=state),
    values=lambda people: {"name": "Salle Garonne", "kind": "room", "place": "Hôtel du département"},
    steps={
        "hors-service": (TEAM, {422: "in_service"}),
        "en-service": (TEAM, {302: "withdrawn"}),
    },
    step=("en-service", "withdrawn", {}),
)

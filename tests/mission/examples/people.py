from tests.factories.team import TeamPostFactory
from tests.mission.example import Example

TEAM = "lead officer"
MONTHS = {"percent": "50", "starts_on": "2026-10", "ends_on": "2026-12"}

EXAMPLE = Example(
    key="people",
    sees=TEAM,
    writes=TEAM,
    states="active left",
    row=lambda people, state: TeamPostFactory(assembly=people.assembly, state=state),
    values=lambda people: {"name": "Stagiaire", "capacity": "100", "starts_on": "2026-04", "ends_on": "09/2026"},
    lines={"affectations": lambda people: MONTHS | {"topic": "Réseaux"}, "temps": lambda people: MONTHS},
    steps={"depart": (TEAM, {302: "active"}), "retour": (TEAM, {302: "left"})},
    step=("depart", "active", {}),
)

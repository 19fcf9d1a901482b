from datetime import UTC, datetime

from tests.factories.team import TeamPostFactory, TripFactory
from tests.mission.example import Example

TEAM = "lead officer"
PAST = {"starts_at": datetime(2026, 3, 9, 7, tzinfo=UTC), "ends_at": datetime(2026, 3, 9, 17, tzinfo=UTC)}

EXAMPLE = Example(
    key="trips",
    sees=TEAM,
    writes=TEAM,
    states="draft ordered done cancelled",
    row=lambda people, state: TripFactory(assembly=people.assembly, state=state, **PAST),
    values=lambda people: {
        "name": "Visite de la Maison de Luchon",
        "place": "Bagnères-de-Luchon",
        "starts_at": "2026-12-09T07:30",
        "ends_at": "2026-12-09T19:00",
        "means": "train",
    },
    lines={"voyageurs": lambda people: {"post": TeamPostFactory(assembly=people.assembly).pk}},
    steps={
        "ordonner": (TEAM, {302: "draft"}),
        "reprendre": (TEAM, {422: "ordered"}),
        "fait": (TEAM, {302: "ordered"}),
        "annuler": (TEAM, {422: "draft ordered"}),
    },
    step=("ordonner", "draft", {}),
)

from tests.factories.mission import BookingFactory, ResourceFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="bookings",
    sees=TEAM,
    writes=TEAM,
    states="to_confirm confirmed cancelled",
    row=lambda people, state: BookingFactory(assembly=people.assembly, state=state),
    values=lambda people: {
        "name": "Plénière",
        "resource": ResourceFactory(assembly=people.assembly).pk,
        "starts_at": "2026-12-05T09:00",
        "ends_at": "2026-12-05T17:00",
    },
    steps={
        "prevenir": (TEAM, {302: "to_confirm"}),
        "confirmer": (TEAM, {302: "to_confirm"}),
        "deplacer": (TEAM, {422: "to_confirm confirmed"}),
        "annuler": (TEAM, {422: "to_confirm confirmed"}),
    },
    step=("prevenir", "to_confirm", {}),
)

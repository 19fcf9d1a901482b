from tests.factories.mission import ContractFactory
from tests.mission.example import Example

TEAM = "lead officer"
LOT = {"title": "Repas", "ceiling": "4000"}
ORDER = {"title": "Déjeuner de la plénière", "amount": "1200.50", "ordered_on": "2026-03-20"}

EXAMPLE = Example(
    key="contracts",
    sees=TEAM,
    writes=TEAM,
    states="draft running ended",
    row=lambda people, state: ContractFactory(assembly=people.assembly, state=state),
    values=lambda people: {
        "name": "Repas des séances",
        "kind": "catering",
        "holder_name": "Traiteur du Lauragais",
        "ceiling": "10000",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    },
    lines={"lots": lambda people: LOT, "commandes": lambda people: ORDER},
    steps={
        "notifier": (TEAM, {302: "draft"}),
        "accepter": (TEAM, {422: "running ended"}),
        "terminer": (TEAM, {422: "draft running"}),
    },
    step=("notifier", "draft", {}),
)

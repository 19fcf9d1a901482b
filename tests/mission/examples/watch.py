from tests.factories.watch import WatchItemFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="watch",
    sees=TEAM,
    writes=TEAM,
    states="new read retained shared archived",
    row=lambda people, state: WatchItemFactory(assembly=people.assembly, state=state),
    values=lambda people: {"name": "Un arrêt", "kind": "legal", "relevance": "1", "topics": "Droit"},
    steps={
        "retenir": (TEAM, {302: "new read"}),
        "lire": (TEAM, {302: "new"}),
        "diffuser": (TEAM, {302: "retained"}),
        "classer": (TEAM, {302: "new read retained shared"}),
        "reprendre": (TEAM, {302: "retained shared archived"}),
    },
    step=("retenir", "new", {}),
)

from tests.factories.watch import WatchSourceFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="sources",
    sees=TEAM,
    writes=TEAM,
    states="active paused closed",
    row=lambda people, state: WatchSourceFactory(assembly=people.assembly, state=state),
    values=lambda people: {
        "name": "Vie publique",
        "kind": "feed",
        "item_kind": "legal",
        "address": "https://exemple.fr/rss.xml",
    },
    steps={
        "relever": (TEAM, {302: "active"}),
        "suspendre": (TEAM, {302: "active"}),
        "reprendre": (TEAM, {302: "paused closed"}),
        "abandonner": (TEAM, {422: "active paused"}),
    },
    step=("suspendre", "active", {}),
)

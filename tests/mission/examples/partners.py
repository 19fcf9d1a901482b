from tests.factories.mission import PartnerFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="partners",
    sees=TEAM,
    writes=TEAM,
    states="to_contact active dormant ended merged",
    row=lambda people, state: PartnerFactory(assembly=people.assembly, state=state),
    values=lambda people: {"name": "CDCA", "kind": "network", "topics": "Autonomie, aidants"},
    lines={
        "contacts": lambda people: {"first_name": "Rosa", "last_name": "Vidal", "function": "Présidente"},
        "conventions": lambda people: {"title": "Données", "starts_on": "2026-01-01", "ends_on": "2027-01-01"},
        "echanges": lambda people: {"held_on": "2026-05-04", "kind": "call", "summary": "Un point."},
        "donnees": lambda people: {"title": "Places", "licence": "Licence ouverte"},
    },
    steps={
        "engager": (TEAM, {302: "to_contact"}),
        "reprendre": (TEAM, {302: "dormant ended"}),
        "en-sommeil": (TEAM, {422: "active"}),
        "terminer": (TEAM, {422: "to_contact active dormant"}),
        "fusionner": (TEAM, {422: "to_contact active dormant ended"}),
    },
    step=("engager", "to_contact", {}),
)

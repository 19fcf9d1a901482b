from tests.factories.support import MethodSheetFactory, SupportRequestFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="support",
    sees=TEAM,
    writes=TEAM,
    states="received qualified accepted redirected declined assigned in_progress delivered evaluated closed withdrawn",
    row=lambda people, state: SupportRequestFactory(assembly=people.assembly, state=state),
    values=lambda people: {
        "name": "Concerter sur les aires de covoiturage",
        "directorate": people.directorate.pk,
        "received_on": "2026-03-02",
        "need": "Savoir où les placer.",
        "policy": "mobility",
    },
    lines={
        "methodes": lambda people: {"method": MethodSheetFactory(assembly=people.assembly).pk, "why": "Sur place"},
        "formations": lambda people: {
            "title": "Animer une réunion publique",
            "held_on": "2026-04-14",
            "hours": "6",
            "place": "Revel",
            "registered": "12",
            "attended": "9",
            "answers": "6",
            "satisfaction": "4.2",
        },
    },
    steps={
        "qualifier": (TEAM, {302: "received"}),
        "accepter": (TEAM, {302: "qualified"}),
        "reorienter": (TEAM, {422: "qualified"}),
        "refuser": (TEAM, {422: "qualified"}),
        "confier": (TEAM, {422: "accepted"}),
        "commencer": (TEAM, {302: "assigned"}),
        "rendre": (TEAM, {422: "in_progress"}),
        "evaluer": (TEAM, {422: "delivered"}),
        "clore": (TEAM, {302: "evaluated"}),
        "retirer": (TEAM, {302: "received qualified"}),
    },
    step=("qualifier", "received", {}),
)

from tests.factories.support import MethodSheetFactory, SupportRequestFactory
from tests.mission.example import Example

TEAM = "lead officer"

EXAMPLE = Example(
    key="support",
    sees=TEAM,
    writes=TEAM,
    states="received accepted in_progress delivered declined",
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
        "accepter": (TEAM, {302: "received"}),
        "refuser": (TEAM, {422: "received"}),
        "commencer": (TEAM, {302: "accepted"}),
        "rendre": (TEAM, {422: "in_progress"}),
        "evaluer": (TEAM, {422: "delivered"}),
        "retirer": (TEAM, {302: "received"}),
    },
    step=("accepter", "received", {}),
)

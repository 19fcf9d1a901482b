from tests.factories.mission import GrantApplicationFactory, GrantSchemeFactory, siret_of
from tests.mission.example import Example

TEAM = "lead officer"
BEFORE_VOTE = "received incomplete assessment committee"
DECIDED = "voted paid rejected"


def row(people, state):
    """Both of the team read it, and have given no marks yet."""
    readers = (people["lead"], people["officer"])
    return GrantApplicationFactory(assembly=people.assembly, state=state, readers=readers)


def values(people):
    scheme = GrantSchemeFactory(assembly=people.assembly)
    return {
        "name": "Les Ateliers du Volvestre",
        "scheme": scheme.pk,
        "siret": siret_of(900_000 + scheme.pk),
        "project": "Un jardin partagé",
        "starts_on": "2026-03-01",
        "ends_on": "2026-10-01",
        "received_on": "2026-02-01",
        "cost": "9000",
        "requested": "4000",
    }


EXAMPLE = Example(
    key="grants",
    sees=TEAM,
    writes=TEAM,
    states=f"voted {BEFORE_VOTE} paid rejected withdrawn",
    row=row,
    values=values,
    lines={"versements": lambda people: {"paid_on": "2026-06-01", "amount": "100"}},
    steps={
        "joindre": (TEAM, {422: "received incomplete"}),
        "declarer-complete": (TEAM, {422: "received"}),
        "demander-les-pieces": (TEAM, {422: "received"}),
        "pieces-recues": (TEAM, {302: "incomplete"}),
        "instruire": (TEAM, {}),
        "remplacer": (TEAM, {422: "assessment"}),
        "lien-d-interet": (TEAM, {422: BEFORE_VOTE}),
        "noter": (TEAM, {422: "assessment"}),
        "echanger": (TEAM, {}),
        "rendre-avis": (TEAM, {422: "assessment"}),
        "au-comite": (TEAM, {}),
        "voter": (TEAM, {422: "committee"}),
        "corriger-le-message": (TEAM, {422: DECIDED}),
        "annoncer": (TEAM, {409: DECIDED}),
        "sceller-la-decision": ("lead", {302: DECIDED}),
        "convention": (TEAM, {422: "voted"}),
        "sceller-la-convention": ("lead", {}),
        "verser": (TEAM, {422: "voted"}),
        "compte-rendu": (TEAM, {422: "paid"}),
        "clore": (TEAM, {}),
        "refuser": (TEAM, {422: BEFORE_VOTE}),
        "retirer": (TEAM, {302: BEFORE_VOTE}),
    },
    fresh=frozenset({"sceller-la-decision", "sceller-la-convention"}),
    step=("pieces-recues", "incomplete", {}),
)

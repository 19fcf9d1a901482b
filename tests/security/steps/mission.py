"""Steps of the registers: the tables of the matrix, from `tests/mission/examples/`."""

from datetime import date
from typing import Any

from django.utils import timezone

from tests.factories.mission import GrantApplicationFactory
from tests.factories.support import SupportRequestFactory
from tests.mission.example import EXAMPLES, Example
from tests.security.steps.rule import Table


def table_of(example: Example) -> Table:
    """Return the table of a register; whoever does not see the register is refused before any row is read."""
    return Table(
        pages=f"mission:{example.key}-step",
        states=example.states,
        row=example.row,
        enters=example.sees,
        unseen=example.unseen,
        steps=example.steps,
    )


def grants_with(state: str, facts: dict[str, Any], taken: dict[str, int], *, are_read: bool = True) -> Table:
    """Return the table of applications with these columns: `taken` alone is taken, by whom the example says."""
    steps = {
        slug: ("" if slug == "noter" else whose, {taken[slug]: state} if slug in taken else {})
        for slug, (whose, _answers) in EXAMPLES["grants"].steps.items()
    }

    def row(people, state):
        readers = (people["lead"], people["officer"]) if are_read else ()
        read = {"first_read_at": timezone.now(), "second_read_at": timezone.now(), "score": 80} if are_read else {}
        return GrantApplicationFactory(assembly=people.assembly, state=state, readers=readers, **read, **facts)

    return Table("mission:grants-step", state, row, EXAMPLES["grants"].sees, steps)


BEFORE_VOTE = {"lien-d-interet": 422, "refuser": 422, "retirer": 302}
DECIDED = {"corriger-le-message": 422, "annoncer": 409, "sceller-la-decision": 302}
DAY = date(2026, 11, 2)
SIGNED = {"decided_on": DAY, "agreement_signed_on": DAY}
REPORTED = {"reported_on": DAY, "spent_amount": 900}
AGENTS = "dir_contact dir_approver"
TABLES = {
    **{f"register {key}": table_of(example) for key, example in EXAMPLES.items()},
    "grants that nobody reads": grants_with(
        "assessment", {}, {**BEFORE_VOTE, "joindre": 422, "instruire": 422, "rendre-avis": 422}, are_read=False
    ),
    "grants with both marks": grants_with("assessment", {}, {**BEFORE_VOTE, "rendre-avis": 422}),
    "grants with an opinion": grants_with("assessment", {"opinion": "Oui."}, {**BEFORE_VOTE, "au-comite": 302}),
    "grants signed": grants_with("voted", SIGNED, {**DECIDED, "sceller-la-convention": 302, "verser": 422}),
    "grants accounted for": grants_with("paid", REPORTED, {**DECIDED, "clore": 302}),
    "grants closed": grants_with("paid", {**REPORTED, "ended_on": DAY}, DECIDED),
    "support, in the room of directorates": Table(
        pages="mission:directorate-support-step",
        states=EXAMPLES["support"].states,
        row=lambda people, state: SupportRequestFactory(
            assembly=people.assembly, directorate=people.directorate, state=state
        ),
        enters=AGENTS,
        steps={"evaluer": (AGENTS, {422: "delivered"}), "retirer": (AGENTS, {302: "received"})},
    ),
}

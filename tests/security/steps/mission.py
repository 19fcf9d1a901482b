"""Steps of the registers: the tables of the matrix, from `tests/mission/examples/`."""

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


AGENTS = "dir_contact dir_approver"
TABLES = {
    **{f"register {key}": table_of(example) for key, example in EXAMPLES.items()},
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

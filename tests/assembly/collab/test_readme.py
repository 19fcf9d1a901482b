"""The README says what the code does: states, rights, codes."""

import re
from pathlib import Path

from assembly import collab
from assembly.collab import rules
from assembly.collab.engine import frames
from assembly.collab.models import TextRight, TextState
from assembly.collab.workflow import TEXT

README = (Path(collab.__file__).parent / "README.md").read_text(encoding="utf-8")
RIGHTS = [TextRight.READ, TextRight.COMMENT, TextRight.SUGGEST, TextRight.WRITE]


def table(title):
    """Return the cells of the first table under a heading, without header and ruler."""
    lines = README.split(f"## {title}\n", 1)[1].splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows[2:]


def test_states_are_those_of_the_workflow():
    written = {
        (step_name, frozenset(sources.split(", ")), target, who) for step_name, sources, target, who in table("States")
    }
    assert written == {(step.name, step.sources, step.target, "nobody") for step in TEXT.steps}


def test_rights_are_those_of_the_rules():
    told = {what: (cells[:-1], cells[-1].split(", ")) for what, *cells in table("Rights")}
    assert set(told) == set(rules.abilities_within(TextRight.WRITE, TextState.OPEN))
    for what, (cells, states) in told.items():
        for right, cell in zip(RIGHTS, cells, strict=True):
            for state in TextState:
                expected = cell == "yes" and state in states
                assert rules.abilities_within(right, state)[what] is expected, (what, right, state)
        assert not any(rules.abilities_within(TextRight.NONE, state)[what] for state in TextState)


def test_codes_are_those_of_the_frames():
    socket = README.split("## The socket", 1)[1].split("\n## ", 1)[0]
    told = {int(code) for code in re.findall(r"^\| (\d{4}) \|", socket, re.MULTILINE)}
    assert told == {value for name, value in vars(frames).items() if name.startswith("CLOSE_")}

"""The state tables that people read are those that the code follows."""

import re
from pathlib import Path

import pytest

from assembly.identity.workflow import ERASURE
from assembly.institution.workflow import TERM

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("readme", "workflow"), [("assembly/institution/README.md", TERM), ("assembly/identity/README.md", ERASURE)]
)
def test_the_table_of_the_readme_is_the_workflow(readme, workflow):
    text = (ROOT / readme).read_text(encoding="utf-8").split("| step | from | to | who |")[1].split("\n\n")[0]
    written = {
        tuple(re.findall(r"[a-zéèà_]+", line)) for line in text.splitlines() if "---" not in line and "|" in line
    }
    steps = {
        (step.name, *sorted(step.sources), step.target, *" ".join(map(str, step.by.labels)).split())
        for step in workflow.steps
    }
    assert written - {()} == steps

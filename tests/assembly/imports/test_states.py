"""The README says the steps of an import."""

from assembly.imports.workflow import IMPORT_BATCH
from tests.tables import table


def test_states():
    written = {
        (step, frozenset(sources.split(", ")), target, who)
        for step, sources, target, who in table("assembly/imports", "ImportBatch")
    }
    steps = IMPORT_BATCH.steps
    assert written == {
        (step.name, step.sources, step.target, ", ".join(map(str, step.by.labels)) or "nobody") for step in steps
    }
    assert len(written) == len(steps)

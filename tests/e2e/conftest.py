"""Fixtures of several files of browser tests."""

import pytest

from assembly.collab import registry
from assembly.collab.engine import hub
from tests.e2e.coediting import KIND, Desk, Rights


@pytest.fixture
def desk(open_context, sign_in, people, settings, monkeypatch):
    """Return a shared text with its pages: `desk.write("…")`, then `desk.open(user)` for each person."""
    settings.ROOT_URLCONF = "tests.e2e.coediting"
    held = Rights()
    monkeypatch.setattr(hub, "SWEEP", 1.0)  # sessions and rights are looked at more often than every 8 s
    made = Desk(open_context, sign_in, people, held)
    kind = registry.TextKind(
        KIND,
        held.resolve,
        lambda text, user: "/essai/",
        late=lambda text, user: made.later,
        assignees=lambda text, user: made.assignees,
    )
    monkeypatch.setitem(registry.kinds, KIND, kind)
    yield made
    assert made.wrong == []

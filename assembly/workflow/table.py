"""A workflow is a table of steps; the row of the database decides who was first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models


class TransitionRefused(Exception):
    """The object is no longer in a state from which this step may leave (another hand was faster)."""

    def __init__(self, obj: models.Model, verb: str) -> None:
        self.obj = obj
        self.verb = verb
        super().__init__(f"{obj._meta.label} {obj.pk} cannot {verb} from {obj.state!r}")  # type: ignore[attr-defined] # noqa: SLF001 -- _meta is Django's public name; every workflow model has a state


@dataclass(frozen=True)
class Step:
    """One arrow: `verb` leads from any of `sources` to `target`."""

    verb: str
    sources: frozenset[str]
    target: str


class Workflow:
    """The steps of one model. Rows are (verb, sources, target); the same verb may appear on several rows."""

    def __init__(self, steps: Iterable[tuple[str, Iterable[str], str]]) -> None:
        self.steps = tuple(
            Step(verb, frozenset(str(source) for source in sources), str(target)) for verb, sources, target in steps
        )

    def verbs_from(self, state: str) -> frozenset[str]:
        """Verbs that may leave `state`."""
        return frozenset(step.verb for step in self.steps if state in step.sources)

    def target(self, verb: str, state: str) -> str | None:
        """State reached by `verb` from `state`, or None."""
        for step in self.steps:
            if step.verb == verb and state in step.sources:
                return step.target
        return None

    def states(self) -> frozenset[str]:
        """Every state that some step leaves or reaches."""
        return frozenset(state for step in self.steps for state in (*step.sources, step.target))

    def move(self, obj: models.Model, verb: str, **changes: Any) -> None:
        """Take the step `verb` and write `changes` in the same UPDATE, if the row is still in a source state.

        The row in the database decides, not the copy in memory: raises TransitionRefused when another
        request moved it first. `obj` is refreshed with what was written.
        """
        steps = [step for step in self.steps if step.verb == verb]
        manager = type(obj)._base_manager  # noqa: SLF001 -- _base_manager is documented API
        for step in steps:
            written = {"state": step.target, **changes}
            if manager.filter(pk=obj.pk, state__in=step.sources).update(**written):
                for name, value in written.items():
                    setattr(obj, name, value)
                return
        raise TransitionRefused(obj, verb)

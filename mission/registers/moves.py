"""Steps of a register, each said once: the row of its workflow and the page that asks before it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assembly.dossiers import ReasonForm, StepForm, StepPage
from assembly.dossiers.pages import no_lines
from assembly.identity.models import User
from assembly.ui.words import Label
from assembly.workflow import Step, Transition, Who, Workflow
from mission.registers.rules import TEAM


@dataclass(frozen=True)
class Move:
    """`slug`: the last part of its address. `verb`: what code calls it; the journal writes `<noun>.<verb>d` or the
    participle given. `question`: above the page. `label`: its button. `done`: what the next page says. `says`: its
    sentence in the history. `reason`: why is asked, and goes to the history. `primary`: it may be the big button.
    The rest is as in `Step` and `StepPage`."""

    slug: str
    verb: str
    sources: Collection[str]
    target: str | None
    label: Label
    question: Label
    done: Label
    says: Label
    by: Who[Any] = TEAM
    reason: bool = False
    primary: bool = False
    participle: str = ""
    guards: tuple[Callable[[Any], None], ...] = ()
    when: Callable[[Any], bool] | None = None
    changes: Callable[[Any, Transition], dict[str, Any]] | None = None
    then: Callable[[Any, Transition], Any] | None = None
    form: type[StepForm] | None = None
    run: Callable[[Any, User, dict[str, Any]], Any] | None = None
    lines: Callable[[Any], Iterable[Label]] = no_lines
    danger: bool = False
    fresh: bool = False
    template: str = "dossiers/step.html"
    context: Callable[[Any], dict[str, Any]] | None = None
    after: Callable[[Any, Any], str] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether many rows may take it at once, without a page of its own."""
        return not (self.danger or self.fresh or self.run or self.form) and self.target is not None

    def step(self, noun: str) -> Step[Any]:
        past = self.participle or (f"{self.verb}d" if self.verb.endswith("e") else f"{self.verb}ed")
        return Step(
            self.verb,
            self.sources,
            self.target,
            self.by,
            f"{noun}.{past}",
            self.says,
            guards=self.guards,
            when=self.when,
            needs_reason=self.reason,
            changes=self.changes,
            then=self.then,
        )

    @property
    def page(self) -> StepPage[Any]:
        return StepPage(
            self.verb,
            title=self.question,
            label=self.label,
            done=self.done,
            lines=self.lines,
            form=self.form or (ReasonForm if self.reason else None),
            run=self.run,
            danger=self.danger,
            fresh=self.fresh,
            template=self.template,
            context=self.context,
            after=self.after,
        )


def workflow_of(noun: str, moves: Iterable[Move]) -> Workflow[Any]:
    return Workflow([move.step(noun) for move in moves])


def pages_of(moves: Iterable[Move]) -> Mapping[str, StepPage[Any]]:
    return {move.slug: move.page for move in moves}

"""Steps of a register, each said once: the row of its workflow and the page that asks before it."""

from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils.text import capfirst, format_lazy

from assembly.dossiers import ReasonForm, StepPage
from assembly.identity.models import User
from assembly.ui.words import Label
from assembly.workflow import Step, Who, Workflow
from mission.registers.refusals import checks_in_words
from mission.registers.rules import TEAM


@dataclass(frozen=True)
class Move(Step[Any]):
    """A row of the workflow, as `Step` says it, and its page:

        Move("accept", {S.QUALIFIED}, S.ACCEPTED, then=tell).page("accepter", _("Accepter"), _("a accepté la demande"))

    The journal writes `<noun>.<verb>ed`, or the `participle` given. `primary`: it may be the big button; by itself
    where it leads to the next state of the path, unless the path ends there.
    """

    by: Who[Any] = TEAM
    participle: str = ""
    primary: bool | None = None
    slug: str = ""
    asks: StepPage[Any] = StepPage("", "", "", "")

    def page(self, slug: str, label: Label, says: Label, question: Label = "", done: Label = "", **more: Any) -> Self:
        """`slug`: the last part of its address. `label`: its button. `says`: its sentence in the history. `question`:
        above the page, else « Accepter la demande ? ». `done`: what the next page says, else « La demande est
        acceptée. ». The rest is as in `StepPage`."""
        return replace(self, slug=slug, says=says, asks=StepPage(self.verb, question, label, done, **more))

    @property
    def is_plain(self) -> bool:
        """Whether many rows may take it at once, without a page of its own."""
        return self.target is not None and not (self.asks.danger or self.asks.fresh or self.asks.run or self.asks.form)

    def step(self, noun: str) -> Step[Any]:
        return replace(self, journal=f"{noun}.{self.participle or past_of(self.verb)}")

    def step_page(self, the: Any, state: Label, workflow: Workflow[Any]) -> StepPage[Any]:
        """`the`: what a row is called; `state`: what it becomes. What a form asks is written with the state, unless
        `run` does."""

        def write(row: Any, user: User, data: dict[str, Any]) -> Any:
            return workflow.transition(row, self.verb, by=user, **data)

        return replace(
            self.asks,
            title=self.asks.title or format_lazy("{} {} ?", self.asks.label, the),
            done=self.asks.done or format_lazy("{} est {}.", capfirst(the), state),
            form=self.asks.form or (ReasonForm if self.needs_reason else None),
            run=checks_in_words(self.asks.run or write),
        )


class RegisterWorkflow(Workflow[Any]):
    """What the database refuses is said in words, whichever way a step is taken."""

    take = checks_in_words(Workflow.take)


def past_of(verb: str) -> str:
    """« accepted », « closed », « qualified »; an irregular one is given."""
    return f"{verb}d" if verb.endswith("e") else f"{verb.removesuffix('y')}ied" if verb.endswith("fy") else f"{verb}ed"

"""Steps of a register, each declared once: the row of its workflow and the page that asks before it."""

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
    """Step of a register: a row of the workflow, as in `Step`, and its page:

        Move("accept", {S.QUALIFIED}, S.ACCEPTED, then=tell).page("accepter", _("Accepter"), _("a accepté la demande"))

    The journal records `<noun>.<verb>ed`, or the `participle` given. `primary`: it may be the big button; by default
    where it leads to the next state of the path, unless the path ends there.
    """

    by: Who[Any] = TEAM
    participle: str = ""
    primary: bool | None = None
    slug: str = ""
    asks: StepPage[Any] = StepPage("", "", "", "")

    def page(self, slug: str, label: Label, says: Label, question: Label = "", done: Label = "", **more: Any) -> Self:
        """Return the step with its page.

        `slug`: the last part of its URL. `label`: its button. `says`: its sentence in the history. `question`: the
        title of the page, else « Accepter la demande ? ». `done`: the success message, else « La demande est acceptée.
        ». The rest is as in `StepPage`.
        """
        return replace(self, slug=slug, says=says, asks=StepPage(self.verb, question, label, done, **more))

    @property
    def is_plain(self) -> bool:
        """Return whether many rows may take the step at once, without a page of its own."""
        return self.target is not None and not (self.asks.danger or self.asks.fresh or self.asks.run or self.asks.form)

    def step(self, noun: str) -> Step[Any]:
        return replace(self, journal=f"{noun}.{self.participle or past_of(self.verb)}")

    def step_page(self, the: Any, state: Label, workflow: Workflow[Any]) -> StepPage[Any]:
        """Return the page of the step. What its form asks is written with the state, unless `run` does.

        `the`: the noun of a row with its article; `state`: the label of its new state.
        """

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
    """Workflow that turns a broken constraint into its error message, wherever a step is taken."""

    take = checks_in_words(Workflow.take)


def past_of(verb: str) -> str:
    """Return « accepted », « closed » or « qualified »; an irregular participle is declared."""
    return f"{verb}d" if verb.endswith("e") else f"{verb.removesuffix('y')}ied" if verb.endswith("fy") else f"{verb}ed"

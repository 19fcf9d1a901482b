"""Steps of a register, each declared once: the row of its workflow and the page that asks before it."""

from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils.text import capfirst, format_lazy

from assembly.dossiers import ReasonForm, StepPage
from assembly.identity.models import User
from assembly.ui.french import Label
from assembly.workflow import Permission, Step, Workflow
from mission.registers.refusals import explain_violations
from mission.registers.rules import TEAM


@dataclass(frozen=True)
class RegisterStep(Step[Any]):
    """Step of a register: a row of the workflow, as in `Step`, and its page:

        RegisterStep("accept", {S.QUALIFIED}, S.ACCEPTED).page("accepter", _("Accepter"), _("a accepté la demande"))

    The journal records `<noun>.<name>ed`, or the `participle` given. `primary`: it may be the big button; by default
    where it leads to the next state of the path, unless the path ends there.
    """

    by: Permission[Any] = TEAM
    participle: str = ""
    primary: bool | None = None
    slug: str = ""
    declared_page: StepPage[Any] = StepPage("", "", "", "")

    def page(
        self,
        slug: str,
        label: Label,
        history_text: Label,
        question: Label = "",
        success_message: Label = "",
        **more: Any,
    ) -> Self:
        """Return the step with its page.

        `slug`: the last part of its URL. `label`: its button. `history_text`: its sentence in the history. `question`:
        the title of the page, else « Accepter la demande ? ». `success_message`: the success message, else « La
        demande est acceptée. ». The rest is as in `StepPage`.
        """
        return replace(
            self,
            slug=slug,
            history_text=history_text,
            declared_page=StepPage(self.name, question, label, success_message, **more),
        )

    @property
    def is_plain(self) -> bool:
        """Return whether many rows may take the step at once, without a page of its own."""
        return self.target is not None and not (
            self.declared_page.danger
            or self.declared_page.fresh
            or self.declared_page.action
            or self.declared_page.form
        )

    def with_event_type(self, noun: str) -> Step[Any]:
        return replace(self, event_type=f"{noun}.{self.participle or past_participle(self.name)}")

    def step_page(self, noun_with_article: Any, state: Label, workflow: Workflow[Any]) -> StepPage[Any]:
        """Return the page of the step. What its form asks is written with the state, unless `action` does.

        `noun_with_article`: the noun of a row with its article; `state`: the label of its new state.
        """

        def write(row: Any, user: User, data: dict[str, Any]) -> Any:
            return workflow.transition(row, self.name, by=user, **data)

        return replace(
            self.declared_page,
            title=self.declared_page.title or format_lazy("{} {} ?", self.declared_page.label, noun_with_article),
            success_message=self.declared_page.success_message
            or format_lazy("{} est {}.", capfirst(noun_with_article), state),
            form=self.declared_page.form or (ReasonForm if self.needs_reason else None),
            action=explain_violations(self.declared_page.action or write),
        )


class RegisterWorkflow(Workflow[Any]):
    """Workflow that turns a broken constraint into its error message, wherever a step is taken."""

    take = explain_violations(Workflow.take)


def past_participle(name: str) -> str:
    """Return « accepted », « closed » or « qualified »; an irregular participle is declared."""
    return f"{name}d" if name.endswith("e") else f"{name.removesuffix('y')}ied" if name.endswith("fy") else f"{name}ed"

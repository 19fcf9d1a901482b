"""A step of a workflow: who takes it from which states, what is recorded, what its page says and asks."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from assembly.text.french import Label
from assembly.web.forms import StyledForm, text_box


class Permission[Row: models.Model]:
    """A predicate on (user, row): who may take the step, whatever the state; `labels` name these people.

    `Workflow.available_steps` calls `test` for every step of a page: it reads the roles cached on the user object and
    columns of the row, and no database where it can.
    """

    def __init__(self, test: Callable[[Any, Row], bool], *labels: Label) -> None:
        self.test = test
        self.labels = labels

    def __call__(self, user: Any, row: Row) -> bool:
        return self.test(user, row)

    def __or__(self, other: "Permission[Row]") -> "Permission[Row]":
        labels = dict.fromkeys((*self.labels, *other.labels))
        return Permission(lambda user, row: self(user, row) or other(user, row), *labels)

    def __and__(self, other: "Permission[Row]") -> "Permission[Row]":
        """Combine two predicates that must both hold; the second, narrower one gives the label where it has one."""
        return Permission(lambda user, row: self(user, row) and other(user, row), *(other.labels or self.labels))


# For a step that follows from another fact (a ballot, a seal, the clock): no person takes it.
SYSTEM_ONLY: Permission[Any] = Permission(lambda user, row: False)


class StepForm(StyledForm):
    """Form of a step on `row`, taken by `user`; its cleaned fields are the keyword arguments of the step's action.

    `prefilled`: fields that show first what the column of the same name holds.
    """

    prefilled: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Any, user: Any, **kwargs: Any) -> None:
        self.row = row
        self.user = user
        super().__init__(*args, **kwargs)
        for name in self.prefilled:
            self.initial.setdefault(name, row.serializable_value(name))

    def consequences(self) -> Iterable[Label]:
        """Return the consequences that only the form knows; read to show the page, not by a step that succeeds."""
        return ()


class ReasonForm(StepForm):
    """Form for the reason of a step, which goes to the journal and to those whom the step notifies."""

    reason = text_box(_("Pourquoi ?"), 1000, 3)


type Guard[Row] = Callable[[Row], None]
type Sentence[Row] = Label | Callable[[Row], str]
type Sentences[Row] = Sequence[Label] | Callable[[Row], Iterable[Label]]


def state_of(row: models.Model) -> str:
    return row.state  # type: ignore[attr-defined]  # -- every model with a workflow has this column


def make_guard(condition: Callable[[Any], object], message: Label, code: str = "") -> Guard[Any]:
    """Return a guard that raises a ValidationError with `message` where `condition(row)` is false."""

    def check(row: Any) -> None:
        if not condition(row):
            raise ValidationError(str(message), code=code)

    return check


def past_participle(name: str) -> str:
    """Return « accepted », « closed » or « qualified »; an irregular participle is declared."""
    return f"{name}d" if name.endswith("e") else f"{name.removesuffix('y')}ied" if name.endswith("fy") else f"{name}ed"


@dataclass(frozen=True, eq=False, kw_only=True)
class StepPage[Row: models.Model]:
    """The page of a step: a question with what follows and for how many, sometimes a form, then the step.

    `slug`: the last part of its address; a step without one has no page. `areas`: the `StepPages` that show it.
    `label`: the text of the button and of the link. `question`: the title, with the number in it where there is one;
    by default the label and the noun of the workflow, « Accepter la demande ? ». `success_message`: on the next
    page, about the row after the step; by default « La demande est acceptée. ». `consequences`: what follows, for how
    many. `recipients`: who gets something, folded. `form`: by default asks the reason where the step needs one.
    `action(row, by=user, **cleaned_data)`: the action of this page alone; else the one that `Workflow.action` binds to
    the step; else the transition, with what the form gives as columns.
    `next_url(row, result)`: where the step leads once it is done, with what the action returned; else
    `StepPages.back`. `template`: one that extends `dossiers/step.html`, with `context(row)`; its block `details` is
    read before the form is sent. `offered`: when pages propose the step, where that is narrower than the right and
    the state. `fresh`: a recent proof of identity, for what gives rights, seals, publishes or takes either back.
    `danger`: it cannot be taken back. `undo`: the step that goes back; from the state to which that one leads, the
    button acts at once, and the next page offers « Annuler ».
    """

    name: str = ""
    slug: str = ""
    areas: tuple[str, ...] = ("",)
    label: Label = ""
    question: Sentence[Row] = ""
    success_message: Sentence[Row] = ""
    consequences: Sentences[Row] = ()
    recipients: Callable[[Row], Sequence[Any]] | None = None
    form: type[StepForm] | None = None
    action: Callable[..., Any] | None = None
    next_url: Callable[[Row, Any], str] | None = None
    template: str = "dossiers/step.html"
    context: Callable[[Row], dict[str, Any]] | None = None
    offered: Callable[[Any, Row], bool] | None = None
    danger: bool = False
    fresh: bool = False
    undo: str = ""

    def default_question(self, noun_with_article: Label) -> Label:
        """Return « Accepter la demande ? »; without a noun, « Accepter ? »."""
        return (
            format_lazy("{} {} ?", self.label, noun_with_article)
            if noun_with_article
            else format_lazy("{} ?", self.label)
        )


@dataclass(frozen=True, eq=False)
class Step[Row: models.Model](StepPage[Row]):
    """One transition of a workflow, and its page (the fields of `StepPage`).

    `by`: who may ever take it. `guards`: each raises a ValidationError whose sentence names what is missing. `when`:
    whether the step exists now for reasons other than the row's own state (the state of its parent, an hour that has
    come). `event_type`: of its line in the journal; without a dot it is completed with the noun of the workflow, which
    also gives the default, « request.accepted ». `history_text`: its sentence in the history. `needs_reason`: the
    person's reason goes to the journal's detail, and an empty one is refused; `reason_column` requires it too and
    stores it in the row, as `when_column` stores the moment (`…_at`) or the day (`…_on`) of the step, `by_column` who
    took it. `changes`: other columns written together with the state. `then`: what follows, in the same transaction.
    `locks_parent`: a step of the parent follows, so that the parent is locked, not shared. `pages`: further pages, in
    other areas or with another form. `primary`: it leads on from its sources, so that who may take it is awaited; in a
    register it may be the big button, by default where it leads to the next state of the path, unless the path ends
    there.
    """

    name: str = field()  # positional and required, unlike in `StepPage`
    sources: Collection[str] = field()
    target: str | None = None
    by: Permission[Row] = SYSTEM_ONLY
    event_type: str = ""
    history_text: Label = ""
    guards: tuple[Guard[Row], ...] = ()
    when: Callable[[Row], bool] | None = None
    needs_reason: bool = False
    reason_column: str = ""
    when_column: str = ""
    by_column: str = ""
    changes: Callable[[Row, "Transition"], dict[str, Any]] | None = None
    then: Callable[[Row, "Transition"], Any] | None = None
    locks_parent: bool = False
    pages: tuple[StepPage[Row], ...] = ()
    primary: bool | None = None
    target_choice: Any = None  # The member of the enumeration, whose label is read once the apps are loaded.

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", frozenset(map(str, self.sources)))
        object.__setattr__(self, "target_choice", self.target_choice or self.target)
        object.__setattr__(self, "target", str(self.target) if self.target else None)
        object.__setattr__(self, "needs_reason", self.needs_reason or bool(self.reason_column))

    @property
    def leads_on(self) -> bool:
        """Return whether the step leads to another state, or on within its own."""
        return self.target is not None or bool(self.primary)

    def is_available(self, row: Row) -> bool:
        """Return whether the step may be taken from the row's state now, whatever the rights."""
        return state_of(row) in self.sources and (self.when is None or self.when(row))

    def with_event_type(self, noun: str) -> Self:
        """Return the step with its whole event type: `noun` is the first word of those of its workflow."""
        if not self.history_text or "." in self.event_type:
            return self
        return replace(self, event_type=f"{noun}.{self.event_type or past_participle(self.name)}")

    def pages_in(self, area: str, noun_with_article: Label) -> list[StepPage[Row]]:
        """Return the pages of the step in this area, with their default question, message and form."""
        return [
            replace(
                page,
                name=self.name,
                question=page.question or page.default_question(noun_with_article),
                success_message=page.success_message or self.default_message(noun_with_article),
                form=page.form or (ReasonForm if self.needs_reason else None),
            )
            for page in (self, *self.pages)
            if page.slug and area in page.areas
        ]

    def default_message(self, noun_with_article: Label) -> Label:
        """Return « La demande est acceptée. »; empty without a noun or a new state."""
        label, noun = getattr(self.target_choice, "label", ""), cast(Any, noun_with_article)
        return format_lazy("{} est {}.", capfirst(noun), label) if label and noun_with_article else ""


@dataclass(frozen=True)
class Transition:
    """A step that was taken: by whom (None: the system), why, and the state before it."""

    step: Step[Any]
    by: Any
    before: str
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

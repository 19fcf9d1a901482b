"""The step engine: a workflow is a table of steps, and the row in the database decides which step came first.

A `Step` is one line of a README table: from which states to which, who may take it, what must be true, what the
journal records, what follows. `Workflow.transition` takes it, in this order, in one transaction:

1. locks: the parent (`parent`) in the strength that the step needs, then the row itself (`assembly.workflow.locks`);
2. the right, `by`: else PermissionDenied (403); 3. the state, `sources`, and `when`: else StateConflict (409); 4. the
guards: the first that fails raises its ValidationError (422); 5. `UPDATE … WHERE state IN sources`: a
compare-and-swap, in case some code writes without the lock; 6. one line in the journal; 7. `then`: what follows.

An act that leaves the state as it is (a reminder, a visa) is a step without target.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.audit.registry import add_audit_events
from assembly.text.french import Label
from assembly.web.discovery import import_modules
from assembly.web.errors import StateConflict
from assembly.workflow.locks import lock, share, update_copy
from assembly.workflow.steps import Guard, Permission, Step, StepPage, Transition, state_of

type Onward[Row: models.Model] = Collection[str | Permission[Row]] | Callable[[Row], Collection[str | Permission[Row]]]


@cache
def import_actions() -> None:
    """Import the actions of every app, which bind themselves to steps (`Workflow.action`)."""
    import_modules("actions")


def check_undo(step: Step[Any], table: Iterable[Step[Any]]) -> None:
    """Raise ValueError if a step that acts at once needs a question, or its `undo` does not go back."""
    back = [other for other in table if other.name == step.undo and step.target in other.sources]
    asks = [
        one.name for one in (step, *back) if one.form or one.needs_reason or one.fresh or one.danger or one.recipients
    ]
    if step.undo and (asks or not any(one.target in step.sources for one in back)):
        raise ValueError(f"Step {step.name!r}: undo={step.undo!r} does not go back, or {asks} need a page.")


class Workflow[Row: models.Model]:
    """The steps of one model.

    `steps`: the table, or several by name where the rows of one model follow different ones; `choose(row)` then names
    the table of a row. `parent`: the field of the row whose object is locked before it, or a function from the row to
    a queryset that is shared, where the parent may not exist yet. `dossier`: the object whose history shows the lines
    too. `facts`: what each line of the journal records of the row, once the row is written. `common_columns`: columns
    written by each step. `next_steps`: by state, what leads on from it where that is not each `primary` step: names of
    steps, or who acts where no step of this workflow does (a `Permission`; one whose test nobody passes has only its
    label: a body in session). A state with neither is the end. `noun`: the first word of event types that steps do not
    name; `noun_with_article`: « la demande », for questions and messages that steps do not write.
    """

    def __init__(
        self,
        steps: Iterable[Step[Row]] | Mapping[str, Iterable[Step[Row]]],
        *,
        choose: Callable[[Row], str] | None = None,
        parent: str | Callable[[Row], models.QuerySet[Any]] = "",
        dossier: Callable[[Row], models.Model | None] | None = None,
        facts: Callable[[Row], dict[str, Any]] = lambda row: {},
        common_columns: Callable[[], dict[str, Any]] = dict,
        next_steps: Mapping[str, Onward[Row]] | None = None,
        noun: str = "",
        noun_with_article: Label = "",
    ) -> None:
        tables = steps if isinstance(steps, Mapping) else {"": steps}
        self.tables = {
            name: tuple(step.with_event_type(noun) if noun else step for step in table)
            for name, table in tables.items()
        }
        for table in self.tables.values():
            for step in table:
                check_undo(step, table)
        self.choose = choose or (lambda row: "")
        self.parent = parent
        self.dossier = dossier
        self.facts = facts
        self.common_columns = common_columns
        onward: dict[str, dict[str, None]] = {}
        for step in self.steps:
            for state in step.sources if step.primary else ():
                onward.setdefault(state, {})[step.name] = None
        self.next_steps: dict[str, Onward[Row]] = {state: [*names] for state, names in onward.items()}
        self.next_steps |= {str(state): entries for state, entries in (next_steps or {}).items()}
        self.noun_with_article = noun_with_article
        self._guards: dict[str, list[Guard[Row]]] = {}
        self._actions: dict[str, Callable[..., Any]] = {}
        add_audit_events(
            {step.event_type: step.history_text for step in self.steps if step.event_type and step.history_text}
        )

    @property
    def steps(self) -> tuple[Step[Row], ...]:
        """Return the steps of every table."""
        return tuple(step for table in self.tables.values() for step in table)

    def table(self, row: Row) -> tuple[Step[Row], ...]:
        return self.tables[self.choose(row)]

    def add_guard(self, name: str, check: Guard[Row]) -> None:
        """Add, from an app above, a guard to the steps named `name`."""
        checks = self._guards.setdefault(name, [])
        if check not in checks:
            checks.append(check)

    def action[**P, R](self, name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Decorate the function `(row, *, by, **cleaned_data)` that a page calls instead of the transition.

        A workflow cannot import its actions, which import it. Raises ValueError for an unknown step or a second one.
        """
        if name in self._actions or not any(step.name == name for step in self.steps):
            raise ValueError(f"The step {name!r} does not exist, or has an action.")

        def bind(function: Callable[P, R]) -> Callable[P, R]:
            self._actions[name] = function
            return function

        return bind

    # Methods for pages: they read nothing from the database beyond what rules and guards read.

    def steps_named(self, row: Row, name: str) -> list[Step[Row]]:
        """Return the steps named `name` in the table of this row; one name may stand in several lines."""
        return [step for step in self.table(row) if step.name == name]

    def step(self, row: Row, name: str) -> Step[Row] | None:
        """Return the step that `name` takes now, whatever the rights; None from this state."""
        return next((step for step in self.steps_named(row, name) if step.is_available(row)), None)

    def has_permission(self, user: Any, row: Row, name: str) -> bool:
        """Return whether the user has the right to this step, whatever the state."""
        return any(step.by(user, row) for step in self.steps_named(row, name))

    def can_take(self, user: Any, row: Row, name: str) -> bool:
        """Return whether the right and the state allow the step; guards are checked by `missing`."""
        return any(step.is_available(row) and step.by(user, row) for step in self.steps_named(row, name))

    def check(self, user: Any, row: Row, name: str) -> None:
        """Raise PermissionDenied or StateConflict as `require` would, without a lock; for a page, before its form."""
        if not self.has_permission(user, row, name):
            raise PermissionDenied
        if not self.can_take(user, row, name):
            raise StateConflict(row, name)

    def available_steps(self, user: Any, row: Row) -> frozenset[str]:
        """Return the names of the steps that this person may take now."""
        return frozenset(step.name for step in self.table(row) if step.is_available(row) and step.by(user, row))

    def abilities(self, user: Any, row: Row) -> dict[str, bool]:
        """Return, for every step of every table, whether this person may take it now."""
        taken = self.available_steps(user, row)
        return {step.name: step.name in taken for step in self.steps}

    def missing(self, row: Row, name: str) -> list[ValidationError]:
        """Return the errors of the guards, one sentence and one code each; empty when the step is ready."""
        errors: list[ValidationError] = []
        step = self.step(row, name)
        for check in self._checks(step) if step else ():
            try:
                check(row)
            except ValidationError as error:
                errors += error.error_list
        return errors

    def awaited(self, row: Row) -> list[Permission[Row]]:
        """Return who may lead the row on from its state now; empty at the end."""
        next_steps = self.next_steps.get(state_of(row), ())
        entries = next_steps(row) if callable(next_steps) else next_steps
        permissions: list[Permission[Row]] = []
        for entry in entries:
            if isinstance(entry, Permission):
                permissions.append(entry)
            else:
                permissions += [
                    step.by for step in self.steps_named(row, entry) if step.is_available(row) and step.by.labels
                ]
        return permissions

    def pages(self, area: str = "") -> dict[str, StepPage[Row]]:
        """Return the pages of one area by their slug, in the order of the steps.

        Raises ValueError where two steps have the same slug.
        """
        pages: dict[str, StepPage[Row]] = {}
        for step in self.steps:
            for page in step.pages_in(area, self.noun_with_article):
                if pages.setdefault(page.slug, page).name != page.name:  # A step may stand in several tables.
                    raise ValueError(f"Two pages have the slug {page.slug!r}: {pages[page.slug].name}, {page.name}.")
        return pages

    def run_page(self, row: Row, page: StepPage[Row], *, by: Any, data: Mapping[str, Any]) -> Any:
        """Call the action of a page with what its form gave, or take the transition."""
        import_actions()
        action = page.action or self._actions.get(page.name)
        return action(row, by=by, **data) if action else self.transition(row, page.name, by=by, **data)

    # Methods for actions.

    @transaction.atomic
    def require(self, row: Row, name: str, *, by: Any) -> Step[Row]:
        """Lock the row and its parent, and raise unless `by` may take `name` now.

        For an action that writes before the step: it then calls `take` with the returned step, in the same
        transaction. Raises PermissionDenied, StateConflict, or the ValidationError of a guard.
        """
        self._lock(row, name)
        if not self.has_permission(by, row, name):
            raise PermissionDenied
        match = next(
            (step for step in self.steps_named(row, name) if step.is_available(row) and step.by(by, row)), None
        )
        if match is None:
            raise StateConflict(row, name)
        for check in self._checks(match):
            check(row)
        return match

    @transaction.atomic
    def transition(
        self,
        row: Row,
        name: str,
        *,
        by: Any,
        reason: str = "",
        facts: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Transition:
        """Take a step as a person: `changes` are columns written with the state, `facts` go to the journal.

        Raises PermissionDenied, StateConflict or ValidationError, and writes nothing then. `row` is refreshed.
        """
        return self.take(row, self.require(row, name, by=by), by=by, reason=reason, facts=facts, **changes)

    @transaction.atomic
    def follow(
        self,
        row: Row,
        name: str,
        *,
        by: Any = None,
        reason: str = "",
        facts: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Transition:
        """Take a step that follows from another fact (a ballot, a seal, the clock), without checking rights or guards.

        Raises StateConflict. `by`: who caused it, for the journal; None for the system.
        """
        self._lock(row, name)
        if (step := self.step(row, name)) is None:
            raise StateConflict(row, name)
        return self.take(row, step, by=by, reason=reason, facts=facts, **changes)

    @transaction.atomic
    def take(
        self,
        row: Row,
        step: Step[Row],
        *,
        by: Any,
        reason: str = "",
        on_behalf_of: Any = None,
        facts: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Transition:
        """Take the step that `require` returned, without checking it again.

        `on_behalf_of`: the person whose act is recorded, from paper or by telephone.
        """
        reason_text = reason.strip()
        if step.needs_reason and not reason_text:
            raise ValidationError(_("Dites pourquoi."), code="reason")
        taken = Transition(step, by, state_of(row), reason_text, facts or {})
        computed = step.changes(row, taken) if step.changes else {}
        columns: dict[str, Any] = {step.reason_column: reason_text, step.by_column: by}
        if step.when_column:
            columns[step.when_column] = timezone.now() if step.when_column.endswith("_at") else timezone.localdate()
        columns.pop("", None)  # The key "" stands for a column that the step does not name.
        if not self._swap(row, step, {**self.common_columns(), **columns, **computed, **changes}):
            raise StateConflict(row, step.name)
        if step.event_type:
            states: dict[str, Any] = {"before": taken.before, "after": step.target} if step.target else {}
            dossier = self.dossier(row) if self.dossier else None
            facts_of_row = {**states, **self.facts(row), **taken.facts}
            record(
                step.event_type,
                row,
                by=by,
                on_behalf_of=on_behalf_of,
                dossier=dossier,
                detail=reason_text,
                **facts_of_row,
            )
        if step.then:
            step.then(row, taken)
        return taken

    def set_state(self, obj: Row, name: str, **changes: Any) -> None:
        """Run the compare-and-swap alone: no lock, no right, no journal.

        Raises StateConflict when the row was in no source state; `obj` gets what was written.
        """
        for step in self.steps_named(obj, name):
            if self._swap(obj, step, changes):
                return
        raise StateConflict(obj, name)

    def _checks(self, step: Step[Row]) -> Iterable[Guard[Row]]:
        return (*step.guards, *self._guards.get(step.name, ()))

    def _lock(self, row: Row, name: str) -> None:
        """Lock the parent before the row, and refresh the parent in memory, since `by` and `when` read it.

        The strength is that of the name in all tables: which table the row follows is known only once it is locked.
        """
        if callable(self.parent):
            share(self.parent(row))
            parent = None
        else:
            parent = getattr(row, self.parent) if self.parent else None
        if parent is not None and any(step.locks_parent for step in self.steps if step.name == name):
            lock(parent, name)
        elif parent is not None:
            update_copy(parent, share(type(parent)._base_manager.filter(pk=parent.pk)) or parent)
        lock(row, name)

    @staticmethod
    def _swap(row: Row, step: Step[Row], changes: Mapping[str, Any]) -> bool:
        written = {**({"state": step.target} if step.target else {}), **changes}
        rows = type(row)._base_manager.filter(pk=row.pk, state__in=step.sources)
        if not (rows.update(**written) if written else rows.exists()):
            return False
        late = [name for name, value in written.items() if hasattr(value, "resolve_expression")]
        for name, value in written.items():
            if name not in late:
                setattr(row, name, value)
        if late:
            row.refresh_from_db(fields=late)
        return True

"""The workflow of a register."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.dossiers.frame import DossierKind, add_dossier_kind
from assembly.institution.menu import MenuHeading
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.queries import canton_choices
from assembly.institution.rules import assembly_ids, has_role
from assembly.lists import (
    Column,
    Empty,
    Filter,
    List,
    PageLink,
    add_list,
    any_word_in,
    column,
    model_field,
    state_cell,
)
from assembly.lists.filters import by_due
from assembly.lists.tables import Value
from assembly.text.french import Label
from assembly.web.errors import StateConflict
from assembly.web.values import due_cell
from assembly.workflow import States, Step, Workflow
from mission.registers.models import RegisterRow
from mission.registers.rules import explain_violations


class RegisterWorkflow(Workflow[Any]):
    """Workflow that turns a broken constraint into its error message, wherever a step is taken."""

    take = explain_violations(Workflow.take)
    run_page = explain_violations(Workflow.run_page)


@dataclass(frozen=True)
class Section:
    """Part of the form and of the page: its title and its fields."""

    title: Label
    fields: Sequence[str]


@dataclass(frozen=True)
class Lines:
    """Lines below a row, of one model: `Lines("lots", Lot, _("Lots"), _("Ajouter un lot")).asking(["title"])`.

    `columns`: of the table on the page of the row, names of fields or a `Column`; else the fields of the form.
    `limits`: conditions on the choices of a key, in addition to the saved choice; `distinct`: a key that only one line
    of the row has. `write(line, data, by)`: the columns to write, where those are not what was typed; in the
    transaction of the save. `remove(line, by)`: what else is deleted with a line; a ProtectedError prevents it.
    `editable_states`: the states of the row in which lines are added, changed and deleted; `closed`: the reason in
    other states, where it is more than the name of the state. `offered(row)`: whether the page of the row offers to
    add one now. `in_file`: what a file holds of the fields of the form that are no columns of the model, or are shown
    in another way.
    """

    key: str
    model: Any
    title: Label
    add: Label
    fields: Sequence[str] = ()
    columns: Sequence[str | Column] = ()
    order: Sequence[str] = ("pk",)
    form: Any = None
    load: Sequence[str] = ()
    limits: Mapping[str, Q] = field(default_factory=dict)
    distinct: str = ""
    editable_states: Collection[str] = ()
    closed: Label = ""
    write: Callable[[Any, dict[str, Any], Any], dict[str, Any]] | None = None
    remove: Callable[[Any, Any], None] | None = None
    offered: Callable[[Any], bool] = lambda row: True
    helps: Mapping[str, Any] = field(default_factory=dict)
    in_file: Mapping[str, Value] = field(default_factory=dict)

    def are_open(self, row: RegisterRow) -> bool:
        """Return whether the state of the row lets its lines change."""
        return not self.editable_states or row.state in self.editable_states

    def asking(self, fields: Sequence[str], **more: Any) -> Self:
        return replace(self, fields=fields, **more)

    @cached_property
    def shown(self) -> list[Column]:
        columns = self.columns or self.fields
        return [each if isinstance(each, Column) else column(self.model, each) for each in columns]

    def of(self, row: RegisterRow) -> Any:
        return self.loaded(self.model.objects.filter(row=row)).order_by(*self.order)

    def loaded(self, rows: Any) -> Any:
        keys = [name for name in self.fields if model_field(self.model, name).many_to_one]
        return rows.select_related("row", *keys, *self.load)


@dataclass(frozen=True)
class Due:
    """Due day: a line of « À faire » from `ahead` days before it, as long as its reason exists.

    `ahead`: a number, or an expression of the columns of the row (of the line, with `lines`). `path`: the column with
    the day, of the row (`due_on`) or, with `lines`, of its lines of that key; empty for a reminder without a day,
    shown while `when` is true, which may then use the annotations of `rows`. `when`: the rows still concerned.
    `sentence`: its sentence, with `%(name)s` and `%(reference)s` of the row. `is_early`: one has to act long before
    the day, so that the first screen of the desk shows the line itself; it counts the others.
    """

    path: str
    sentence: Any
    ahead: int | Combinable = 30
    when: Q = field(default_factory=Q)
    lines: str = ""
    is_early: bool = False


@dataclass(frozen=True)
class TotalsTable:
    """Table above the list of a register: the first cell of each line names it, the others are amounts."""

    caption: str
    headings: Sequence[Label]
    lines: Sequence[Sequence[str]]

    @property
    def cells(self) -> list[list[tuple[Label, str]]]:
        """Return each cell with its heading, for screens on which the headings are not in sight."""
        return [list(zip(self.headings, line, strict=True)) for line in self.lines]


@dataclass(frozen=True)
class Register:
    """List that the mission maintains, with its pages, forms, steps and files.

    `key`, `slug`, `prefix`: name of its routes (`mission:loans-row`), part of its addresses, beginning of references.
    `title`, `noun_with_article` (« la demande »), `counted` (the noun with a number), `new` and `empty`: its texts.
    `noun`: beginning of journal events, else the name of the model; `audit_events`: events that no step writes.
    `heading`, `order`: in the menu. `tab_of`: the key of the register whose menu line it shares; their lists are then
    tabs of one place. `setting`: of the assembly, which switches that line and its due days on.

    `sections`: fields of form and page; « Suivi » (`owner`, `notes`) is added if none names either. `form`: a
    `RegisterForm` with `clean`; `helps`: help texts; `limits`: conditions on choices (`merged_into=None`, else merged
    doubles are offered); `readonly_fields(row)`: fields that only a step changes. `lines`: lines below a row. `dues`:
    due days. `steps`, `path` (states in order), `sentence(row)` (the state in words), `locked_states` (nothing is
    written in them: 409, 422 in a file; add a trigger).

    `columns`: besides name, reference, day, owner, state, whose keys are reserved; `name_note(row)`: small text below
    the name, else the reference; `default`: order of the list; `filters`, `search`: columns that the box searches.
    `rows(queryset)`: annotations that columns read (a `Subquery` costs the rows of a page, an aggregate those of the
    register); `load`: relations that they read; `totals(rows)`: a table above the list. `other_pages`: label and
    route of more buttons. `identity`: fields by which an import finds a row without reference. `private`: fields and
    kinds of lines with personal data, which leave by a file of their own. `template`: of the page of a row, extends
    `mission/registers/row_show.html`. `own_widgets`: kinds of objects (`sitting`) whose page has a widget of its own
    for the linked rows.
    """

    key: str
    slug: str
    model: Any
    prefix: str
    title: Label
    noun_with_article: Label
    counted: Any
    new: Label
    empty: Label
    sections: Sequence[Section]
    steps: Sequence[Step[Any]]
    noun: str = ""
    audit_events: Mapping[str, Label] = field(default_factory=dict)
    columns: Sequence[Column] = ()
    name_note: Callable[[Any], object] | None = None
    path: Sequence[str] = ()
    locked_states: Collection[str] = ()
    other_pages: Sequence[tuple[Label, str]] = ()
    sentence: Callable[[Any], str] = lambda row: ""
    default: str = "nom"
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ("name", "reference")
    form: Any = None
    limits: Mapping[str, Q] = field(default_factory=dict)
    readonly_fields: Callable[[Any], Collection[str]] = lambda row: ()
    helps: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[Lines] = ()
    dues: Sequence[Due] = ()
    load: Sequence[str] = ()
    rows: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    totals: Callable[[QuerySet[Any]], TotalsTable] | None = None
    identity: Sequence[str] = ("name",)
    private: Collection[str] = ()
    template: str = "mission/registers/row_show.html"
    own_widgets: Collection[str] = ()
    heading: MenuHeading = MenuHeading.MISSION
    order: int = 50
    tab_of: str = ""
    setting: str = ""

    def __post_init__(self) -> None:
        if not issubclass(getattr(self.model.state.field, "states", str), States):
            raise TypeError(f"{self.model.__name__}.state: declare it with state_field and an enumeration of States.")
        noun = self.noun or re.sub("(?<=[a-z])(?=[A-Z])", "_", self.model.__name__).lower()
        named = {name for section in self.sections for name in section.fields}
        last = [] if named & {"owner", "notes"} else [Section(_("Suivi"), ["owner", "notes"])]
        self.__dict__.update(noun=noun, sections=[*self.sections, *last])

    def count(self, n: int) -> str:
        return str(self.counted % {"n": n})

    @property
    def primary(self) -> list[str]:
        """Return the slugs of the steps that may be the big button."""
        onward = {pair for pair in pairwise(self.path) if self.states(pair[1]).badge != "closed"}
        goes_on = {step.name: any((source, step.target) in onward for source in step.sources) for step in self.steps}
        return [m.slug for m in self.steps if (goes_on[m.name] if m.primary is None else m.primary)]

    @cached_property
    def is_one_way(self) -> bool:
        """Return whether no step leads from a state of the path back to one before it."""
        places = {str(state): place for place, state in enumerate(self.path)}
        moves = [(places.get(source), places.get(step.target or "")) for step in self.steps for source in step.sources]
        return not any(start is not None and end is not None and start > end for start, end in moves)

    @cached_property
    def workflow(self) -> RegisterWorkflow:
        onward: dict[str, list[str]] = {
            state: [step.name for step in self.steps if step.slug in self.primary and state in step.sources]
            for state in self.states
        }
        return RegisterWorkflow(
            self.steps, next_steps=onward, noun=self.noun, noun_with_article=self.noun_with_article
        )

    @cached_property
    def all_columns(self) -> list[Column]:
        """Return the name first, then the declared columns, then day, owner and state; in the file, all fields."""
        note = self.name_note or (lambda row: row.reference)
        due = [column(self.model, "due_on", "echeance", cell=due_of)] if "due_on" in self.field_names else []
        shown = [
            column(self.model, "name", "nom", note=note),
            column(self.model, "reference", "reference", is_default=False),
            *self.columns,
            *due,
        ]
        last = [
            column(self.model, "owner", "suivi", is_default=False),
            Column(_("État"), "get_state_display", "etat", ["state", "name__alphabetical"], cell=state_cell),
        ]
        labels = {str(each.label) for each in (*shown, *last)}
        fields = [column(self.model, name) for name in self.field_names if name not in self.private]
        in_file = [replace(each, key="", order=()) for each in fields if str(each.label) not in labels]
        return [*shown, *in_file, *last]

    @cached_property
    def listing(self) -> List:
        """Return the list of the rows."""
        by_state = Filter("etat", _("État"), "state", self.states, _("Tous les états"))
        due = [by_due(self.model.states_over())] if "due_on" in self.field_names else []
        return List(
            self.title,
            self.all_columns,
            default=self.default,
            export=f"mission:{self.key}-export",
            key=self.key,
            route=f"mission:{self.key}",
            row_route=f"mission:{self.key}-row",
            can_open=self.can_enter,
            rows=self.rows_of,
            counted=self.counted,
            filters=[by_state, *self.filters, *due],
            search=any_word_in(*self.search),
            buttons=[
                *(PageLink(label, route, kind="quiet") for label, route in self.other_pages),
                PageLink(self.new, f"mission:{self.key}-new", self.can_enter, "primary"),
            ],
            empty=Empty(_("Rien encore"), self.empty),
            template="mission/registers/row_list.html",
            by_term=False,
            for_directorates=True,
            as_author=True,
        )

    @property
    def states(self) -> type[States]:
        states: type[States] = self.model.states()
        return states

    @cached_property
    def field_names(self) -> list[str]:
        return [name for section in self.sections for name in section.fields]

    @cached_property
    def related(self) -> list[str]:
        """Return the relations that a page of a row reads: keys among its fields, and those of `load`."""
        keys = [name for name in self.field_names if model_field(self.model, name).many_to_one and name != "owner"]
        return [*keys, *self.load]

    @property
    def is_switched_on(self) -> Q:
        """Return the condition on rows of an assembly that uses this register."""
        return Q(**{f"assembly__{self.setting}": True}) if self.setting else Q()

    def line_kind(self, key: str) -> Lines | None:
        return next((kind for kind in self.lines if kind.key == key), None)

    # Rights and rows: the team of the assembly sees and writes.

    def can_enter(self, user: Any, term: Term) -> bool:
        return has_role(user, TEAM_ROLES, assembly=term.assembly_id)

    def can_write(self, user: Any, row: RegisterRow) -> bool:
        """Return whether the user may change a row now."""
        return row.state not in self.locked_states and has_role(user, TEAM_ROLES, assembly=row.assembly_id)

    def check_write(self, user: Any, row: RegisterRow) -> None:
        """Raise PermissionDenied (403) without the right, StateConflict (409) in a locked state."""
        if not has_role(user, TEAM_ROLES, assembly=row.assembly_id):
            raise PermissionDenied
        if row.state in self.locked_states:
            raise StateConflict(row, "change")

    def visible_to(self, user: Any) -> QuerySet[Any]:
        """Return every row that this user sees, in any assembly."""
        rows: QuerySet[Any] = self.model.objects.filter(assembly__in=assembly_ids(user, TEAM_ROLES))
        return rows

    def rows_of(self, user: Any, term: Term) -> QuerySet[Any]:
        """Return the visible rows of the assembly of a term, with what lists and pages read."""
        rows = self.visible_to(user).filter(assembly=term.assembly_id)
        return self.rows(rows.select_related("owner__person", *self.related))


def due_of(row: Any) -> object:
    """Return the due day, and how long until it while it counts."""
    return row.due_on if row.is_over else due_cell(row.due_on)


registers: dict[str, Register] = {}
COMMON_EVENTS = {
    "created": _("a créé la fiche"),
    "changed": _("a modifié la fiche"),
    "import_undone": _("a retiré la fiche d’un import annulé"),
    "exported": _("a emporté la liste avec les coordonnées"),
    "line_added": _("a ajouté une ligne à la fiche"),
    "line_changed": _("a modifié une ligne de la fiche"),
    "line_removed": _("a retiré une ligne de la fiche"),
    "file_added": _("a déposé un fichier"),
    "file_removed": _("a retiré un fichier"),
    "linked": _("a noté un lien"),
    "unlinked": _("a retiré un lien"),
}


def register(declared: Register) -> Register:
    """Add a register, and its event types to the journal. Raise ValueError for a key, slug or prefix in use."""
    for name in ("key", "slug", "prefix"):
        if any(getattr(each, name) == getattr(declared, name) for each in registers.values()):
            raise ValueError(f"Two registers with the {name} {getattr(declared, name)!r}.")
    registers[declared.key] = declared
    add_list(declared.listing)
    add_dossier_kind(
        DossierKind(
            declared.model,
            declared.workflow,
            rows=declared.visible_to,
            page=lambda row, user: reverse(f"mission:{declared.key}-row", args=[row.pk]),
            title=lambda row: f"{row.reference} {row.name}",
            scope=lambda row: (row.assembly_id, None),
        )
    )
    own = {step.event_type: step.history_text for step in declared.workflow.steps}
    add_audit_events(
        own
        | {
            f"{declared.noun}.{each}": sentence
            for each, sentence in {**COMMON_EVENTS, **declared.audit_events}.items()
        }
    )
    return declared


# The column of a sitting shows its reference: its title is too long for a table below a row.
SITTING = Column(_("Séance"), lambda line: line.sitting and line.sitting.reference)


def by_canton(path: str = "canton") -> Filter:
    return Filter("canton", _("Canton"), path, lambda term: canton_choices(term.assembly_id))

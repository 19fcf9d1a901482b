"""Files of a row, links to other objects, shown on both pages, and due days in the calendar."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.calendar.registry import CalendarItem, deadline
from assembly.documents.models import Upload
from assembly.institution.models import Canton, Directorate, Term
from assembly.institution.queries import visible_committees
from assembly.text.french import Label
from consultations.models import Referral
from mission.registers.declaration import Due, Register, registers
from mission.registers.models import ENDS, RegisterFile, RegisterLink, RegisterRow
from opinions.models import Opinion
from sessions.models import Sitting

type Ends = dict[str, dict[int, Any]]  # by kind of object: from the key of the link to that of the object


@dataclass(frozen=True)
class LinkEnd:
    """Kind of object at the end of a link.

    `key`: the column of `RegisterLink`, or the key of a register. `rows(user)`: those that the user sees. `place`: the
    path to the assembly. `fields`: those that a search reads. `route`: the page.
    """

    key: str
    label: Label
    rows: Callable[[Any], QuerySet[Any]]
    fields: Sequence[str]
    route: str = ""
    place: str = "term__assembly"
    is_row: bool = False

    def of(self, user: Any, term: Term, tokens: Iterable[str] = ()) -> QuerySet[Any]:
        objects = self.rows(user).filter(**{self.place: term.assembly_id})
        for word in tokens:
            matches = (Q(**{f"{name}__unaccent__icontains": word}) for name in self.fields)
            objects = objects.filter(Q(*matches, _connector=Q.OR))
        return objects.order_by("-pk")

    def format_row(self, row: Any) -> str:
        parts = (str(getattr(row, name) or "") for name in self.fields)
        return ", ".join(part for part in parts if part)

    def url(self, row: Any) -> str:
        return reverse(self.route, args=[row.pk]) if self.route else ""


def link_ends() -> dict[str, LinkEnd]:
    """Return the kinds by key; every register is among them without a declaration."""
    ends = [
        LinkEnd("sitting", _("Séance"), Sitting.objects.visible_to, ("reference", "title"), "sittings:sitting"),
        LinkEnd(
            "referral", _("Saisine"), Referral.objects.visible_to, ("reference", "title"), "consultations:referral"
        ),
        LinkEnd("opinion", _("Avis"), Opinion.objects.visible_to, ("reference", "title"), "opinions:opinion"),
        LinkEnd("directorate", _("Direction"), lambda user: Directorate.objects.all(), ("name",), place="assembly"),
        LinkEnd("canton", _("Canton"), lambda user: Canton.objects.all(), ("name",), place="assembly"),
        LinkEnd("committee", _("Groupe ou comité"), visible_committees, ("name",), "institution:committee"),
        *(
            LinkEnd(key, each.title, each.visible_to, ("reference", "name"), f"mission:{key}-row", "assembly", True)
            for key, each in registers.items()
        ),
    ]
    return {end.key: end for end in ends}


def dues_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the due days of every register that the user sees, in one statement.

    Without those that are the day of a moment (of a booking, of a trip): the row itself is in the calendar then.
    """
    dues = [
        (register, due)
        for register in registers.values()
        if register.can_enter(user, term)
        for due in register.dues
        if due.path and not due.path.endswith("__date")
    ]
    if not dues:
        return
    first_rows, *rest = (
        due_rows(register, due, user, term, first, last, place) for place, (register, due) in enumerate(dues)
    )
    for place, line, pk, name, reference, day, owner in first_rows.union(*rest, all=True):
        register, due = dues[place]
        title = str(due.sentence % {"name": name, "reference": reference})
        uid = f"due-{register.key}-{register.dues.index(due)}-{line}"
        yield deadline(uid, title, reverse(f"mission:{register.key}-row", args=[pk]), day, [owner])


def due_rows(
    register: Register, due: Due, user: Any, term: Term, first: date, last: date, place: int
) -> QuerySet[Any, Any]:
    """Return the place of the due day, the key of its line and of its row, name, reference, day and owner."""
    rows, path = register.visible_to(user).filter(register.is_switched_on, assembly=term.assembly_id), ""
    if due.lines:
        kind = next(lines for lines in register.lines if lines.key == due.lines)
        rows, path = kind.model.objects.filter(row__in=rows), "row__"
    rows = rows.filter(due.when, **{f"{due.path}__range": (first, last)}).order_by()
    columns = (f"{path}{name}" for name in ("pk", "name", "reference"))
    return rows.values_list(Value(place), "pk", *columns, due.path, f"{path}owner")


def files_of(register: Register, row: RegisterRow) -> QuerySet[RegisterFile]:
    rows = RegisterFile.objects.filter(register=register.key, row=row.pk)
    return rows.select_related("upload__blob", "added_by__person")


def sees_upload(user: Any, upload: Upload) -> bool:
    """Return whether the user sees a row that has this file."""
    rows = RegisterFile.objects.filter(upload=upload).values_list("register", "row")
    return any(key in registers and registers[key].visible_to(user).filter(pk=pk).exists() for key, pk in rows)


@dataclass(frozen=True)
class LinkSummary:
    """Link as one of its two pages shows it."""

    pk: int
    kind: Label
    text: str
    url: str


def links_of(register: Register, row: RegisterRow, user: Any) -> list[LinkSummary]:
    """Return the links made on this page or on that of another row, without what the user does not see."""
    key, pk = register.key, row.pk
    links = RegisterLink.objects.filter(Q(register=key, row=pk) | Q(other_register=key, other_row=pk)).order_by("pk")
    ends: Ends = defaultdict(dict)
    for link in links:
        if (link.register, link.row) == (key, pk):
            end = next((name for name in ENDS if getattr(link, f"{name}_id")), link.other_register)
            ends[end][link.pk] = getattr(link, f"{end}_id", None) or link.other_row
        else:
            ends[link.register][link.pk] = link.row
    return link_summaries(ends, user)


def links_by_thing(name: str, keys: Collection[int], user: Any) -> dict[int, list[LinkSummary]]:
    """Return the rows that the user sees and that point at each object: one statement, and one a register."""
    ends: Ends = defaultdict(dict)
    things = {}
    elsewhere = [key for key, register in registers.items() if name in register.own_widgets]
    for link in RegisterLink.objects.filter(**{f"{name}__in": keys}).exclude(register__in=elsewhere).order_by("pk"):
        ends[link.register][link.pk] = link.row
        things[link.pk] = getattr(link, f"{name}_id")
    links: dict[int, list[LinkSummary]] = defaultdict(list)
    for shown_link in link_summaries(ends, user):
        links[things[shown_link.pk]].append(shown_link)
    return links


def link_summaries(ends: Ends, user: Any) -> list[LinkSummary]:
    """Return the links that the user sees, with one statement a kind."""
    known, rows = link_ends(), []
    for key, keys in ends.items():
        if (end := known.get(key)) is None:
            continue
        seen = end.rows(user).in_bulk(set(keys.values()))
        rows += [
            LinkSummary(link, end.label, end.format_row(seen[pk]), end.url(seen[pk]))
            for link, pk in keys.items()
            if pk in seen
        ]
    return rows

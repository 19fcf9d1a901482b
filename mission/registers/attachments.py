"""Files that hang on a row, and what it has to do with: links are told on both pages."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.actions import record
from assembly.documents.actions.uploads import accept_upload
from assembly.documents.models import Upload
from assembly.identity.models import User
from assembly.institution.models import Canton, Directorate, Term
from assembly.institution.queries import visible_committees
from assembly.ui.fields import CheckedFile
from assembly.ui.words import Label
from consultations.models import Referral
from mission.registers.declaration import Register, registers
from mission.registers.models import ENDS, RegisterFile, RegisterLink, RegisterRow
from opinions.models import Opinion
from sessions.models import Sitting

type Ends = dict[str, dict[int, Any]]  # by kind of thing: of each link, the key of the thing


@dataclass(frozen=True)
class LinkEnd:
    """One kind of thing. `key`: the column of `RegisterLink`, or the key of a register. `rows(user)`: those that a
    reader sees. `place`: how an assembly is reached. `fields`: what words are looked for in. `route`: its page."""

    key: str
    label: Label
    rows: Callable[[Any], QuerySet[Any]]
    fields: Sequence[str]
    route: str = ""
    place: str = "term__assembly"
    is_row: bool = False

    def of(self, user: Any, term: Term, words: Iterable[str] = ()) -> QuerySet[Any]:
        found = self.rows(user).filter(**{self.place: term.assembly_id})
        for word in words:
            held = (Q(**{f"{name}__unaccent__icontains": word}) for name in self.fields)
            found = found.filter(Q(*held, _connector=Q.OR))
        return found.order_by("-pk")

    def words(self, row: Any) -> str:
        parts = (str(getattr(row, name) or "") for name in self.fields)
        return ", ".join(part for part in parts if part)

    def url(self, row: Any) -> str:
        return reverse(self.route, args=[row.pk]) if self.route else ""


def link_ends() -> dict[str, LinkEnd]:
    """By key; the registers that exist come by themselves."""
    known = [
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
    return {end.key: end for end in known}


def files_of(register: Register, row: RegisterRow) -> QuerySet[RegisterFile]:
    rows = RegisterFile.objects.filter(register=register.key, row=row.pk)
    return rows.select_related("upload__blob", "added_by__person")


@transaction.atomic
def add_file(register: Register, row: RegisterRow, file: CheckedFile, *, title: str, by: User) -> RegisterFile:
    """Keep a checked file with the row."""
    register.check_write(by, row)
    upload = accept_upload(file, by=by)
    made = RegisterFile.objects.create(
        register=register.key, row=row.pk, upload=upload, title=title.strip() or upload.name, added_by=by
    )
    record(f"{register.noun}.file_added", row, by=by, sha256=upload.blob_id)
    return made


def sees_upload(user: Any, upload: Upload) -> bool:
    """Whoever sees the row reads its files."""
    found = RegisterFile.objects.filter(upload=upload).values_list("register", "row")
    return any(key in registers and registers[key].visible_to(user).filter(pk=pk).exists() for key, pk in found)


@dataclass(frozen=True)
class ToldLink:
    """A link as one of its two pages tells it."""

    pk: int
    kind: Label
    words: str
    url: str


def links_of(register: Register, row: RegisterRow, user: Any) -> list[ToldLink]:
    """Both those made here and those made on the page of another row; what the reader does not see is left out."""
    key, pk = register.key, row.pk
    found = RegisterLink.objects.filter(Q(register=key, row=pk) | Q(other_register=key, other_row=pk)).order_by("pk")
    ends: Ends = defaultdict(dict)
    for link in found:
        if (link.register, link.row) == (key, pk):
            end = next((name for name in ENDS if getattr(link, f"{name}_id")), link.other_register)
            ends[end][link.pk] = getattr(link, f"{end}_id", None) or link.other_row
        else:
            ends[link.register][link.pk] = link.row
    return told_links(ends, user)


def links_by_thing(name: str, keys: Collection[int], user: Any) -> dict[int, list[ToldLink]]:
    """The rows that the reader sees and that point at each of these things: one statement, and one a register."""
    ends: Ends = defaultdict(dict)
    things = {}
    for link in RegisterLink.objects.filter(**{f"{name}__in": keys}).order_by("pk"):
        ends[link.register][link.pk] = link.row
        things[link.pk] = getattr(link, f"{name}_id")
    found: dict[int, list[ToldLink]] = defaultdict(list)
    for told in told_links(ends, user):
        found[things[told.pk]].append(told)
    return found


def told_links(ends: Ends, user: Any) -> list[ToldLink]:
    """One statement a kind."""
    known, rows = link_ends(), []
    for key, keys in ends.items():
        if (end := known.get(key)) is None:
            continue
        seen = end.rows(user).in_bulk(set(keys.values()))
        rows += [
            ToldLink(link, end.label, end.words(seen[pk]), end.url(seen[pk]))
            for link, pk in keys.items()
            if pk in seen
        ]
    return rows


@transaction.atomic
def add_link(register: Register, row: RegisterRow, end: LinkEnd, thing: models.Model, *, by: User) -> RegisterLink:
    """Say that a row has to do with something; said already, or of itself: ValidationError."""
    register.check_write(by, row)
    if end.key == register.key and thing.pk == row.pk:
        raise ValidationError(gettext("C’est cette fiche elle-même."), code="end")
    values = {"other_register": end.key, "other_row": thing.pk} if end.is_row else {f"{end.key}_id": thing.pk}
    back = {"register": end.key, "row": thing.pk, "other_register": register.key, "other_row": row.pk}
    if end.is_row and RegisterLink.objects.filter(**back).exists():
        raise ValidationError(gettext("Ce lien existe déjà."), code="end")
    try:
        with transaction.atomic():
            link = RegisterLink.objects.create(register=register.key, row=row.pk, added_by=by, **values)
    except IntegrityError as twice:
        raise ValidationError(gettext("Ce lien existe déjà."), code="end") from twice
    record(f"{register.noun}.linked", row, by=by, to=end.key, key=thing.pk)
    return link


@transaction.atomic
def withdraw(register: Register, row: RegisterRow, thing: RegisterFile | RegisterLink, *, by: User) -> None:
    """Take a file or a link away from a row."""
    register.check_write(by, row)
    verb, told = ("file_removed", str(thing)) if isinstance(thing, RegisterFile) else ("unlinked", "")
    record(f"{register.noun}.{verb}", row, by=by, detail=told, key=thing.pk)
    thing.delete()

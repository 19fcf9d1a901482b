"""Creation and correction of the rows, lines, files and links of any register; states follow its workflow."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from assembly.audit.actions import record
from assembly.documents.actions.uploads import accept_upload
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.institution.models import Term
from assembly.tasks.models import Task, TeamNote
from assembly.web.versioned import Versioned
from assembly.workflow import share
from mission.registers.declaration import Lines, Register
from mission.registers.models import RegisterFile, RegisterLine, RegisterLink, RegisterRow
from mission.registers.queries import LinkEnd
from mission.registers.rules import explain_violations

SAVES = Versioned(by="changed_by", at="changed_at")


def create(register: Register, term: Term, *, by: User, values: Mapping[str, Any]) -> Any:
    """Create a row in the assembly of this term, with the next reference of the year."""
    if not register.can_enter(by, term):
        raise PermissionDenied
    return write_new(register, term, by=by, values=values)


@explain_violations
def write_new(
    register: Register, term: Term, *, by: User, values: Mapping[str, Any], participle: str = "created"
) -> Any:
    """Write a new row, for an action that has checked a right of its own."""
    year = timezone.localdate().year
    number = next_number(term.assembly, register.prefix, year)
    row = register.model.objects.create(
        assembly_id=term.assembly_id,
        reference=f"{register.prefix}-{year}-{number:02d}",
        created_by=by,
        changed_by=by,
        **values,
    )
    record(f"{register.noun}.{participle}", row, by=by)
    return row


@explain_violations
def edit(register: Register, row: RegisterRow, *, by: User, values: Mapping[str, Any], version: int) -> list[str]:
    """Save what was typed if nobody saved since `version` (else EditConflict); return the fields that changed."""
    register.check_write(by, row)
    return save_row(row, by=by, values=values, version=version, event_type=f"{register.noun}.changed")


@explain_violations
def take_back(register: Register, row: RegisterRow, *, by: User) -> None:
    """Delete a row that an import created, while nothing depends on it. Its reference is not given again."""
    register.check_write(by, row)
    ends = Q(register=register.key, row=row.pk) | Q(other_register=register.key, other_row=row.pk)
    page = {"object_type": row._meta.label, "object_id": str(row.pk)}
    if (
        row.state != type(row)._meta.get_field("state").get_default()
        or RegisterFile.objects.filter(register=register.key, row=row.pk).exists()
        or RegisterLink.objects.filter(ends).exists()
        or Task.objects.filter(**page).exists()
        or TeamNote.objects.filter(**page).exists()
    ):
        raise ValidationError(gettext("« %(name)s » a servi depuis l’import.") % {"name": row.name})
    record(f"{register.noun}.import_undone", row, by=by, detail=row.name)
    row.delete()


@explain_violations
def add_line(register: Register, lines: Lines, row: RegisterRow, *, by: User, data: dict[str, Any]) -> RegisterLine:
    register.check_write(by, row)
    line = lines.model(row=row, created_by=by, changed_by=by)
    for name, value in _columns(register, lines, line, data, by).items():
        setattr(line, name, value)
    line.clean()
    line.save(force_insert=True)
    record(f"{register.noun}.line_added", line, by=by, dossier=row, kind=lines.key)
    return line


@explain_violations
def change_line(
    register: Register, lines: Lines, line: RegisterLine, *, by: User, data: dict[str, Any], version: int
) -> list[str]:
    """Save a line if nobody saved it since `version` (else EditConflict); return the fields that changed."""
    register.check_write(by, line.row)
    values = _columns(register, lines, line, data, by)
    event_type = f"{register.noun}.line_changed"
    return save_row(line, by=by, values=values, version=version, event_type=event_type, dossier=line.row)


@explain_violations
def withdraw_line(register: Register, lines: Lines, line: RegisterLine, *, by: User) -> None:
    """Delete a line. Raises ProtectedError if something points at it, ValidationError where its row is closed."""
    register.check_write(by, line.row)
    check_open(register, lines, line)
    if lines.remove:
        lines.remove(line, by)
    record(f"{register.noun}.line_removed", line, by=by, dossier=line.row, detail=str(line), kind=lines.key)
    line.delete()


def check_open(register: Register, lines: Lines, line: Any) -> None:
    """Raise ValidationError where the state of the row locks its lines; else share-lock it against a step."""
    rows = type(line.row).objects.filter(pk=line.row.pk, state__in=lines.editable_states)
    if not lines.editable_states or share(rows) is not None:
        return
    line.row.refresh_from_db(fields=["state"])
    params = {"the": capfirst(str(register.noun_with_article)), "state": line.row.get_state_display()}
    text = gettext("%(the)s est %(state)s : rien ne s’y ajoute et rien n’y change.")
    raise ValidationError(str(lines.closed) or text % params)


def _columns(register: Register, lines: Lines, line: Any, data: dict[str, Any], by: User) -> dict[str, Any]:
    check_open(register, lines, line)
    return lines.write(line, data, by) if lines.write else data


def save_row(
    row: Any,
    *,
    by: User,
    values: Mapping[str, Any],
    version: int,
    event_type: str,
    dossier: models.Model | None = None,
) -> list[str]:
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        if row.version != version:
            raise SAVES.conflict(row, values)
        return []
    columns = {**values, "changed_by": by, "changed_at": timezone.now()}
    SAVES.save(row, columns, version=version)
    record(event_type, row, by=by, dossier=dossier, fields=changed)
    return changed


@transaction.atomic
def add_file(register: Register, row: RegisterRow, file: CheckedFile, *, title: str, by: User) -> RegisterFile:
    """Store a checked file with the row."""
    register.check_write(by, row)
    upload = accept_upload(file, by=by)
    row_file = RegisterFile.objects.create(
        register=register.key, row=row.pk, upload=upload, title=title.strip() or upload.name, added_by=by
    )
    record(f"{register.noun}.file_added", row, by=by, sha256=upload.blob_id)
    return row_file


@transaction.atomic
def add_link(register: Register, row: RegisterRow, end: LinkEnd, thing: models.Model, *, by: User) -> RegisterLink:
    """Link a row to an object; raise ValidationError for a link that exists, or to the row itself."""
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
def remove_attachment(register: Register, row: RegisterRow, thing: RegisterFile | RegisterLink, *, by: User) -> None:
    """Remove a file or a link from a row."""
    register.check_write(by, row)
    event_type, detail = ("file_removed", str(thing)) if isinstance(thing, RegisterFile) else ("unlinked", "")
    record(f"{register.noun}.{event_type}", row, by=by, detail=detail, key=thing.pk)
    thing.delete()

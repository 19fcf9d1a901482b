"""Actions on directorates of the authority: create, rename, close with a successor. Their history stays unchanged."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.models import Assembly, Directorate
from assembly.institution.signals import directorate_closed


@transaction.atomic
def create(assembly: Assembly, *, by: User, name: str, code: str) -> Directorate:
    """Create a directorate that can be asked for reviews."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    directorate = Directorate(assembly=assembly, name=name, code=slugify(code)[:20])
    try:
        directorate.full_clean()
    except ValidationError as refused:
        raise ValidationError(_("Une direction porte déjà ce sigle."), code="code") from refused
    directorate.save()
    record("directorate.created", directorate, by=by)
    return directorate


@transaction.atomic
def rename(directorate: Directorate, *, by: User, name: str) -> None:
    """Change the name of a directorate; dossiers that cite it show the new name."""
    if not rules.can_administer(by, directorate.assembly_id):
        raise PermissionDenied
    if name != directorate.name:
        record("directorate.renamed", directorate, by=by, detail=f"{directorate.name} → {name}")
        directorate.name = name
        directorate.save(update_fields=["name"])


@transaction.atomic
def close(directorate: Directorate, *, by: User, on: date, successor: Directorate | None) -> None:
    """Close a directorate; its successor gets the answers that it still owes."""
    if not rules.can_administer(by, directorate.assembly_id):
        raise PermissionDenied
    if successor and (successor.assembly_id != directorate.assembly_id or successor.pk == directorate.pk):
        raise ValidationError(_("Choisissez une autre direction de la même assemblée."))
    changed = Directorate.objects.filter(pk=directorate.pk, closed_on=None).update(closed_on=on, successor=successor)
    if changed:
        directorate.closed_on, directorate.successor = on, successor
        successor_key = successor.pk if successor else None
        record("directorate.closed", directorate, by=by, on=on, successor=successor_key)
        directorate_closed.send(Directorate, directorate=directorate, by=by)

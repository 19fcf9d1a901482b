"""Actions on the cantons of an assembly. The number of one is given once."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.models import Assembly, Canton


def save_canton(canton: Canton) -> None:
    """Validate and save; raise ValidationError for the number or the name of another canton."""
    canton.slug = slugify(canton.name)[:50]
    try:
        canton.full_clean()
    except ValidationError as refused:
        raise ValidationError(_("Un autre canton a ce numéro ou ce nom."), code="number") from refused
    canton.save()


@transaction.atomic
def create(assembly: Assembly, *, by: User, number: int, name: str, **facts: str) -> Canton:
    """Add a canton."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    canton = Canton(assembly=assembly, number=number, name=name, **facts)
    save_canton(canton)
    record("canton.created", canton, by=by, number=number)
    return canton


@transaction.atomic
def change(canton: Canton, *, by: User, name: str, **facts: str) -> None:
    """Change the name and the facts of a canton."""
    if not rules.can_administer(by, canton.assembly_id):
        raise PermissionDenied
    detail = "" if canton.name == name else f"{canton.name} → {name}"
    for field, value in {"name": name, **facts}.items():
        setattr(canton, field, value)
    save_canton(canton)
    record("canton.changed", canton, by=by, detail=detail)

"""Settings of a term about opinions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from opinions.models import OpinionSettings

FIELDS = ("amendment_days", "cosigners_needed", "check_days", "ranking_dots", "spokespersons")


@transaction.atomic
def change(term: Term, values: dict[str, Any], *, by: User) -> list[str]:
    """Write what changed, with the former values in the journal; windows already open keep their dates."""
    if not is_lead(by, term):
        raise PermissionDenied
    row, _created = OpinionSettings.objects.select_for_update(no_key=True).get_or_create(term=term)
    before = {name: getattr(row, name) for name in FIELDS}
    changed = [name for name in FIELDS if values[name] != before[name]]
    if changed:
        OpinionSettings.objects.filter(pk=row.pk).update(**{name: values[name] for name in changed})
        changes = {name: [before[name], values[name]] for name in changed}
        record("opinion.settings_changed", term, by=by, changes=changes)
    return changed

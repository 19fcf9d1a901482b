"""Settings of a term about referrals: dots, delays, the way of receiving."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from consultations.models import ReferralSettings
from consultations.self_referrals import rules

FIELDS = ("dots", "dots_a_subject", "review_days", "is_accepted_by_vote")


@transaction.atomic
def change_settings(term: Term, values: dict[str, Any], *, by: User) -> list[str]:
    """Save the changed settings, with the former values in the audit log; dots already given stay."""
    if not rules.can_set(by, term):
        raise PermissionDenied
    row, _is_new = ReferralSettings.objects.select_for_update(no_key=True).get_or_create(term=term)
    before = {name: getattr(row, name) for name in FIELDS}
    changed = [name for name in FIELDS if values[name] != before[name]]
    if changed:
        ReferralSettings.objects.filter(pk=row.pk).update(**{name: values[name] for name in changed})
        record(
            "referral.settings_changed",
            term,
            by=by,
            changes={name: [before[name], values[name]] for name in changed},
        )
    return changed

"""What `members` holds about people, how it is erased, and for how long it is kept."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import at_erasure, delete_row, erased, impersonal, keep, personal, retention
from assembly.institution.privacy import terms_past
from members.actions import departures, imports
from members.models import (
    AccommodationNeed,
    CharterAcceptance,
    CharterVersion,
    Contact,
    ImageConsent,
    ImportBatch,
    Mandate,
    Member,
    NameChangeRequest,
    Seat,
    Suspension,
)

SEAT = _("siège tenu, sans le nom")
PROOF = _("preuve de l’accord ou du refus")
COUNTED = _("composition de l’Assemblée, sans le nom")
ENDED_NEEDS_KEPT = timedelta(days=365)

personal(
    Member,
    name=_("Votre fiche de membre"),
    owner="person",
    fields={
        "civility": erased(),
        "gender": keep(COUNTED),
        "birth_year": erased(None),
        "canton": keep(COUNTED),
    },
)
personal(
    Mandate,
    name=_("Vos mandats"),
    owner="member__person",
    fields={
        "term": keep(SEAT),
        "seat": keep(SEAT),
        "kind": keep(SEAT),
        "state": keep(SEAT),
        "proposed_at": keep(SEAT),
        "answer_deadline": keep(SEAT),
        "accepted_on": keep(SEAT),
        "activated_on": keep(SEAT),
        "suspended_on": keep(SEAT),
        "ended_on": keep(SEAT),
        "end_reason": keep(SEAT),
    },
)
personal(
    Suspension,
    name=_("Les suspensions de mandat"),
    owner="mandate__member__person",
    fields={"starts_on": keep(SEAT), "ends_on": keep(SEAT)},
)
personal(
    AccommodationNeed,
    name=_("Les mesures à prévoir pour vous"),
    owner="member__person",
    rows_go=True,
    fields={
        "kind": keep(),
        "measure": keep(),
        "starts_on": keep(),
        "ends_on": keep(),
        "recorded_by": keep(exported=False),
    },
)
personal(
    NameChangeRequest,
    name=_("Vos demandes de changement de nom"),
    owner="member__person",
    rows_go=True,
    fields={
        "first_name": keep(),
        "last_name": keep(),
        "state": keep(),
        "requested_at": keep(),
        "decided_at": keep(),
        "decided_by": keep(exported=False),
    },
)
personal(
    CharterAcceptance,
    name=_("Vos accords à la charte"),
    owner="member__person",
    fields={
        "version": keep(PROOF),
        "accepted_on": keep(PROOF),
        "channel": keep(PROOF),
        "recorded_by": keep(PROOF, exported=False),
    },
)
personal(
    ImageConsent,
    name=_("Vos choix sur votre image"),
    owner="member__person",
    fields={
        "use": keep(PROOF),
        "is_given": keep(PROOF),
        "decided_on": keep(PROOF),
        "recorded_at": keep(PROOF),
        "channel": keep(PROOF),
        "recorded_by": keep(PROOF, exported=False),
    },
)
personal(Contact, name=_("Votre fiche de contact"), owner="person", fields={"assembly": keep(), "created_at": keep()})
personal(
    ImportBatch,
    owner="created_by__person",
    fields={
        "public_id": keep(exported=False),
        "term": keep(),
        "file_name": erased(),
        "digest": keep(exported=False),
        "state": keep(),
        "rows": keep(_("effacé deux heures après l’envoi"), exported=False),
        "errors": keep(_("effacé deux heures après l’envoi"), exported=False),
        "counters": keep(exported=False),
        "created_at": keep(),
        "expires_at": keep(exported=False),
        "confirmed_at": keep(),
        "started_by": keep(exported=False),
        "mandate_state": keep(exported=False),
        "mandates_on": keep(exported=False),
        "done": keep(exported=False),
        "total": keep(exported=False),
        "moved_at": keep(exported=False),
    },
)
impersonal(CharterVersion, Seat)


def old_needs(now: datetime) -> QuerySet[AccommodationNeed]:
    """Measures ended a year ago, and those of members whose every term ended longer ago than the settings say."""
    sitting = Mandate.objects.exclude(term__in=terms_past(now, "logistics_kept_months")).values("member")
    return AccommodationNeed.objects.filter(
        Q(ends_on__lt=timezone.localdate(now) - ENDED_NEEDS_KEPT) | ~Q(member__in=sitting)
    )


at_erasure("members.mandates", departures.leave)
retention("members.needs", _("Mesures à prévoir, après la mandature"), find=old_needs, apply=delete_row)
retention("members.imports", _("Aperçus d’import expirés"), find=imports.expired, apply=imports.forget)

"""Personal data of `members`: how they are erased, and their retention periods."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import at_erasure, delete_row, erased, impersonal, personal, retain_all, retention
from assembly.institution.privacy import terms_past
from members.actions import alumni, departures, imports
from members.models import (
    AccommodationNeed,
    AlumniConsent,
    CharterAcceptance,
    CharterVersion,
    Contact,
    ImageConsent,
    ImportBatch,
    Mandate,
    Member,
    NameChangeRequest,
    ProfilePublication,
    Seat,
    Suspension,
)

SEAT = _("siège tenu, sans le nom")
PROOF = _("preuve de l’accord ou du refus")
COUNTED = _("composition de l’Assemblée, sans le nom")
ENDED_NEEDS_RETENTION = timedelta(days=365)

personal(
    Member,
    name=_("Votre fiche de membre"),
    owner="person",
    fields={
        **retain_all("gender", "canton", reason=COUNTED),
        "civility": erased(),
        "birth_year": erased(None),
    },
)
personal(
    Mandate,
    name=_("Vos mandats"),
    owner="member__person",
    fields=retain_all(
        "term",
        "seat",
        "kind",
        "state",
        "proposed_at",
        "answer_deadline",
        "accepted_on",
        "activated_on",
        "suspended_on",
        "ended_on",
        "end_reason",
        reason=SEAT,
    ),
)
personal(
    Suspension,
    name=_("Les suspensions de mandat"),
    owner="mandate__member__person",
    fields=retain_all("starts_on", "ends_on", reason=SEAT),
)
personal(
    AccommodationNeed,
    name=_("Les mesures à prévoir pour vous"),
    owner="member__person",
    deletes_rows=True,
    fields=retain_all("kind", "measure", "starts_on", "ends_on") | retain_all("recorded_by", exported=False),
)
personal(
    NameChangeRequest,
    name=_("Vos demandes de changement de nom"),
    owner="member__person",
    deletes_rows=True,
    fields=retain_all("first_name", "last_name", "state", "requested_at", "decided_at")
    | retain_all("decided_by", exported=False),
)
personal(
    CharterAcceptance,
    name=_("Vos accords à la charte"),
    owner="member__person",
    fields=retain_all("version", "accepted_on", "channel", reason=PROOF)
    | retain_all("recorded_by", reason=PROOF, exported=False),
)
personal(
    ImageConsent,
    name=_("Vos choix sur votre image"),
    owner="member__person",
    fields=retain_all("use", "is_given", "decided_on", "recorded_at", "channel", reason=PROOF)
    | retain_all("recorded_by", reason=PROOF, exported=False),
)
personal(
    AlumniConsent,
    name=_("Votre accord pour rester en contact"),
    owner="mandate__member__person",
    deletes_rows=True,
    fields=retain_all("given_at", "channel") | retain_all("recorded_by", exported=False),
)
personal(Contact, name=_("Votre fiche de contact"), owner="person", fields=retain_all("assembly", "created_at"))
personal(
    ImportBatch,
    owner="created_by__person",
    fields={
        **retain_all(
            "public_id",
            "kind",
            "digest",
            "counters",
            "expires_at",
            "started_by",
            "mandate_state",
            "mandates_on",
            "done",
            "total",
            "progressed_at",
            exported=False,
        ),
        **retain_all("term", "state", "created_at", "confirmed_at"),
        **retain_all("rows", "errors", reason=_("effacé deux heures après l’envoi"), exported=False),
        "file_name": erased(),
    },
)
impersonal(CharterVersion, ProfilePublication, Seat)


def old_needs(now: datetime) -> QuerySet[AccommodationNeed]:
    """Return measures ended a year ago, and those of members whose terms all ended longer ago than the setting."""
    sitting = Mandate.objects.exclude(term__in=terms_past(now, "logistics_retention_months")).values("member")
    return AccommodationNeed.objects.filter(
        Q(ends_on__lt=timezone.localdate(now) - ENDED_NEEDS_RETENTION) | ~Q(member__in=sitting)
    )


retention(
    "members.alumni",
    _("Accords pour rester en contact, après deux ans"),
    find=alumni.expired_consents,
    apply=delete_row,
)
at_erasure("members.mandates", departures.end_mandates_of)
retention("members.needs", _("Mesures à prévoir, après la mandature"), find=old_needs, apply=delete_row)
retention("members.imports", _("Aperçus d’import expirés"), find=imports.expired, apply=imports.erase_batch)

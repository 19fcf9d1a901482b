"""Who takes the steps of minutes, what must be true before, and what follows."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.publications import publish
from assembly.institution.enums import Role
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.workflow import Permission, Transition
from sessions.enums import MinutesVisaCapacity, SittingState
from sessions.minutes.queries.minutes import people_who_attended, unanswered_corrections, visas_to_give
from sessions.models import Minutes
from sessions.queries.minutes_facts import current_visas, outdated_visas
from sessions.sittings.workflow import SITTING

RECORD_KIND = "decisions-record"

TEAM: Permission[Minutes] = Permission(lambda user, minutes: is_team(user, minutes.sitting.term_id), _("équipe"))
LEAD: Permission[Minutes] = Permission(lambda user, minutes: is_lead(user, minutes.sitting.term_id), _("responsable"))


def holds_function(user: Any, minutes: Minutes, holder: int | None) -> bool:
    """Return whether this person is the holder and has not left the assembly."""
    is_holder = bool(user.is_authenticated) and holder is not None and holder == user.person_id
    return is_holder and has_role(user, Role, assembly=minutes.sitting.term.assembly_id)


CHAIR: Permission[Minutes] = Permission(
    lambda user, minutes: holds_function(user, minutes, minutes.sitting.chair_id), MinutesVisaCapacity.CHAIR.label
)
SECRETARY: Permission[Minutes] = Permission(
    lambda user, minutes: holds_function(user, minutes, minutes.sitting.secretary_id),
    MinutesVisaCapacity.SECRETARY.label,
)


# Guards of the steps: each raises a ValidationError about what is missing, with its code.


def check_sitting_closed(minutes: Minutes) -> None:
    if not minutes.sitting.is_held:
        raise ValidationError(gettext("La séance n’est pas close : notez d’abord sa fin."), code="sitting")


def check_functions(minutes: Minutes) -> None:
    if minutes.sitting.chair_id is None or minutes.sitting.secretary_id is None:
        raise ValidationError(
            gettext("Dites d’abord qui présidait et qui était secrétaire de séance."), code="functions"
        )


def check_attendees(minutes: Minutes) -> None:
    if not people_who_attended(minutes.sitting):
        raise ValidationError(gettext("Personne n’est noté présent : corrigez d’abord les présences."), code="nobody")


def check_deadline_passed(minutes: Minutes) -> None:
    """Raise ValidationError before the announced day, so that nobody loses time for corrections."""
    if minutes.takes_corrections(timezone.now()):
        raise ValidationError(
            gettext(
                "Les personnes présentes peuvent encore demander des corrections : le délai annoncé court toujours."
            ),
            code="deadline",
        )


def check_corrections_answered(minutes: Minutes) -> None:
    """Raise ValidationError unless every request for a correction has its answer."""
    if unanswered_corrections(minutes):
        raise ValidationError(gettext("Des corrections attendent encore une réponse."), code="corrections")


def check_approving_sitting_open(minutes: Minutes) -> None:
    sitting = minutes.approval_item.sitting if minutes.approval_item else None
    if sitting is None or not (sitting.is_running or sitting.is_held):
        raise ValidationError(gettext("La séance qui doit approuver n’est pas encore ouverte."), code="approval")


def check_both_visas(minutes: Minutes) -> None:
    """Raise ValidationError unless both visas exist; the seal, which reads the facts, checks their text."""
    missing = [str(MinutesVisaCapacity(capacity).label) for capacity in visas_to_give(minutes)]
    if missing:
        raise ValidationError(gettext("Il manque le visa : %(who)s.") % {"who": ", ".join(missing)}, code="visas")


def check_outdated_visas(minutes: Minutes) -> None:
    if not (current_visas(minutes).exists() and outdated_visas(minutes).exists()):
        raise ValidationError(gettext("Aucun visa n’a été donné sur un autre texte."), code="current")


def check_no_visa(minutes: Minutes) -> None:
    if current_visas(minutes).exists():
        raise ValidationError(
            gettext("Un visa est déjà donné : la présidence et le secrétariat ne changent plus."), code="given"
        )


def check_sealed_files(minutes: Minutes) -> None:
    if minutes.public_document_id is None or not minutes.is_sealed:
        raise ValidationError(gettext("Scellez d’abord le compte rendu."), code="seal")


# Columns that a step writes, and its follow-ups.


def circulation_dates(minutes: Minutes, taken: Transition) -> dict[str, Any]:
    """Return now, and the end of the last day for corrections, in Paris."""
    now = timezone.now()
    day = timezone.localdate(now) + timedelta(days=minutes.sitting.term.correction_days)
    until = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
    return {"circulated_at": now, "corrections_until": until}


def record_minuted(minutes: Minutes, taken: Transition) -> None:
    """Take the sitting's own step that records its minutes, unless it was taken."""
    if minutes.sitting.state == SittingState.CLOSED:
        SITTING.follow(minutes.sitting, "record_minutes", by=taken.by)


def reopen_sitting(minutes: Minutes, taken: Transition) -> None:
    if minutes.sitting.state == SittingState.MINUTED:
        SITTING.follow(minutes.sitting, "reopen_minutes", by=taken.by)


def publish_file(minutes: Minutes, taken: Transition) -> None:
    if minutes.public_document is not None:
        publish(minutes.public_document, by=taken.by)


def has_both_files(minutes: Minutes) -> bool:
    return bool(minutes.internal_sealed_at and minutes.public_sealed_at and minutes.signed_at is None)

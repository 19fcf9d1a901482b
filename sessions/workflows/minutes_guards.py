"""What must be true before a step of minutes: each raises a ValidationError that says what lacks, with its code."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.enums import MinutesVisaCapacity as Capacity
from sessions.models import Minutes
from sessions.queries.minutes import people_who_attended, unanswered_corrections
from sessions.queries.minutes_facts import current_visas, outdated_visas
from sessions.rules.minutes import takes_corrections


def needs_closed_sitting(minutes: Minutes) -> None:
    if not minutes.sitting.is_held:
        raise ValidationError(_("La séance n’est pas close : notez d’abord sa fin."), code="sitting")


def needs_functions(minutes: Minutes) -> None:
    if minutes.sitting.chair_id is None or minutes.sitting.secretary_id is None:
        raise ValidationError(_("Dites d’abord qui présidait et qui était secrétaire de séance."), code="functions")


def needs_attendees(minutes: Minutes) -> None:
    if not people_who_attended(minutes.sitting):
        raise ValidationError(_("Personne n’est noté présent : corrigez d’abord les présences."), code="nobody")


def needs_deadline_passed(minutes: Minutes) -> None:
    """Nobody is cut off before the announced day."""
    if takes_corrections(minutes, timezone.now()):
        raise ValidationError(
            _("Les personnes présentes peuvent encore demander des corrections : le délai annoncé court toujours."),
            code="deadline",
        )


def needs_answers(minutes: Minutes) -> None:
    """Every request for a correction has its answer before the text goes on."""
    if unanswered_corrections(minutes):
        raise ValidationError(_("Des corrections attendent encore une réponse."), code="corrections")


def needs_approving_sitting_open(minutes: Minutes) -> None:
    sitting = minutes.approval_item.sitting if minutes.approval_item else None
    if sitting is None or not (sitting.is_running or sitting.is_held):
        raise ValidationError(_("La séance qui doit approuver n’est pas encore ouverte."), code="approval")


def needs_both_visas(minutes: Minutes) -> None:
    """Whether they still cover the text is found by the seal, which reads the facts once."""
    given = set(current_visas(minutes).values_list("capacity", flat=True))
    missing = [str(Capacity(capacity).label) for capacity in Capacity.values if capacity not in given]
    if missing:
        raise ValidationError(_("Il manque le visa : %(who)s.") % {"who": ", ".join(missing)}, code="visas")


def needs_outdated_visas(minutes: Minutes) -> None:
    if not (current_visas(minutes).exists() and outdated_visas(minutes).exists()):
        raise ValidationError(_("Aucun visa n’a été donné sur un autre texte."), code="current")


def needs_no_visa(minutes: Minutes) -> None:
    if current_visas(minutes).exists():
        raise ValidationError(
            _("Un visa est déjà donné : la présidence et le secrétariat ne changent plus."), code="given"
        )


def needs_sealed_files(minutes: Minutes) -> None:
    if minutes.public_document_id is None or not minutes.is_sealed:
        raise ValidationError(_("Scellez d’abord le compte rendu."), code="seal")

"""Enumerations of follow-ups and of their updates (domain.md B12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from answers.cases.enums import AnswerValue
from assembly.workflow import State, States
from consultations.digest.enums import DigestKind


class FollowUpState(States):
    """Progress of what was promised (domain.md B12). « Pas à jour » is no state: it is a due day that has passed."""

    PLANNED = "planned", State("todo", tags={"open"}), _("à commencer")
    IN_PROGRESS = "in_progress", State("in_progress", tags={"open"}), _("en cours")
    DELAYED = "delayed", State("late", tags={"open"}), _("retardée")
    DONE = "done", State("done", tags={"ended"}), _("réalisée")
    ABANDONED = "abandoned", State("refused", tags={"ended"}), _("abandonnée")


class PhotoConsent(models.TextChoices):
    """Reason why a photo may be shown."""

    NOBODY = "nobody", _("Personne n’y est reconnaissable")
    GIVEN = "given", _("Les personnes reconnaissables ont donné leur accord écrit")


# These values promise something for later; « déjà en place » carries its own proof, a refusal promises nothing.
FOLLOWED_VALUES = (
    AnswerValue.ACCEPTED,
    AnswerValue.ACCEPTED_IN_PART,
    AnswerValue.UNDER_STUDY,
    AnswerValue.PASSED_ON,
)


class UpdateEventKind(DigestKind):
    """Kinds of lines about updates of follow-ups in the daily mail to an agent."""

    LATE = "update_late", 12, _("Point d’étape en retard")
    DUE = "update_due", 62, _("Point d’étape attendu")

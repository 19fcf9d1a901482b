"""Absences, modes of presence, states of an absence case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class Absence(models.TextChoices):
    NONE = "", _("non renseignée")
    EXCUSED = "excused", _("excusé·e")
    ABSENT = "absent", _("absent·e")
    REPRESENTED = "represented", _("représenté·e")


class PresenceMode(models.TextChoices):
    ROOM = "room", _("dans la salle")
    REMOTE = "remote", _("à distance")


class AbsenceCaseState(States):
    """States of an absence case: the system raises it, a person decides (domain.md B4)."""

    RAISED = "raised", State("warn", tags={"open", "alert"}), _("À décider")
    WARNED = "warned", State("waiting", tags={"open", "alert"}), _("Message envoyé")
    DISMISSED = "dismissed", State("closed"), _("Classée sans suite")
    PROCEDURE = "procedure", State("in_progress", tags={"open"}), _("Procédure en cours")
    ENDED = "ended", State("refused"), _("Mandat terminé")
    LIFTED = "lifted", State("closed"), _("Sans objet")

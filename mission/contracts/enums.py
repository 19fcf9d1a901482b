from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ContractState(States):
    DRAFT = "draft", State("todo"), _("en préparation")
    RUNNING = "running", State("in_progress"), _("en cours")
    ENDED = "ended", State("closed"), _("terminé")


class ContractKind(models.TextChoices):
    AMO = "amo", _("assistance à maîtrise d’ouvrage")
    CATERING = "catering", _("traiteur")
    INTERPRETING = "interpreting", _("interprétation")
    OTHER = "other", _("autre")

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContractState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    RUNNING = "running", _("en cours")
    ENDED = "ended", _("terminé")


class ContractKind(models.TextChoices):
    AMO = "amo", _("assistance à maîtrise d’ouvrage")
    CATERING = "catering", _("traiteur")
    INTERPRETING = "interpreting", _("interprétation")
    OTHER = "other", _("autre")

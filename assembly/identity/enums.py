from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactChannel(models.TextChoices):
    """Ways by which a person wishes to be reached."""

    EMAIL = "email", _("par courriel")
    PAPER = "paper", _("par courrier postal")


class ErasureState(models.TextChoices):
    PENDING = "pending", _("à traiter")
    DONE = "done", _("effacé")
    REFUSED = "refused", _("refusé")
    WITHDRAWN = "withdrawn", _("retirée")

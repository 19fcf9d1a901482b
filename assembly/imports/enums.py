from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """State of the import of a file."""

    PREVIEWED = "previewed", _("À confirmer")
    RUNNING = "running", _("Import en cours")
    STOPPED = "stopped", _("Arrêté")
    CONFIRMED = "confirmed", _("Importé")

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ListState(States):
    OPEN = "open", State("done"), _("ouverte")
    CLOSED = "closed", State("closed"), _("fermée")


class ConsentMeans(models.TextChoices):
    """Means by which somebody agreed to receive mail."""

    MEETING = "meeting", _("de vive voix, lors d’une rencontre")
    PHONE = "phone", _("au téléphone")
    PAPER = "paper", _("par écrit, sur papier")
    MAIL = "mail", _("par courriel")
    LINK = "link", _("par le lien que nous lui envoyons")

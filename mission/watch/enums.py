from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    FEED = "feed", _("flux RSS ou Atom")
    TYPED = "typed", _("relevée à la main")


class SourceState(models.TextChoices):
    ACTIVE = "active", _("suivie")
    PAUSED = "paused", _("en pause")
    CLOSED = "closed", _("abandonnée")


class WatchKind(models.TextChoices):
    LEGAL = "legal", _("juridique")
    TERRITORIAL = "territorial", _("territoires")
    EVENT = "event", _("événement")


class Relevance(models.TextChoices):
    HIGH = "1", _("essentiel")
    USEFUL = "2", _("utile")
    MINOR = "3", _("pour mémoire")


class WatchState(models.TextChoices):
    NEW = "new", _("nouvelle")
    READ = "read", _("lue")
    RETAINED = "retained", _("retenue")
    SHARED = "shared", _("diffusée")
    ARCHIVED = "archived", _("classée")

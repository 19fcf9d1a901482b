from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class SourceKind(models.TextChoices):
    FEED = "feed", _("flux RSS ou Atom")
    TYPED = "typed", _("relevée à la main")


class SourceState(States):
    ACTIVE = "active", State("done"), _("suivie")
    PAUSED = "paused", State("waiting"), _("en pause")
    CLOSED = "closed", State("closed"), _("abandonnée")


class WatchKind(models.TextChoices):
    LEGAL = "legal", _("juridique")
    TERRITORIAL = "territorial", _("territoires")
    EVENT = "event", _("événement")


class Relevance(models.TextChoices):
    HIGH = "1", _("essentiel")
    USEFUL = "2", _("utile")
    MINOR = "3", _("pour mémoire")


class WatchState(States):
    NEW = "new", State("todo", tags={"unshared"}), _("nouvelle")
    READ = "read", State("in_progress", tags={"unshared"}), _("lue")
    RETAINED = "retained", State("waiting", tags={"unshared"}), _("retenue")
    SHARED = "shared", State("done"), _("diffusée")
    ARCHIVED = "archived", State("closed"), _("classée")

"""States, rights and reasons of a text written together."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class TextState(TextChoices):
    OPEN = "open", _("ouvert")
    ANNOTATING = "annotating", _("ouvert aux commentaires")
    FROZEN = "frozen", _("figé")


class TextRight(IntegerChoices):
    """The rights in a text; each one includes those before it."""

    NONE = 0, _("aucun accès")
    READ = 1, _("Je lis")
    COMMENT = 2, _("Je commente")
    SUGGEST = 3, _("Je propose")
    WRITE = 4, _("J’écris")


class UpdateKind(TextChoices):
    LIVE = "live", _("saisie")
    SERVER = "server", _("modification du serveur")
    SEED = "seed", _("texte de départ")


class SuggestionState(TextChoices):
    OPEN = "open", _("à décider")
    ACCEPTED = "accepted", _("acceptée")
    REJECTED = "rejected", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class VersionReason(TextChoices):
    NAMED = "named", _("version nommée")
    STATE = "state", _("changement d’étape")
    SITTING = "sitting", _("avant une séance")
    RESTORED = "restored", _("version rétablie")
    FROZEN = "frozen", _("texte figé")


class TextEventKind(TextChoices):
    """The events of the daily mail."""

    ACCEPTED = "accepted", _("Votre proposition est acceptée")
    REJECTED = "rejected", _("Votre proposition n’est pas retenue")
    MENTION = "mention", _("Quelqu’un vous cite dans un commentaire")
    ASSIGNED = "assigned", _("Un commentaire vous est confié")
    REPLY = "reply", _("Une réponse à votre commentaire")
    RESOLVED = "resolved", _("Votre commentaire est traité")

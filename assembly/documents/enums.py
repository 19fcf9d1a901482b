from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class Audience(models.TextChoices):
    """Each audience has its own reference, revisions and embedded data (domain.md B13)."""

    INTERNAL = "internal", _("interne")
    PUBLIC = "public", _("publique")


class DocumentState(models.TextChoices):
    BASE = "base", _("sans cachet")
    SEALED = "sealed", _("scellé")
    SIGNED_WITHOUT_TIMESTAMP = "signed_without_timestamp", _("scellé sans horodatage")
    PUBLISHED = "published", _("publié")
    SUPERSEDED = "superseded", _("remplacé")


class RevisionPurpose(models.TextChoices):
    BASE = "base", _("mise en page")
    SEAL = "seal", _("cachet")
    SIGNATURE = "signature", _("signature")
    TIMESTAMP = "timestamp", _("horodatage")
    EXTERNAL = "external", _("document extérieur")


SEALED_PURPOSES = frozenset({RevisionPurpose.SEAL, RevisionPurpose.TIMESTAMP, RevisionPurpose.EXTERNAL})


class RenditionState(States):
    QUEUED = "queued", State("waiting", tags={"running"}), _("en attente")
    RENDERING = "rendering", State("in_progress", tags={"running", "taken"}), _("mise en page")
    SEALING = "sealing", State("in_progress", tags={"running", "taken"}), _("pose du cachet")
    READY = "ready", State("done", tags={"finished"}), _("prêt")
    FAILED = "failed", State("late", tags={"finished"}), _("échoué")


class VerificationState(models.TextChoices):
    """States of an unknown file, which a worker reads and then deletes."""

    QUEUED = "queued", _("en attente")
    DONE = "done", _("terminé")


class CheckLimit(models.TextChoices):
    """The limit that stopped the reading of a file."""

    TIME = "time", _("sa lecture demande trop de temps")
    MEMORY = "memory", _("sa lecture demande trop de mémoire")
    UPDATES = "updates", _("il a été complété plus de cent fois")


class Verdict(models.TextChoices):
    """The verdicts of « Vérifier un document »."""

    CURRENT = "current", _("authentique et à jour")
    SUPERSEDED = "superseded", _("authentique, remplacé")
    UNFINISHED = "unfinished", _("version antérieure, incomplète")
    ALTERED = "altered", _("modifié")
    UNKNOWN = "unknown", _("inconnu")
    UNPROVEN = "unproven", _("non confirmé")


class UploadPurpose(models.TextChoices):
    PAPER = "paper", _("pièce d’une séance")
    SCAN = "scan", _("document signé numérisé")
    OTHER = "other", _("autre")


class UploadState(States):
    """The verdict of the antivirus on a file; without one files stay unscanned, while it is unreachable they wait."""

    UNSCANNED = "unscanned", State("warn", tags={"to_scan", "readable"}), _("non analysé")
    WAITING = "waiting", State("waiting", tags={"to_scan"}), _("en attente d’analyse")
    CLEAN = "clean", State("done", tags={"scanned", "readable"}), _("analysé")
    INFECTED = "infected", State("refused", tags={"scanned"}), _("dangereux, écarté")


class ExtractionState(models.TextChoices):
    """States of the extraction of a file's text by a worker."""

    QUEUED = "queued", _("en attente")
    READING = "reading", _("lecture")
    READY = "ready", _("lu")
    FAILED = "failed", _("illisible")


class TextFailure(models.TextChoices):
    LOCKED = "locked", _("protégé par un mot de passe")
    DAMAGED = "damaged", _("abîmé")
    HEAVY = "heavy", _("trop lourd à lire")

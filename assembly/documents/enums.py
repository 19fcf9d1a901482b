from django.db import models
from django.utils.translation import gettext_lazy as _


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


class RenditionState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    RENDERING = "rendering", _("mise en page")
    SEALING = "sealing", _("pose du cachet")
    READY = "ready", _("prêt")
    FAILED = "failed", _("échoué")


class UploadPurpose(models.TextChoices):
    PAPER = "paper", _("pièce d'une séance")
    SCAN = "scan", _("document signé numérisé")
    OTHER = "other", _("autre")

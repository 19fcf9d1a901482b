"""Kinds and states of minutes, of the texts of a section, of corrections and visas."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class MinutesKind(models.TextChoices):
    REPORT = "report", _("compte rendu")
    FORMAL = "formal", _("procès-verbal")


class MinutesState(States):
    """States of minutes (domain.md B13): reports use draft, validated, circulated, published; formal ones the rest."""

    DRAFT = "draft", State("in_progress", tags={"writing"}), _("En rédaction")
    INTERNAL_CHECK = (
        "internal_check",
        State("in_progress", tags={"writing", "ready", "formal"}),
        _("En contrôle interne"),
    )
    VALIDATED = "validated", State("partial", tags={"writing", "ready"}), _("Validé")
    CIRCULATED = "circulated", State("in_progress", tags={"circulated", "reading"}), _("En relecture")
    CORRECTIONS = (
        "corrections",
        State("waiting", tags={"circulated", "reading", "formal"}),
        _("Corrections en traitement"),
    )
    SUBMITTED = "submitted_for_approval", State("waiting", tags={"circulated", "formal"}), _("Soumis à l’approbation")
    APPROVED = "approved", State("partial", tags={"circulated", "formal", "approved"}), _("Approuvé")
    SIGNED = "signed", State("done", tags={"circulated", "formal", "approved", "final"}), _("Scellé")
    PUBLISHED = "published", State("done", tags={"final", "published"}), _("Publié")
    ARCHIVED = "archived", State("closed", tags={"final", "published"}), _("Archivé")


class RevisionKind(models.TextChoices):
    """Reason why a text of a section was saved in the history: no typed text is lost."""

    SAVED = "saved", _("enregistré")
    CONFLICT = "conflict", _("arrivé après un autre texte")
    REFUSED = "refused", _("brouillon, à corriger avant d’être imprimé")
    RESTORED = "restored", _("repris d’une version antérieure")
    CORRECTED = "corrected", _("correction acceptée")


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("Attend une réponse")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")


class MinutesVisaCapacity(models.TextChoices):
    CHAIR = "chair", _("présidence de séance")
    SECRETARY = "secretary", _("secrétariat de séance")

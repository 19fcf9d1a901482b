"""Choices of opinions, of the check by the directorates and of what follows the vote: domain.md B8, B10, B12."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpinionLabel(models.TextChoices):
    """Name of the document in a term; both are the same model."""

    OPINION = "avis", _("avis")
    REPORT = "rapport", _("rapport")


class OpinionState(models.TextChoices):
    """States from the plan to the publication: domain.md B8."""

    OUTLINE = "outline", _("plan en préparation")
    DRAFTING = "drafting", _("en rédaction")
    GROUP_VALIDATED = "group_validated", _("validé par les groupes")
    SERVICES_CHECK = "services_check", _("en lecture dans les directions")
    CONSOLIDATED = "consolidated", _("réuni en un seul texte")
    TABLED = "tabled", _("déposé")
    AMENDING = "amending", _("ouvert aux amendements")
    FROZEN = "frozen", _("figé")
    VOTED = "voted", _("voté")
    ADOPTED = "adopted", _("adopté")
    REJECTED = "rejected", _("rejeté")
    HANDED_OVER = "handed_over", _("remis")
    PUBLISHED = "published", _("publié")
    WITHDRAWN = "withdrawn", _("retiré")


class SectionState(models.TextChoices):
    DRAFTING = "drafting", _("en rédaction")
    VALIDATED = "validated", _("validée par le groupe")


class ValidationMode(models.TextChoices):
    """How a group decided that its text is ready."""

    CONSENT = "consent", _("sans objection")
    VOTE = "vote", _("par un vote")


class ServicesCheckState(models.TextChoices):
    """States of one directorate's check of the recommendations."""

    ASKED = "asked", _("attendu")
    DRAFTED = "drafted", _("commencé")
    RETURNED = "returned", _("à reprendre")
    SUBMITTED = "submitted", _("à viser")
    VALIDATED = "validated", _("rendu")
    CLOSED = "closed", _("clos sans réponse")


class RecommendationState(models.TextChoices):
    """What became of a recommendation inside the opinion; its reference stays in every state."""

    ACTIVE = "active", _("dans l’avis")
    MERGED = "merged", _("réunie avec une autre")
    REMOVED = "removed", _("retirée du texte")
    REJECTED = "rejected", _("rejetée par un vote")


class VersionKind(models.TextChoices):
    TABLED = "tabled", _("texte déposé")
    AMENDED = "amended", _("texte amendé")
    ADOPTED = "adopted", _("texte adopté")


class RankingMode(models.TextChoices):
    """How the plenary ranks the recommendations: more dots, or a smaller sum of ranks."""

    DOTS = "dots", _("par points")
    RANKS = "ranks", _("par rangs")


class OpinionVisaCapacity(models.TextChoices):
    CHAIR = "chair", _("présidence de séance")
    RAPPORTEUR = "rapporteur", _("rapporteur·e")


class PositionState(models.TextChoices):
    """States of a minority position, from the draft to the annex."""

    DRAFT = "draft", _("en préparation")
    SUBMITTED = "submitted", _("déposée")
    WITHDRAWN = "withdrawn", _("retirée")


class ImportState(models.TextChoices):
    """States of an imported file, from its preview to the text."""

    SHOWN = "shown", _("à confirmer")
    WRITTEN = "written", _("repris dans le texte")
    LEFT = "left", _("laissé")


# Directorates may write notes until the text is tabled for the plenary.
READ_STATES = frozenset({OpinionState.SERVICES_CHECK, OpinionState.CONSOLIDATED})
SECTION_BADGES = {SectionState.DRAFTING: "in_progress", SectionState.VALIDATED: "done"}
CHECK_BADGES = {
    ServicesCheckState.ASKED: "todo",
    ServicesCheckState.DRAFTED: "in_progress",
    ServicesCheckState.RETURNED: "partial",
    ServicesCheckState.SUBMITTED: "waiting",
    ServicesCheckState.VALIDATED: "done",
    ServicesCheckState.CLOSED: "closed",
}

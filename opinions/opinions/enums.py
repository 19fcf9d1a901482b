"""Choices of opinions and of their sections: domain.md B8."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class OpinionLabel(models.TextChoices):
    """Name of the document in a term; both are the same model."""

    OPINION = "avis", _("avis")
    REPORT = "rapport", _("rapport")


class OpinionState(States):
    """States from the plan to the publication: domain.md B8.

    `hidden`: from the members. `planned`: sections may change. `amendable`: tabled, not frozen. `tabled`, `frozen`,
    `voted`, `adopted`, `handed`: that step was taken and stands.
    """

    OUTLINE = "outline", State("todo", tags={"hidden", "planned", "untabled"}), _("plan en préparation")
    DRAFTING = "drafting", State("in_progress", tags={"planned", "untabled"}), _("en rédaction")
    GROUP_VALIDATED = "group_validated", State("partial", tags={"untabled"}), _("validé par les groupes")
    SERVICES_CHECK = "services_check", State("waiting", tags={"untabled"}), _("en lecture dans les directions")
    CONSOLIDATED = "consolidated", State("in_progress", tags={"untabled"}), _("réuni en un seul texte")
    TABLED = "tabled", State("waiting", tags={"tabled", "before_vote", "amendable"}), _("déposé")
    AMENDING = (
        "amending",
        State("in_progress", tags={"tabled", "before_vote", "amendable"}),
        _("ouvert aux amendements"),
    )
    FROZEN = "frozen", State("waiting", tags={"tabled", "before_vote", "frozen"}), _("figé")
    VOTED = "voted", State("partial", tags={"tabled", "frozen", "voted"}), _("voté")
    ADOPTED = "adopted", State("done", tags={"tabled", "frozen", "voted", "adopted"}), _("adopté")
    REJECTED = "rejected", State("refused", tags={"tabled", "frozen", "voted", "ended"}), _("rejeté")
    HANDED_OVER = "handed_over", State("done", tags={"tabled", "frozen", "voted", "adopted", "handed"}), _("remis")
    PUBLISHED = (
        "published",
        State("done", tags={"tabled", "frozen", "voted", "adopted", "handed", "ended"}),
        _("publié"),
    )
    WITHDRAWN = "withdrawn", State("closed", tags={"hidden", "ended"}), _("retiré")


class SectionState(States):
    DRAFTING = "drafting", State("in_progress"), _("en rédaction")
    VALIDATED = "validated", State("done"), _("validée par le groupe")


class ValidationMode(models.TextChoices):
    """How a group decided that its text is ready."""

    CONSENT = "consent", _("sans objection")
    VOTE = "vote", _("par un vote")


SECTION_KIND = "opinion-section"
OPINION_KIND = "opinion"

"""Choices of amendments: domain.md B9."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class AmendmentState(States):
    """States of an amendment.

    `pending`: submitted, not yet called. `uncalled`: so, and admissible. `passed`: passed the check of form, so that
    members and the public may read it. `news`: announced in the morning; the opening of the debate is no news.
    """

    DRAFT = "draft", State("todo", tags={"unchecked"}), _("brouillon")
    SUBMITTED = "submitted", State("waiting", tags={"unchecked", "undecided", "pending"}), _("déposé")
    ADMISSIBLE = (
        "admissible",
        State("in_progress", tags={"undecided", "pending", "uncalled", "waiting", "passed", "news"}),
        _("recevable"),
    )
    INADMISSIBLE = "inadmissible", State("refused", tags={"news"}), _("irrecevable")
    RAPPORTEUR_VIEW = (
        "rapporteur_view",
        State("in_progress", tags={"undecided", "pending", "uncalled", "waiting", "passed", "news"}),
        _("avis du rapporteur donné"),
    )
    DEBATED = "debated", State("partial", tags={"undecided", "waiting", "passed", "called"}), _("en discussion")
    ADOPTED = "adopted", State("done", tags={"passed", "called", "decided", "news"}), _("adopté")
    REJECTED = "rejected", State("refused", tags={"passed", "called", "decided", "news"}), _("rejeté")
    WITHDRAWN = "withdrawn", State("closed", tags={"stopped"}), _("retiré")
    FELL = "fell", State("closed", tags={"stopped", "news"}), _("tombé")
    MERGED = "merged", State("closed", tags={"stopped", "news"}), _("fusionné")


class ViewStance(models.TextChoices):
    FAVOURABLE = "favourable", _("favorable")
    UNFAVOURABLE = "unfavourable", _("défavorable")
    NEUTRAL = "neutral", _("s’en remet à l’assemblée")


class AmendmentDecisionMode(models.TextChoices):
    BALLOT = "ballot", _("vote compté")
    CONSENT = "consent", _("sans opposition")

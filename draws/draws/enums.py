"""Enumerations of draws and of their computations (domain.md B3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class DrawTable(models.TextChoices):
    """Workflow of a draw: among the volunteers of a call, or among the members."""

    VOLUNTEERS = "volunteers", _("appel à candidatures")
    INTERNAL = "internal", _("tirage interne")


class DesignationOutcome(models.TextChoices):
    """Outcome for somebody whom an internal draw named."""

    NAMED = "named", _("désignée")
    DECLINED = "declined", _("a renoncé")
    LEFT = "left", _("ne siège plus")


class DrawState(States):
    """State of a draw (domain.md B3).

    An announced draw has a public page and is never withdrawn, only voided with its reason.
    """

    DRAFT = "draft", State("in_progress", tags={"preparing"}), _("en préparation")
    CHECKED = "checked", State("in_progress", tags={"preparing"}), _("vérifié")
    FROZEN = "frozen", State("in_progress", tags={"frozen", "computable"}), _("liste figée")
    COMPUTED = "computed", State("in_progress", tags={"frozen", "computable"}), _("lots calculés")
    ANNOUNCED = "announced", State("waiting", tags={"frozen", "announced", "ceremony"}), _("annoncé")
    DRAWN = "drawn", State("waiting", tags={"frozen", "announced", "ceremony", "drawn"}), _("tiré")
    CERTIFIED = "certified", State("partial", tags={"frozen", "announced", "drawn", "certified"}), _("constaté")
    REVEALED = "revealed", State("done", tags={"frozen", "announced", "drawn", "certified"}), _("révélé")
    VOID = "void", State("closed"), _("annulé")


class ComputationKind(models.TextChoices):
    TRIAL = "trial", _("essai à blanc")
    PORTFOLIO = "portfolio", _("calcul des lots")


class ComputationState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    RUNNING = "running", _("en cours")
    READY = "ready", _("fini")
    FAILED = "failed", _("échoué")
    CANCELLED = "cancelled", _("arrêté")


RUNNING_COMPUTATIONS = (ComputationState.QUEUED, ComputationState.RUNNING)

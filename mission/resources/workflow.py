"""Workflow of a resource. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from mission.registers.steps import RegisterStep
from mission.resources.enums import ResourceState as S

STEPS = [
    RegisterStep("withdraw", {S.IN_SERVICE}, S.WITHDRAWN, participle="withdrawn", needs_reason=True).page(
        "hors-service",
        _("Mettre hors service"),
        _("a mis hors service"),
        _("Ne plus proposer à la réservation ?"),
        _("Ce n’est plus proposé."),
    ),
    RegisterStep("restore", {S.WITHDRAWN}, S.IN_SERVICE, primary=True).page(
        "en-service",
        _("Remettre en service"),
        _("a remis en service"),
        _("Proposer de nouveau à la réservation ?"),
        _("C’est de nouveau proposé."),
    ),
]

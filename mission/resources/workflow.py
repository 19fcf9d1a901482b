"""Workflow of a resource. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from assembly.workflow import Step
from mission.registers.rules import TEAM
from mission.resources.enums import ResourceState as S

STEPS = [
    Step(
        "withdraw",
        {S.IN_SERVICE},
        S.WITHDRAWN,
        TEAM,
        event_type="withdrawn",
        history_text=_("a mis hors service"),
        needs_reason=True,
        slug="hors-service",
        label=_("Mettre hors service"),
        question=_("Ne plus proposer à la réservation ?"),
        success_message=_("Ce n’est plus proposé."),
    ),
    Step(
        "restore",
        {S.WITHDRAWN},
        S.IN_SERVICE,
        TEAM,
        history_text=_("a remis en service"),
        primary=True,
        slug="en-service",
        label=_("Remettre en service"),
        question=_("Proposer de nouveau à la réservation ?"),
        success_message=_("C’est de nouveau proposé."),
    ),
]

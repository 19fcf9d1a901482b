"""Workflow of a partner. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from assembly.workflow import Step
from mission.partners.models import PartnerState as S
from mission.registers.rules import TEAM
from mission.registers.workflow import merging

STEPS = [
    Step(
        "engage",
        {S.TO_CONTACT},
        S.ACTIVE,
        TEAM,
        history_text=_("a noté le partenariat actif"),
        slug="engager",
        label=_("Noter comme actif"),
        question=_("Le partenariat est-il actif ?"),
    ),
    Step(
        "resume",
        {S.DORMANT, S.ENDED},
        S.ACTIVE,
        TEAM,
        history_text=_("a repris le partenariat"),
        primary=True,
        slug="reprendre",
        label=_("Reprendre"),
    ),
    Step(
        "pause",
        {S.ACTIVE},
        S.DORMANT,
        TEAM,
        history_text=_("a mis le partenariat en sommeil"),
        needs_reason=True,
        slug="en-sommeil",
        label=_("Mettre en sommeil"),
    ),
    Step(
        "end",
        {S.TO_CONTACT, S.ACTIVE, S.DORMANT},
        S.ENDED,
        TEAM,
        history_text=_("a mis fin au partenariat"),
        needs_reason=True,
        slug="terminer",
        label=_("Mettre fin"),
        question=_("Mettre fin au partenariat ?"),
    ),
    merging({S.TO_CONTACT, S.ACTIVE, S.DORMANT, S.ENDED}, S.MERGED),
]

"""Workflow of a scheme of grants. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from assembly.workflow import Step
from mission.grants import rules
from mission.grants.enums import SchemeState
from mission.registers.rules import LEAD

SCHEME_STEPS = [
    Step(
        "publish",
        {SchemeState.DRAFT},
        SchemeState.PUBLISHED,
        LEAD,
        history_text=_("a publié le dispositif"),
        primary=True,
        guards=(rules.check_publishable,),
        slug="publier",
        label=_("Publier"),
        question=_("Publier ce dispositif ?"),
        success_message=_("Le dispositif est publié : les associations peuvent déposer."),
        consequences=[_("Ses règles ne changent plus : seul le dernier jour peut être repoussé.")],
        fresh=True,
    ),
    Step(
        "close",
        {SchemeState.PUBLISHED},
        SchemeState.CLOSED,
        LEAD,
        history_text=_("a clos le dispositif"),
        slug="clore",
        label=_("Clore"),
        question=_("Clore ce dispositif ?"),
        success_message=_("Le dispositif est clos."),
        consequences=[_("Plus aucune demande ne peut y être déposée.")],
        danger=True,
    ),
]

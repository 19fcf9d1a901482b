"""Workflow of a request to correct minutes."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Workflow
from sessions.enums import CorrectionState
from sessions.models import Correction
from sessions.rules.minutes import takes_changes

ACCEPT: Step[Correction] = Step(
    "accept",
    {CorrectionState.ASKED},
    CorrectionState.ACCEPTED,
    Permission(lambda user, asked: is_team(user, asked.minutes.sitting.term_id), _("équipe")),
    event_type="correction.accepted",
    history_text=_("a accepté une correction"),
    when=lambda asked: takes_changes(asked.minutes),
    changes=lambda asked, taken: {"answered_by": taken.by, "answered_at": timezone.now()},
)
REFUSE: Step[Correction] = replace(
    ACCEPT,
    name="refuse",
    target=CorrectionState.REFUSED,
    event_type="correction.refused",
    history_text=_("a refusé une correction"),
    reason_column="answer",
)
CORRECTION: Workflow[Correction] = Workflow(
    [ACCEPT, REFUSE], parent="minutes", dossier=lambda asked: asked.minutes.sitting
)

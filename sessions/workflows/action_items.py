"""State table of action items, which outlast the minutes; the README has the same."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Workflow
from sessions.decisions.forms import OutcomeForm
from sessions.enums import ActionState as A
from sessions.models import ActionItem

TEAM: Permission[ActionItem] = Permission(lambda user, action: is_team(user, action.sitting.term_id), _("équipe"))

ACTION: Workflow[ActionItem] = Workflow(
    [
        Step(
            "finish",
            {A.OPEN},
            A.DONE,
            by=TEAM,
            history_text=_("a noté une action comme faite"),
            when_column="closed_at",
            changes=lambda action, taken: {"outcome": taken.reason},
            slug="faite",
            label=_("Noter comme faite"),
            question=_("L’action est-elle faite ?"),
            success_message=_("L’action est faite."),
            form=OutcomeForm,
        ),
        Step(
            "drop",
            {A.OPEN},
            A.DROPPED,
            by=TEAM,
            event_type="action.dropped",
            history_text=_("a abandonné une action"),
            reason_column="outcome",
            changes=lambda action, taken: {"closed_at": timezone.now()},
            slug="abandonner",
            label=_("Abandonner"),
            question=_("Abandonner l’action ?"),
            success_message=_("L’action est abandonnée."),
            form=OutcomeForm,
        ),
        Step(
            "reopen",
            {A.DONE, A.DROPPED},
            A.OPEN,
            by=TEAM,
            history_text=_("a rouvert une action"),
            changes=lambda action, taken: {"closed_at": None, "outcome": ""},
            slug="rouvrir",
            label=_("Rouvrir"),
            question=_("Rouvrir l’action ?"),
            success_message=_("L’action est rouverte."),
        ),
    ],
    dossier=lambda action: action.sitting,
    noun="action",
)

"""Workflow of a term (domain.md B1). The README has the same table.

Apps above add conditions of a step with `TERM.add_guard`, from their `portal`: members require a draw, sessions a
first plenary held.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TermState as S
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from assembly.workflow import Permission, Step, Workflow

LEAD: Permission[Term] = Permission(is_lead, _("responsable"))


def decision_recorded(term: Term) -> None:
    if not term.decision_reference:
        message = gettext("Notez d’abord la délibération du Conseil qui crée cette mandature.")
        raise ValidationError(message, code="decision_reference")


TERM: Workflow[Term] = Workflow(
    [
        Step(
            "recruit",
            {S.PLANNED},
            S.RECRUITING,
            by=LEAD,
            event_type="term.recruited",
            history_text=_("a ouvert l’appel à candidatures"),
            guards=(decision_recorded,),
        ),
        Step(
            "draw",
            {S.RECRUITING},
            S.DRAWN,
            by=LEAD,
            event_type="term.drawn",
            history_text=_("a noté le tirage au sort"),
        ),
        Step(
            "install",
            {S.DRAWN},
            S.INSTALLED,
            by=LEAD,
            event_type="term.installed",
            history_text=_("a installé la mandature"),
        ),
        Step(
            "start",
            {S.INSTALLED},
            S.ACTIVE,
            by=LEAD,
            event_type="term.started",
            history_text=_("a commencé les travaux"),
        ),
        Step(
            "wind_down",
            {S.ACTIVE},
            S.CLOSING,
            by=LEAD,
            event_type="term.closing",
            history_text=_("a commencé la clôture"),
        ),
        Step("close", {S.CLOSING}, S.CLOSED, by=LEAD, event_type="term.closed", history_text=_("a clos la mandature")),
        Step(
            "archive",
            {S.CLOSED},
            S.ARCHIVED,
            by=LEAD,
            event_type="term.archived",
            history_text=_("a archivé la mandature"),
        ),
        Step(
            "reopen",
            {S.CLOSED},
            S.CLOSING,
            by=LEAD,
            event_type="term.reopened",
            history_text=_("a rouvert la mandature"),
            needs_reason=True,
        ),
    ]
)

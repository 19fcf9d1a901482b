"""Workflow of a term (domain.md B1). The README has the same table.

Apps above add conditions of a step with `TERM.add_guard`, from their `workflows`: members require a draw, sessions a
first plenary held.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from assembly.institution.models import Term, TermState as S
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
            history_text=_("a ouvert l’appel à candidatures"),
            guards=(decision_recorded,),
            slug="appel",
            label=_("Ouvrir l’appel à candidatures"),
            question=_("Ouvrir l’appel à candidatures"),
            fresh=True,
        ),
        Step(
            "draw",
            {S.RECRUITING},
            S.DRAWN,
            by=LEAD,
            event_type="term.drawn",
            history_text=_("a noté le tirage au sort"),
            slug="tirage",
            label=_("Noter le tirage au sort"),
            question=_("Noter le tirage au sort"),
            fresh=True,
        ),
        Step(
            "install",
            {S.DRAWN},
            S.INSTALLED,
            by=LEAD,
            history_text=_("a installé la mandature"),
            slug="installer",
            label=_("Installer la mandature"),
            question=_("Installer la mandature"),
            consequences=[_("Sa première plénière a eu lieu\u00a0: l’assemblée est installée.")],
            fresh=True,
        ),
        Step(
            "start",
            {S.INSTALLED},
            S.ACTIVE,
            by=LEAD,
            history_text=_("a commencé les travaux"),
            slug="commencer",
            label=_("Commencer les travaux"),
            question=_("Commencer les travaux"),
            consequences=[_("Elle devient la mandature dont parlent les pages publiques.")],
            fresh=True,
        ),
        Step(
            "wind_down",
            {S.ACTIVE},
            S.CLOSING,
            by=LEAD,
            event_type="term.closing",
            history_text=_("a commencé la clôture"),
            slug="cloturer",
            label=_("Commencer la clôture"),
            question=_("Commencer la clôture"),
            consequences=[_("Les mandats restent ouverts. La clôture se termine par « Clore la mandature ».")],
            fresh=True,
        ),
        Step(
            "close",
            {S.CLOSING},
            S.CLOSED,
            by=LEAD,
            history_text=_("a clos la mandature"),
            slug="clore",
            label=_("Clore la mandature"),
            question=_("Clore la mandature"),
            consequences=[_("La mandature peut être rouverte par la ou le responsable, avec un motif.")],
            fresh=True,
        ),
        Step(
            "archive",
            {S.CLOSED},
            S.ARCHIVED,
            by=LEAD,
            history_text=_("a archivé la mandature"),
            slug="archiver",
            label=_("Archiver"),
            question=_("Archiver"),
            consequences=[_("Elle ne se rouvre plus. Ce qui a été publié reste lisible.")],
            fresh=True,
        ),
        Step(
            "reopen",
            {S.CLOSED},
            S.CLOSING,
            by=LEAD,
            history_text=_("a rouvert la mandature"),
            needs_reason=True,
            slug="rouvrir",
            label=_("Rouvrir"),
            question=_("Rouvrir"),
            consequences=[_("La mandature revient en clôture. Dites pourquoi.")],
            fresh=True,
        ),
    ],
    noun="term",
)

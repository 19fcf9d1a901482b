"""Audit events about answers that belong to no step."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "follow_up.escalated": _("a signalé au directeur ou à la directrice qu’un point manque"),
        "follow_up.opened": _("a commencé à suivre ce qu’une réponse promet"),
        "answer.escalated": _("a signalé le retard au directeur ou à la directrice"),
        "answer.cases_opened": _("a ouvert les réponses attendues"),
        "answer.ratings_counted": _("a compté les notes des membres sur une réponse"),
        "answer.saved": _("a enregistré une réponse en cours"),
        "answer.table_sealing_asked": _("a demandé le cachet du tableau des réponses"),
        "answer.table_sealed": _("a scellé et publié le tableau des réponses"),
        "progress_report.created": _("a commencé un bilan des suites données"),
        "progress_report.edited": _("a modifié un bilan des suites données"),
        "progress_report.sealing_asked": _("a demandé le cachet d’un bilan des suites données"),
        "progress_report.published": _("a scellé et publié un bilan des suites données"),
    }
)

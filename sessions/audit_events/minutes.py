"""Audit event types of minutes, decisions, ballots and actions that are not steps, with their sentences."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "ballot.prepared": _("a préparé un scrutin"),
        "decision.recorded": _("a noté une décision"),
        "decision.changed": _("a modifié une décision"),
        "decision.withdrawn": _("a retiré une décision"),
        "action.recorded": _("a noté une action à suivre"),
        "action.changed": _("a modifié une action à suivre"),
        "minutes.started": _("a commencé le compte rendu"),
        "section.saved": _("a écrit le résumé d’un point"),
        "section.restored": _("a repris une version antérieure d’un résumé"),
        "section.refused": _("a gardé en brouillon un résumé qui ne peut pas être imprimé"),
        "section.conflicted": _("a gardé à part un résumé écrit en même temps qu’un autre"),
        "correction.asked": _("a demandé une correction"),
        "correction.recorded": _("a noté une demande de correction"),
    }
)

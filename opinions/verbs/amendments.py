"""Verbs of the journal about amendments and minority positions, with the sentence that each one prints."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare

declare(
    {
        "amendment.submitted": _("a déposé un amendement"),
        "amendment.recorded": _("a enregistré l’amendement d’un membre"),
        "amendment.confirmed": _("a confirmé un amendement enregistré"),
        "amendment.withdrawn": _("a retiré un amendement"),
        "amendment.cosigners_asked": _("a proposé de signer un amendement"),
        "amendment.signed": _("a signé un amendement"),
        "amendment.unsigned": _("n’a pas signé un amendement"),
        "amendment.admitted": _("a déclaré un amendement recevable"),
        "amendment.refused": _("a déclaré un amendement irrecevable"),
        "amendment.check_reopened": _("a repris la recevabilité d’un amendement"),
        "amendment.viewed": _("a donné l’avis du rapporteur sur un amendement"),
        "amendment.merged": _("a fusionné un amendement"),
        "amendment.called": _("a appelé un amendement"),
        "amendment.adopted": _("a noté l’adoption d’un amendement"),
        "amendment.rejected": _("a noté le rejet d’un amendement"),
        "amendment.corrected": _("a corrigé le résultat d’un amendement"),
        "amendment.fell": _("a noté qu’un amendement est tombé"),
        "amendment.restored": _("a rétabli un amendement tombé"),
        "amendment.exported": _("a exporté la liste des amendements"),
        "position.submitted": _("a déposé une position minoritaire"),
        "position.recorded": _("a enregistré la position minoritaire d’un membre"),
        "position.changed": _("a modifié une position minoritaire"),
        "position.confirmed": _("a confirmé une position minoritaire enregistrée"),
        "position.signed": _("a signé une position minoritaire"),
        "position.unsigned": _("a retiré sa signature d’une position minoritaire"),
        "position.withdrawn": _("a retiré une position minoritaire"),
    }
)

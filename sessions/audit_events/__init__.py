"""Audit event types of sittings, with the sentence of each."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "sitting.created": _("a créé la séance"),
        "sitting.corrected": _("a modifié la séance"),
        "sitting.handed_over": _("a passé le suivi de la séance"),
        "notice.tested": _("s’est envoyé un essai de la convocation"),
        "template.saved": _("a enregistré un modèle de séance"),
        "agenda.item_added": _("a ajouté un point à l’ordre du jour"),
        "agenda.item_changed": _("a modifié un point de l’ordre du jour"),
        "agenda.item_moved": _("a déplacé un point de l’ordre du jour"),
        "agenda.item_restored": _("a remis un point à l’ordre du jour"),
        "agenda.item_removed": _("a retiré un point de l’ordre du jour"),
        "agenda.item_opened": _("a ouvert un point de l’ordre du jour"),
        "agenda.item_reopened": _("a repris un point de l’ordre du jour"),
        "agenda.item_closed": _("a clos un point de l’ordre du jour"),
        "agenda.hours_set": _("a corrigé les heures d’un point"),
        "notes.taken": _("a pris des notes sur un point"),
        "agenda.paper_added": _("a ajouté une pièce"),
        "agenda.paper_removed": _("a retiré une pièce"),
        "invitee.added": _("a ajouté une personne à convoquer"),
        "invitee.removed": _("a retiré une personne à convoquer"),
        "invitee.withdrawn": _("a retiré une convocation, après une fin de mandat, de rôle ou de participation,"),
        "invitee.replied": _("a répondu à la convocation"),
        "invitee.reply_recorded": _("a noté une réponse à la convocation"),
        "invitee.link_revoked": _("a fermé un lien personnel de réponse"),
        "invitee.absence_recorded": _("a noté une absence"),
        "answers.exported": _("a exporté les réponses et les besoins"),
        "logistics.read": _("a consulté la fiche logistique"),
        "attendance.arrived": _("a noté une arrivée"),
        "attendance.copied": _("a relevé une feuille de présence"),
        "attendance.set_aside": _("a annulé les présences d’une séance ouverte par erreur"),
        "attendance.arrived_together": _("a noté plusieurs arrivées ensemble"),
        "attendance.voided_together": _("a annulé des arrivées notées ensemble"),
        "attendance.left": _("a noté un départ"),
        "attendance.corrected": _("a corrigé une présence"),
        "attendance.voided": _("a annulé une présence"),
        "certificates.sent": _("a envoyé les attestations de présence"),
        "absence.raised": _("a signalé des absences répétées"),
        "expense.started": _("a commencé une demande de remboursement"),
        "expense.line_written": _("a noté une dépense"),
        "expense.line_removed": _("a retiré une dépense"),
        "expense.rate_set": _("a fixé un taux de remboursement"),
        "expense.batch_made": _("a transmis un lot de remboursements aux finances"),
        "expense.batch_read": _("a téléchargé le fichier d’un lot de remboursements"),
        "calendar.opened": _("a ouvert son agenda personnel"),
        "calendar.closed": _("a fermé l’adresse d’un agenda personnel"),
    }
)

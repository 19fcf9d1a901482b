"""Audit events of referrals, with the sentence that each one prints."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "referral.created": _("a préparé la saisine"),
        "referral.changed": _("a modifié la saisine"),
        "referral.directorate_named": _("a associé une direction"),
        "referral.committee_assigned": _("a confié la saisine à un groupe"),
        "referral.committee_changed": _("a modifié le mandat d’un groupe"),
        "referral.committee_released": _("a retiré la saisine à un groupe"),
        "referral.settings_changed": _("a modifié les réglages des saisines"),
        "suggestion.made": _("a proposé un sujet"),
        "suggestion.recorded": _("a enregistré le sujet proposé par un membre"),
        "suggestion.changed": _("a modifié une proposition de sujet"),
        "suggestion.supported": _("a soutenu un sujet"),
        "review.asked": _("a demandé une contribution à une direction"),
        "review.saved": _("a enregistré une contribution en cours"),
        "review.file_added": _("a joint un fichier à une contribution"),
        "review.file_removed": _("a retiré un fichier d’une contribution"),
        "delegation.given": _("a délégué son visa"),
        "delegation.ended": _("a mis fin à une délégation de visa"),
        "review.discussed": _("a écrit dans le fil de la direction"),
        "review.reader_added": _("a mis quelqu’un en copie d’une contribution"),
        "review.reader_removed": _("a retiré quelqu’un de la copie d’une contribution"),
        "visa_level.added": _("a ajouté un visa intermédiaire"),
        "visa_level.moved": _("a changé l’ordre des visas"),
        "visa_level.removed": _("a retiré un visa intermédiaire"),
        "thread.posted": _("a écrit dans le fil de la saisine"),
        "thread.withdrawn": _("a retiré un message du fil"),
        "scoping_note.generated": _("a composé la note de cadrage"),
        "scoping_note.edited": _("a modifié la note de cadrage"),
        "briefing.introduced": _("a écrit la présentation du dossier"),
        "briefing.deposited": _("a déposé des fichiers à décrire"),
        "briefing.deposit_dropped": _("a retiré un fichier non décrit"),
        "briefing.document_added": _("a ajouté un document au dossier"),
        "briefing.document_changed": _("a modifié un document du dossier"),
        "briefing.document_replaced": _("a remplacé un document du dossier"),
        "briefing.document_removed": _("a retiré un document du dossier"),
        "briefing.reordered": _("a changé l’ordre du dossier"),
        "briefing.scheduled": _("a programmé l’ouverture du dossier aux membres"),
        "briefing.unscheduled": _("a annulé l’ouverture programmée du dossier"),
        "briefing.news_sent": _("a annoncé les ajouts du dossier aux membres"),
        "briefing.released": _("a ouvert le dossier aux membres"),
        "hearing.planned": _("a prévu une audition"),
        "hearing.changed": _("a modifié une audition"),
        "hearing.report_written": _("a écrit le compte rendu d’une audition"),
        "hearing.guest_added": _("a ajouté une personne à entendre"),
        "hearing.guest_removed": _("a retiré une personne à entendre"),
    }
)

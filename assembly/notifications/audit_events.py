"""Event types of the journal about mail."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "distribution.requested": _("a demandé l’envoi"),
        "distribution.stopped": _("a arrêté l’envoi"),
        "distribution.retried": _("a relancé les envois qui n’étaient pas partis"),
        "distribution.proof_read": _("a lu la preuve de l’envoi, adresses comprises"),
        "letters.printed": _("a imprimé les lettres"),
        "letters.handed_over": _("a remis les lettres"),
        "delivery.replaced_by_letter": _("a remplacé un courriel refusé par une lettre"),
        "outbox.suspended": _("a retenu les envois en attente après une restauration"),
        "preference.changed": _("a changé ses choix de courriels"),
    }
)

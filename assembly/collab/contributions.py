"""Contributions of texts that several people write: the daily mail, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.collab.mails import TextDigest
from assembly.notifications.registry import add_messages

add_messages(TextDigest)
add_audit_events(
    {
        "text.created": _("a créé le texte"),
        "text.frozen": _("a figé le texte"),
        "text.version_taken": _("a gardé une version du texte"),
        "text.restored": _("a rétabli une version du texte"),
        "suggestion_mark.accepted": _("a accepté une proposition dans le texte"),
        "suggestion_mark.rejected": _("n’a pas retenu une proposition dans le texte"),
        "suggestion_mark.withdrawn": _("a retiré sa proposition dans le texte"),
        "text_thread.opened": _("a ouvert un commentaire"),
        "text_thread.replied": _("a répondu à un commentaire"),
        "text_thread.assigned": _("a confié un commentaire"),
        "text_thread.taken_back": _("a repris un commentaire confié"),
        "text_thread.resolved": _("a marqué un commentaire comme traité"),
        "text_thread.reopened": _("a rouvert un commentaire"),
        "text_thread.comment_withdrawn": _("a retiré son commentaire"),
    }
)

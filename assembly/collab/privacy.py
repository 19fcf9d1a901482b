"""Personal data in texts written together: who wrote, suggested, commented."""

from django.utils.translation import gettext_lazy as _

from assembly.collab.models import Comment, SharedText, Snapshot, Suggestion, TextEvent, TextVersion, Thread, Update
from assembly.identity.personal_data import impersonal, personal, retain_all

COLLECTIVE = _("texte collectif de l’assemblée, gardé sans votre nom")

personal(
    Update,
    name=_("Ce que vous avez écrit dans les textes communs"),
    owner="author__person",
    fields={
        **retain_all("text", "seq", "at", "kind", reason=COLLECTIVE),
        **retain_all("data", reason=COLLECTIVE, exported=False),
    },
)
personal(
    Suggestion,
    name=_("Vos propositions dans les textes communs"),
    owner="author__person",
    fields={
        **retain_all("text", "kind", "at", "state", "quote", "decided_at", "reason", reason=COLLECTIVE),
        **retain_all("mark_id", "decided_by", reason=COLLECTIVE, exported=False),
    },
)
personal(
    Comment,
    name=_("Vos commentaires sur les textes communs"),
    owner="author__person",
    fields=retain_all("thread", "body", reason=COLLECTIVE) | retain_all("at", "withdrawn_at"),
)
personal(
    TextEvent,
    name=_("Ce qui vous a été annoncé sur les textes communs"),
    owner="user__person",
    deletes_rows=True,
    fields={
        **retain_all("text", "kind", "happened_at", "sent_at", "dropped_at"),
        **retain_all("suggestion", "comment", "key", exported=False),
    },
)
# The other models name people by key only, as acts of the institution: who opened a thread, who saved a version.
impersonal(SharedText, Snapshot, TextVersion, Thread)

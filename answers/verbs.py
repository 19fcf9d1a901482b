"""Verbs of the journal about answers that belong to no step."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare

declare(
    {
        "follow_up.opened": _("a commencé à suivre ce qu’une réponse promet"),
        "answer.files_opened": _("a ouvert les réponses attendues"),
        "answer.saved": _("a enregistré une réponse en cours"),
    }
)

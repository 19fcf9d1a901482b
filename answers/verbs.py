"""Verbs of the journal about answers that belong to no step."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare

declare(
    {
        "answer.files_opened": _("a ouvert les réponses attendues"),
        "answer.ratings_counted": _("a compté les notes des membres sur une réponse"),
        "answer.saved": _("a enregistré une réponse en cours"),
    }
)

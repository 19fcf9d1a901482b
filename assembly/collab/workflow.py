"""The states of a text: open for writing, then for comments, then frozen; and back, when its dossier goes back.

The app that owns a text has checked the right; its steps follow those of the dossier.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.collab.engine import change_signal
from assembly.collab.models import SharedText, TextState as S
from assembly.workflow import Step, Transition, Workflow


def reload_open_copies(text: SharedText, taken: Transition) -> Any:
    change_signal.notify_on_commit(text.pk)


TEXT: Workflow[SharedText] = Workflow(
    [
        Step(
            "annotate",
            {S.OPEN},
            S.ANNOTATING,
            event_type="text.annotating",
            history_text=_("a ouvert le texte aux seuls commentaires"),
            then=reload_open_copies,
        ),
        Step(
            "open_again",
            {S.ANNOTATING, S.FROZEN},
            S.OPEN,
            event_type="text.opened_again",
            history_text=_("a rouvert le texte à l’écriture"),
            changes=lambda text, taken: {"frozen_at": None},
            then=reload_open_copies,
        ),
        Step(
            "freeze",
            {S.OPEN, S.ANNOTATING},
            S.FROZEN,
            when_column="frozen_at",
            then=reload_open_copies,
        ),
    ]
)

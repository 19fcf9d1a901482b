"""The life of a text: written, then commented, then frozen; and back, when the path of its owner goes back."""

from assembly.collab.enums import TextState as S
from assembly.collab.models import SharedText
from assembly.workflow import Workflow

TEXT: Workflow[SharedText] = Workflow(
    [
        ("annotate", {S.OPEN}, S.ANNOTATING),
        ("open_again", {S.ANNOTATING, S.FROZEN}, S.OPEN),
        ("freeze", {S.OPEN, S.ANNOTATING}, S.FROZEN),
    ]
)

"""Letters: texts that are corrected until a person sends them, once; then they never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mission.letters.enums import LetterState
from mission.registers.checks import filled_only_in, row_constraints
from mission.registers.fields import state_field
from mission.registers.models import RegisterRow


class LetterRow(RegisterRow):
    """Letter; its `name` is the subject of the mail."""

    state = state_field(LetterState, LetterState.DRAFT)
    name = models.CharField(_("objet"), max_length=160)
    body = models.TextField(_("texte"), max_length=40_000)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, editable=False)

    class Meta:
        abstract = True


def letter_constraints(noun: str) -> list[models.BaseConstraint]:
    """Return the constraints of any row of a register, and that a sent letter has its moment."""
    return row_constraints(noun, LetterState, sent_iff_sent=filled_only_in(LetterState.SENT, "sent_at"))

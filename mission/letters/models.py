"""Letters: texts that are corrected until a person sends them, once; then they never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States
from mission.registers.models import RegisterRow, filled_only_in, row_constraints, state_field


class LetterState(States):
    DRAFT = "draft", State("in_progress"), _("en préparation")
    SENT = "sent", State("done"), _("envoyée")


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

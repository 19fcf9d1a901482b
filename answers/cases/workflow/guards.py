"""Who takes the steps of an answer, what must be true before, and the columns that they clear."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from answers.cases import rules
from answers.cases.queries import unpublished_answer
from answers.models import Answer, AnswerCase
from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Permission, Transition
from opinions.models import Opinion, OpinionState

TEAM: Permission[AnswerCase] = Permission(lambda user, case: is_team(user, case.opinion.term_id), _("équipe"))
LEAD: Permission[AnswerCase] = Permission(lambda user, case: is_lead(user, case.opinion.term_id), _("responsable"))
WRITERS: Permission[AnswerCase] = Permission(rules.can_write_answer, _("directions"))
AGENTS: Permission[AnswerCase] = Permission(rules.works_in_lead_directorate, _("direction pilote"))
SIGNER: Permission[AnswerCase] = Permission(rules.can_give_visa, _("valideur de la direction"))
SPONSOR: Permission[AnswerCase] = Permission(rules.is_sponsor, _("élu·e référent·e"))
PRESIDENT: Permission[AnswerCase] = Permission(rules.is_president, _("cabinet du président"))

NOT_SENT: dict[str, Any] = dict.fromkeys(
    ("submitted_at", "submitted_by", "validated_at", "validated_by", "validated_for")
)
NOT_ARBITRATED: dict[str, Any] = {"question": "", "arbitration": "", "arbitrated_on": None, "arbitrated_by": ""}


# Guards and conditions


def check_answer_written(case: AnswerCase) -> None:
    answer = unpublished_answer(case)
    errors = rules.missing_fields(answer) if answer else [ValidationError(gettext("Rien n’est écrit."), code="body")]
    if errors:
        raise ValidationError(errors)


def check_answer_untouched(case: AnswerCase) -> None:
    """Raise ValidationError if a directorate began the answer: its text must not be overwritten."""
    if Answer.objects.in_hand().filter(case=case, saved_at__isnull=False).exists():
        sentence = gettext("Une direction a commencé cette réponse : elle suit son cours.")
        raise ValidationError(sentence, code="draft")


def is_handed_over(case: AnswerCase) -> bool:
    """Return whether the handover stands: nothing is owed for one that was taken back.

    It is read from the database, after the share lock of the opinion.
    """
    return Opinion.objects.filter(pk=case.opinion.pk, state__in=OpinionState.tagged("handed")).exists()


def check_opinion_published(case: AnswerCase) -> None:
    """Raise ValidationError while the opinion is not published: the answer is shown next to it."""
    if case.opinion.published_at is None:
        raise ValidationError(gettext("Publiez d’abord l’avis auquel cette réponse répond."), code="opinion")


def check_answer_not_reminded_today(case: AnswerCase) -> None:
    if case.reminded_at and timezone.localdate(case.reminded_at) == timezone.localdate():
        raise ValidationError(gettext("Cette réponse a déjà été relancée aujourd’hui."), code="reminded")


def is_unanswered(case: AnswerCase) -> bool:
    return case.answered_on is None


def is_revised(case: AnswerCase) -> bool:
    return case.is_revised


# Columns that are written together with the state


def unsent_columns(case: AnswerCase, taken: Transition) -> dict[str, Any]:
    return NOT_SENT


def assigned_columns(case: AnswerCase, taken: Transition) -> dict[str, Any]:
    return NOT_SENT | NOT_ARBITRATED | {"assigned_at": timezone.now(), "assigned_by": taken.by, "reason": taken.reason}


def unassigned_columns(case: AnswerCase, taken: Transition) -> dict[str, Any]:
    nobody = dict.fromkeys(("directorate", "inherited_from", "assigned_at", "assigned_by"))
    return NOT_SENT | NOT_ARBITRATED | nobody | {"cancelled_at": None}

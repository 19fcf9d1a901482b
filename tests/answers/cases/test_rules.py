"""What the rules of an answer refuse: what a refusal must say, one reminder a day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from answers.cases import rules as cases
from answers.cases.workflow import check_answer_not_reminded_today
from answers.models import Answer, AnswerValue
from tests.answers.stage import answered_by


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Le Département finance déjà ce service dans deux cantons.", True),
        ("un deux trois quatre cinq six sept huit", True),
        ("un deux trois quatre cinq six sept", False),
        ("non non non non non non non non", False),
        ("un deux trois quatre Un Deux Trois Quatre", False),
        ("Non.", False),
        ("", False),
    ],
)
def test_a_sentence_has_enough_words_most_of_them_different(text, is_one):
    assert cases.is_sentence(text) == is_one


@pytest.mark.parametrize(
    ("value", "body", "asks"),
    [
        (AnswerValue.REJECTED, "Non.", True),
        (AnswerValue.REJECTED, "Le Département finance déjà ce service dans deux cantons.", False),
        (AnswerValue.ACCEPTED, "Oui.", False),
    ],
)
def test_a_refusal_is_explained_in_a_sentence(value, body, asks):
    missing = cases.missing_fields(Answer(value=value, body=body))
    assert any("Un refus s’explique" in str(error.message) for error in missing) == asks


def test_a_directorate_is_reminded_once_a_day(people):
    case = answered_by(people)
    check_answer_not_reminded_today(case)
    case.reminded_at = timezone.now() - timedelta(days=1)
    check_answer_not_reminded_today(case)
    case.reminded_at = timezone.now()
    with pytest.raises(ValidationError, match="déjà été relancée aujourd’hui"):
        check_answer_not_reminded_today(case)

"""What an answer must contain before it is sent: the constraint of the table, as sentences for the writer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from answers.enums import AnswerValue
from answers.models import Answer
from answers.models.answer import LEAST_WORDS, OF_VALUE

V = AnswerValue
# One of both fields is enough.
EITHER = {"proof": "proof_url", "proof_url": "proof"}


def required_fields(value: str) -> tuple[str, ...]:
    """Return the columns that a value needs besides the text; none for a draft without a value."""
    return OF_VALUE[AnswerValue(value)] if value else ()


def missing_fields(answer: Answer) -> list[ValidationError]:
    """Return one error for each missing part, with the column as code; empty when the answer may be sent."""
    names = ["value", "body", *required_fields(answer.value)]
    errors = [_missing_error(name) for name in names if not _has_field(answer, name)]
    if answer.value == V.REJECTED and answer.body.strip() and not is_sentence(answer.body):
        sentence = _("Un refus s’explique : écrivez pourquoi en une vraie phrase, d’au moins %(least)s mots.")
        errors.append(ValidationError(sentence % {"least": LEAST_WORDS}, code="body"))
    return errors


def _has_field(answer: Answer, name: str) -> bool:
    return any(_is_filled(getattr(answer, one)) for one in (name, EITHER.get(name, name)))


def _is_filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _missing_error(name: str) -> ValidationError:
    label = Answer._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # -- a column, not a reverse relation
    return ValidationError(_("Il manque : %(what)s."), code=name, params={"what": label})


def is_sentence(text: str) -> bool:
    """Return whether the text has enough words, most of them different: not « non », nor one word eight times."""
    tokens = text.split()
    return len(tokens) >= LEAST_WORDS and len({token.casefold() for token in tokens}) > LEAST_WORDS // 2


def without_other_fields(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without the fields of another value: a refusal’s reason is no part of « acceptée »."""
    own = required_fields(values.get("value", ""))
    others = {name for names in OF_VALUE.values() for name in names}.difference(own)
    return {name: (EMPTY.get(name, "") if name in others else value) for name, value in values.items()}


EMPTY = {"done_since": None, "review_on": None}

"""What an answer must say before it is sent: the constraint of the table, in sentences for whoever writes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from answers.enums import AnswerValue
from answers.models import Answer
from answers.models.answer import LEAST_WORDS, OF_VALUE

V = AnswerValue
# One of these is enough.
EITHER = {"proof": "proof_url", "proof_url": "proof"}


def asked_by(value: str) -> tuple[str, ...]:
    """The columns that a value asks for besides the words; none of a draft without one."""
    return OF_VALUE[AnswerValue(value)] if value else ()


def lacks_of(answer: Answer) -> list[ValidationError]:
    """One sentence for each part that lacks, the name of the column as code; empty when it may be sent."""
    names = ["value", "body", *asked_by(answer.value)]
    found = [_lack(name) for name in names if not _says(answer, name)]
    if answer.value == V.REJECTED and answer.body.strip() and not is_sentence(answer.body):
        words = _("Un refus s’explique : écrivez pourquoi en une vraie phrase, d’au moins %(least)s mots.")
        found.append(ValidationError(words % {"least": LEAST_WORDS}, code="body"))
    return found


def _says(answer: Answer, name: str) -> bool:
    return any(_is_filled(getattr(answer, one)) for one in (name, EITHER.get(name, name)))


def _is_filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _lack(name: str) -> ValidationError:
    label = Answer._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # noqa: SLF001 -- _meta is Django's public name
    return ValidationError(_("Il manque : %(what)s."), code=name, params={"what": label})


def is_sentence(text: str) -> bool:
    """Not « non », nor one word said eight times: enough words, most of them different."""
    words = text.split()
    return len(words) >= LEAST_WORDS and len({word.casefold() for word in words}) > LEAST_WORDS // 2


def of_its_value(values: dict[str, Any]) -> dict[str, Any]:
    """The same, without what another value had asked for: reasons of a refusal are no part of « acceptée »."""
    own = asked_by(values.get("value", ""))
    others = {name for names in OF_VALUE.values() for name in names}.difference(own)
    return {name: (EMPTY.get(name, "") if name in others else value) for name, value in values.items()}


EMPTY = {"done_since": None, "review_on": None}

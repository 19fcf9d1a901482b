"""Who rates an answer, and under which pseudonym."""

from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from answers.models import Answer, AnswerCase
from assembly.institution.enums import Role
from assembly.institution.rules import has_role


def is_assembly_member(user: Any, case: AnswerCase) -> bool:
    """Return whether the user is a member of the assembly that is answered, in any of its terms."""
    return has_role(user, Role.MEMBER, assembly=case.opinion.term.assembly_id)


def can_rate(user: Any, answer: Answer) -> bool:
    return answer.is_published and is_assembly_member(user, answer.case)


def pseudonyms(person_id: int, answer_id: int) -> list[str]:
    """Return the keyed digests of both: with the present secret key first, then with its former ones."""
    message = f"{person_id}:{answer_id}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac("answers.ratings", message, secret=key, algorithm="sha256").hexdigest() for key in keys]

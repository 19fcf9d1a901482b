"""Who rates an answer, and under which pseudonym."""

from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from answers.models import Answer, AnswerFile
from assembly.institution.enums import Role
from assembly.institution.rules import has_role


def is_own(user: Any, file: AnswerFile) -> bool:
    """Members of the assembly that is answered, in whatever term of it."""
    return has_role(user, Role.MEMBER, assembly=file.opinion.term.assembly_id)


def can_rate(user: Any, answer: Answer) -> bool:
    return answer.is_published and is_own(user, answer.file)


def pseudonyms(person_id: int, answer_id: int) -> list[str]:
    """Keyed digest of both: that of the present key first, then those of former keys of the installation."""
    words = f"{person_id}:{answer_id}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac("answers.ratings", words, secret=key, algorithm="sha256").hexdigest() for key in keys]

"""What answers hold about people: agents and elected by key only, as acts of the institution."""

from answers.models import Answer, AnswerAside, AnswerFile
from assembly.identity.privacy import impersonal

impersonal(Answer, AnswerAside, AnswerFile)

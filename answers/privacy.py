"""What answers hold about people: agents and elected by key only, as acts of the institution."""

from answers.models import Answer, AnswerAside, AnswerFile, FollowUp, Milestone, ProgressUpdate
from assembly.identity.privacy import impersonal

impersonal(Answer, AnswerAside, AnswerFile, FollowUp, Milestone, ProgressUpdate)

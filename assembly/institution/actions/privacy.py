"""Requests to be erased, answered by the data protection officer of an assembly that knows the person."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.identity.actions import personal_data
from assembly.identity.models import ErasureRequest, Person, User
from assembly.identity.workflows import ERASURE
from assembly.institution import rules


@transaction.atomic
def note(person: Person, *, by: User, words: str) -> ErasureRequest:
    """Write down a request that came by letter or telephone."""
    if not rules.can_answer_erasure(by):
        raise PermissionDenied
    return personal_data.ask_erasure(person, by=by, words=words)


@transaction.atomic
def fulfil(request: ErasureRequest, *, by: User) -> None:
    """Erase the person. Nobody erases oneself alone."""
    if not rules.can_answer_erasure(by) or by.person_id == request.person_id:
        raise PermissionDenied
    personal_data.fulfil_erasure(request, by=by)


@transaction.atomic
def refuse(request: ErasureRequest, *, by: User, answer: str) -> None:
    """Say no and why; the person reads it on « Mes données »."""
    if not rules.can_answer_erasure(by) or by.person_id == request.person_id:
        raise PermissionDenied
    ERASURE.follow(request, "refuse", by=by, reason=answer)

"""Actions on erasure requests, decided by the data protection officer of an assembly that knows the person."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.identity import actions as identity
from assembly.identity.models import ErasureRequest, Person, User
from assembly.identity.workflow import ERASURE
from assembly.institution import rules


@transaction.atomic
def note(person: Person, *, by: User, statement: str) -> ErasureRequest:
    """Record a request that came by letter or telephone."""
    if not rules.can_answer_erasure(by):
        raise PermissionDenied
    return identity.ask_erasure(person, by=by, statement=statement)


@transaction.atomic
def fulfil(request: ErasureRequest, *, by: User) -> None:
    """Erase the person. A data protection officer may not decide their own request."""
    if not rules.can_answer_erasure(by) or by.person_id == request.person_id:
        raise PermissionDenied
    identity.fulfil_erasure(request, by=by)


@transaction.atomic
def refuse(request: ErasureRequest, *, by: User, answer: str) -> None:
    """Refuse the request with a reason, which the person reads on « Mes données »."""
    if not rules.can_answer_erasure(by) or by.person_id == request.person_id:
        raise PermissionDenied
    ERASURE.follow(request, "refuse", by=by, reason=answer)

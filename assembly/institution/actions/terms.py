"""Terms: created, re-dated, moved through their life. Follow-up outlives a term: closing one locks nothing."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.enums import Role
from assembly.institution.models import Assembly, RoleAssignment, Term
from assembly.institution.workflows import TERM, Sentence, missing
from assembly.workflow import StateConflict

VERBS = {
    "recruit": "term.recruited",
    "draw": "term.drawn",
    "install": "term.installed",
    "start": "term.started",
    "wind_down": "term.closing",
    "close": "term.closed",
    "archive": "term.archived",
    "reopen": "term.reopened",
}


class StepNotReady(Exception):
    """Something must be done first; `sentences` say what."""

    def __init__(self, sentences: list[Sentence]) -> None:
        self.sentences = sentences
        super().__init__("; ".join(str(sentence) for sentence in sentences))


@transaction.atomic
def create(
    assembly: Assembly, *, by: User, number: int, name: str, starts_on: date, ends_on: date, seats: int
) -> Term:
    """Open a new term. The lead who opens it leads it too, since nobody else could give that role."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    term = Term(assembly=assembly, number=number, name=name, starts_on=starts_on, ends_on=ends_on, seats=seats)
    term.full_clean()
    term.save()
    record("term.created", term, by=by)
    held = RoleAssignment.objects.create(
        user=by, role=Role.LEAD, assembly=assembly, term=term, given_at=timezone.now(), given_by=None
    )
    record("role.given", held, by=None, dossier=by, role=Role.LEAD, user=by.pk)
    rules.forget_roles(by)
    return term


@transaction.atomic
def move(term: Term, verb: str, *, by: User, reason: str = "") -> None:
    """Take one step of the term's life. Reopening asks a reason."""
    if not rules.is_lead(by, term):
        raise PermissionDenied
    if verb not in TERM.verbs_from(term.state) or (verb == "reopen" and not reason.strip()):
        raise StateConflict(term, verb)
    if sentences := missing(term, verb):
        raise StepNotReady(sentences)
    before = term.state
    TERM.move(term, verb)
    record(VERBS[verb], term, by=by, detail=reason, before=before, after=term.state)

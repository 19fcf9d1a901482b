"""The life of a term (domain.md B1), and what must be true before each step."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TermState as S
from assembly.institution.models import Term
from assembly.workflow import Workflow

TERM: Workflow[Term] = Workflow(
    [
        ("recruit", {S.PLANNED}, S.RECRUITING),
        ("draw", {S.RECRUITING}, S.DRAWN),
        ("install", {S.DRAWN}, S.INSTALLED),
        ("start", {S.INSTALLED}, S.ACTIVE),
        ("wind_down", {S.ACTIVE}, S.CLOSING),
        ("close", {S.CLOSING}, S.CLOSED),
        ("archive", {S.CLOSED}, S.ARCHIVED),
        ("reopen", {S.CLOSED}, S.CLOSING),
    ]
)

type Sentence = str | Promise
type Guard = Callable[[Term], Sentence | None]

_guards: dict[str, list[Guard]] = {}


def guard(verb: str, check: Guard) -> None:
    """Add what must be true before a step: `check(term)` returns the French sentence that says what is missing.

    Apps register theirs from `portal.py`: members asks for a certified draw, sessions for a first plenary held.
    """
    checks = _guards.setdefault(verb, [])
    if check not in checks:
        checks.append(check)


def missing(term: Term, verb: str) -> list[Sentence]:
    """Sentences that say why `verb` cannot be done yet; empty when it can."""
    return [sentence for check in _guards.get(verb, []) if (sentence := check(term))]


def _decision_recorded(term: Term) -> Sentence | None:
    return None if term.decision_reference else _("Notez d’abord la délibération du Conseil qui crée cette mandature.")


guard("recruit", _decision_recorded)

"""Pages of the lead about a proclaimed result: uphold it after attendance was corrected, or withdraw it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from assembly.dossiers import StepPages
from sessions.attendance.queries.presence import member_stays
from sessions.decisions.queries import ballot_facts
from sessions.decisions.workflow import BALLOT
from sessions.models import Ballot
from sessions.views.decisions import return_page, visible_ballot


def result_lines(ballot: Ballot) -> Iterable[str]:
    """Yield the proclaimed result, its quorum, and the corrected roll."""
    facts = ballot_facts(ballot, member_stays(ballot.agenda_item.sitting))
    yield facts["sentence"]
    yield from (facts[name] for name in ("quorum_sentence", "corrected") if facts.get(name))


def withdrawal_lines(ballot: Ballot) -> Iterable[str]:
    yield from result_lines(ballot)
    yield _("La question revient à voter. Le journal garde les voix comptées.")


STEPS: StepPages[Ballot] = StepPages(
    BALLOT,
    name="sittings:ballot-step",
    fetch=visible_ballot,
    back=lambda request, ballot: return_page(request, ballot.agenda_item),
    eyebrow=lambda ballot: ballot.question,
)
STEPS.bind("consequences", {"uphold": result_lines, "withdraw": withdrawal_lines})

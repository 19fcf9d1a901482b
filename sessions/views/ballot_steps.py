"""Pages of the lead about a proclaimed result: uphold it after attendance was corrected, or withdraw it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.dossiers import StepPage, StepPages
from assembly.dossiers.forms import ReasonForm
from sessions.actions import ballots
from sessions.models import Ballot
from sessions.queries.attendance import member_stays
from sessions.queries.ballot_facts import ballot_facts
from sessions.views.decisions import return_page, visible_ballot
from sessions.workflows.ballots import BALLOT


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
    {
        "maintenir": StepPage(
            "uphold",
            title=gettext_lazy("Maintenir le résultat ?"),
            label=gettext_lazy("Maintenir le résultat"),
            success_message=gettext_lazy("Le résultat est maintenu."),
            consequences=result_lines,
            form=ReasonForm,
        ),
        "retirer": StepPage(
            "withdraw",
            title=gettext_lazy("Retirer le résultat ?"),
            label=gettext_lazy("Retirer le résultat"),
            success_message=gettext_lazy("Le résultat est retiré."),
            consequences=withdrawal_lines,
            form=ReasonForm,
            action=lambda ballot, user, data: ballots.withdraw(ballot, reason=data["reason"], by=user),
            danger=True,
        ),
    },
    name="sittings:ballot-step",
    fetch=visible_ballot,
    back=lambda request, ballot: return_page(request, ballot.agenda_item),
    eyebrow=lambda ballot: ballot.question,
)

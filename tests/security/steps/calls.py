"""Steps of the call for volunteers and of a candidature: the tables of the matrix, by hand."""

from django.utils import timezone

from assembly.institution.models import Term, TermState
from draws.models import Call, CallState, Candidate, CandidateState, ExclusionReason
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.identity import UserFactory
from tests.security.steps.rule import TEAM, Table

LEAD = "lead"


def call_at(people, state):
    """Return a call of a recruiting term: no other term can open one."""
    Term.objects.filter(pk=people.term.pk).update(state=TermState.RECRUITING)
    call = CallFactory(term=people.term)
    closed_on = timezone.localdate() if state == CallState.CLOSED else None
    Call.objects.filter(pk=call.pk).update(state=state, closed_on=closed_on)
    return Call.objects.select_related("term").get(pk=call.pk)


EXAMINED = {
    "eligible": {"verdict": "admit"},
    "ineligible": {"verdict": "reject", "verdict_ground": "elected", "ground": "elected"},
}


def candidate_at(people, state):
    """Return a candidate examined by two other users, with an e-mail and a home."""
    row = CandidateFactory(
        call=CallFactory(term=people.term), number=Candidate.objects.count() + 1, household="h", minor=True
    )
    told = EXAMINED.get(state, {})
    left_out = {"exclusion": ExclusionReason.UNREACHABLE} if state == "excluded" else {}
    seen = {"verdict_by": UserFactory(), "decided_by": UserFactory()} if told else {}
    address = {"confirmed_email": ""} if state == CandidateState.UNCONFIRMED else {}
    Candidate.objects.filter(pk=row.pk).update(state=state, **told, **seen, **left_out, **address)
    return Candidate.objects.select_related("call__term").get(pk=row.pk)


TABLES = {
    "calls": Table(
        pages="draws:call-step",
        states="draft open closed",
        row=call_at,
        enters=TEAM,
        unseen={"officer": "any"},
        steps={
            "ouvrir": (LEAD, {422: "draft"}),  # no decision is noted
            "annoncer": (LEAD, {302: "open"}),
            "prolonger": (LEAD, {422: "open closed"}),
            "clore": (LEAD, {422: "open"}),  # before the last day, why
        },
    ),
    "candidates": Table(
        pages="draws:candidate-step",
        states="unconfirmed submitted eligible ineligible duplicate excluded withdrawn "
        "in_pool drawn alternate not_drawn",
        row=candidate_at,
        enters=TEAM,
        steps={
            "recevable": (TEAM, {422: "submitted"}),  # the authorisation of a parent lacks
            "irrecevable": (TEAM, {422: "submitted"}),
            "ecarter": (TEAM, {}),  # nobody is left unexamined while the call is open: tests/draws
            "doublon": (TEAM, {422: "submitted eligible"}),
            "confirmer": (TEAM, {302: "unconfirmed"}),
            "autoriser": (TEAM, {422: "unconfirmed submitted"}),
            "foyer": (TEAM, {302: "submitted eligible"}),
            "lien": (TEAM, {302: "unconfirmed submitted eligible"}),
            "prevenir": (TEAM, {302: "eligible ineligible duplicate excluded"}),
            "retirer": (TEAM, {302: "unconfirmed submitted eligible ineligible duplicate excluded"}),
            "renoncer": (TEAM, {422: "in_pool drawn alternate not_drawn"}),  # the day lacks
            "rouvrir": (LEAD, {422: "eligible ineligible duplicate excluded withdrawn"}),
        },
    ),
}

"""One counted vote as plain values, for minutes, pages and lists of decisions."""

from collections.abc import Sequence
from typing import Any

from sessions.attendance.rules import Stay
from sessions.decisions.rules import Count, advisory_sentence, result_sentence
from sessions.models import Ballot
from sessions.queries.quorum import corrected_presence, quorum_sentence


def ballot_facts(ballot: Ballot, stays: Sequence[Stay] | None = None) -> dict[str, Any]:
    """Return the vote as plain values, with its quorum if it needed one.

    With the `stays` of members, also with the corrections of attendance since it was proclaimed.
    """
    count = Count(ballot.votes_for or 0, ballot.votes_against or 0, ballot.abstentions or 0, ballot.no_opinion or 0)
    quorum: dict[str, Any] = {}
    if ballot.quorum is not None:
        quorum = {"quorum": ballot.quorum, "quorum_sentence": quorum_sentence(ballot)}
    if stays is not None and (corrected := corrected_presence(ballot, stays)):
        quorum["corrected"] = corrected
    return quorum | {
        "question": ballot.question,
        "for": count.votes_for,
        "against": count.votes_against,
        "abstentions": count.abstentions,
        "no_opinion": count.no_opinion,
        "voters": count.voters,
        "present": ballot.present,
        "rule": ballot.majority_rule,
        "result": ballot.result,
        "sentence": advisory_sentence(count)
        if ballot.is_advisory
        else result_sentence(
            count,
            ballot.majority_rule,
            members_in_office=ballot.members_in_office or 0,
            casting_vote_for=ballot.casting_vote_for,
        ),
    }

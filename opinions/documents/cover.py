"""Cover of an opinion, and of the booklet of its amendments: place, day, vote, hemicycle."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.documents.cover import Cover
from assembly.text.french import format_date
from opinions.models import Opinion
from opinions.papers.queries import document_reference, label_of
from sessions.decisions.enums import BallotState
from sessions.decisions.rules import Count, format_count

type Votes = list[tuple[str, int, str]]


def opinion_cover(opinion: Opinion, facts: dict[str, Any], *, draft: bool) -> Cover:
    """Return the cover: its seats show the vote on the whole once that is proclaimed; before, all seats are alike."""
    return Cover(
        kicker=f"{facts['label']} {facts['reference']}",
        title=facts["title"],
        lines=[_("Projet, non adopté.") if draft else facts["adopted"], *place_of(opinion)],
        rows=list(rows_of(facts)),
        **_seats(opinion),
    )


def booklet_cover(opinion: Opinion, amendments: int) -> Cover:
    sentence = ngettext(
        "%(n)s amendement, dans l’ordre où il sera appelé.",
        "%(n)s amendements, dans l’ordre où ils seront appelés.",
        amendments,
    )
    lines = [
        f"{label_of(opinion)} {document_reference(opinion)}",
        sentence % {"n": amendments} if amendments else _("Aucun amendement n’a été déclaré recevable."),
        *sitting_of(opinion),
    ]
    return Cover(_("Liasse des amendements"), opinion.title, lines, **_every_seat(opinion))


def place_of(opinion: Opinion) -> list[str]:
    """Return the place where the assembly met to adopt it."""
    sitting = opinion.tabled_sitting
    return [sitting.place_name] if sitting is not None and sitting.place_name else []


def sitting_of(opinion: Opinion) -> list[str]:
    """Return the sitting that treats the text, with its day and place."""
    sitting = opinion.tabled_sitting
    if sitting is None:
        return []
    return [", ".join([sitting.title, format_date(sitting.starts_at), *place_of(opinion)])]


def rows_of(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the named facts under the hemicycle."""
    referral = facts["referral"]
    yield _("En réponse à"), _("saisine %(reference)s, %(title)s") % referral
    yield _("Préconisations"), str(len(facts["data"]["recommendations"]))
    for vote in facts["votes"]:
        if vote["is_whole"]:
            yield _("Vote"), vote["sentence"]
    if facts["minority"]:
        yield _("Positions minoritaires"), str(len(facts["minority"]))
    if facts["spokespersons"]:
        yield _("Porte-parole"), ", ".join(facts["spokespersons"])
    if facts["handover"]:
        yield _("Remise"), facts["handover"]


def _seats(opinion: Opinion) -> dict[str, Any]:
    ballot = opinion.ballot
    if ballot is None or ballot.state != BallotState.PROCLAIMED:
        return _every_seat(opinion)
    count = Count(ballot.votes_for or 0, ballot.votes_against or 0, ballot.abstentions or 0, ballot.no_opinion or 0)
    members = max(ballot.members_in_office or opinion.term.seats, count.voters)
    votes = votes_of(count, absent=members - max(ballot.present or 0, count.voters))
    legend = ngettext("pour, sur %(n)s votant", "pour, sur %(n)s votants", count.voters) % {"n": count.voters}
    summary = ", ".join(
        [format_count(count), *(f"{number} {label}" for kind, number, label in votes if kind == "vide")]
    )
    return {
        "seats": members,
        "figure": str(count.votes_for),
        "legend": legend,
        "alt_text": _("Hémicycle du vote : %(votes)s.") % {"votes": summary},
        "votes": votes,
    }


def votes_of(count: Count, *, absent: int) -> Votes:
    """Return the four answers, then the absent members, each with the kind of its seat in the hemicycle."""
    answers = [
        ("pour", count.votes_for, _("pour")),
        ("contre", count.votes_against, _("contre")),
        ("abst", count.abstentions, ngettext("abstention", "abstentions", count.abstentions)),
        ("nspp", count.no_opinion, ngettext("ne se prononce pas", "ne se prononcent pas", count.no_opinion)),
    ]
    return [*answers, ("vide", absent, ngettext("absent·e", "absent·es", absent))] if absent else answers


def _every_seat(opinion: Opinion) -> dict[str, Any]:
    seats = opinion.term.seats
    return {
        "seats": seats,
        "figure": str(seats),
        "legend": _("membres"),
        "alt_text": _("Un hémicycle de %(n)s places.") % {"n": seats},
    }

"""Votes on the parts of an opinion, then on the whole: only a proclaimed ballot adopts or rejects it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.workflow import lock
from consultations.referrals import actions as referrals
from opinions.actions import news, versions
from opinions.actions.amendments import falls
from opinions.actions.recommendations import give_references, read_recommendations, sync
from opinions.enums import OpinionState, RecommendationState, VersionKind
from opinions.models import Amendment, Opinion, OpinionSection, PartVote, Recommendation
from opinions.opinions.workflow import OPINION
from opinions.queries.opinions import last_version
from opinions.rules import opinions as rules
from opinions.versions.rules import without_heading_part, without_recommendations
from sessions.decisions.actions import ballots
from sessions.decisions.enums import BallotResult, BallotState
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, Ballot

S, R = OpinionState, RecommendationState
LABEL_LENGTH = 240


@transaction.atomic
def add_part(
    opinion: Opinion,
    *,
    by: User,
    recommendation: Recommendation | None = None,
    section: OpinionSection | None = None,
    label: str = "",
) -> PartVote:
    """Prepare a vote on a recommendation, a section, or a wording of the chair, under the opinion's agenda item."""
    item = opinion.agenda_item
    if item is not None:
        lock(item.sitting)
    if not rules.can_vote_parts(by, opinion):
        raise PermissionDenied
    question = (label.strip() or part_label(recommendation, section))[:LABEL_LENGTH]
    if item is None or not question or not is_part_of(opinion, recommendation, section):
        raise ValidationError(_("Choisissez une partie de cet avis."), code="part")
    rows = PartVote.objects.filter(opinion=opinion)
    part = PartVote(opinion=opinion, label=question, recommendation=recommendation, section=section)
    part.position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
    part.ballot = prepare(item, question, by=by)
    part.full_clean()
    part.save()
    record("opinion.part_announced", opinion, by=by, part=question, ballot=part.ballot.pk)
    return part


def is_part_of(opinion: Opinion, recommendation: Recommendation | None, section: OpinionSection | None) -> bool:
    """Return whether at most one part is given, and it is of this opinion and still in it."""
    if recommendation is not None and section is not None:
        return False
    if recommendation is not None:
        return recommendation.opinion_id == opinion.pk and recommendation.is_active
    return section is None or (section.opinion_id == opinion.pk and section.removed_at is None)


def part_label(recommendation: Recommendation | None, section: OpinionSection | None) -> str:
    if recommendation is not None:
        values = {"reference": recommendation.reference, "title": recommendation.title}
        return _("Préconisation %(reference)s : %(title)s") % values
    return _("Partie « %(title)s »") % {"title": section.title} if section is not None else ""


def prepare(item: AgendaItem, question: str, *, by: User) -> Ballot:
    """Announce the ballot before the sitting, or prepare it during the sitting."""
    if item.sitting.is_upcoming:
        return ballots.announce(item, question=question, by=by)
    return ballots.prepare(item, question=question, by=by)


@transaction.atomic
def drop_part(part: PartVote, *, by: User) -> None:
    """Drop a vote on a part and its prepared ballot; raise ValidationError when that vote was held."""
    if not rules.can_vote_parts(by, part.opinion):
        raise PermissionDenied
    ballot = part.ballot
    if ballot is not None and ballot.state != BallotState.PREPARED:
        raise ValidationError(_("Ce vote a eu lieu."), code="held")
    if ballot is not None:
        lock(ballot.agenda_item.sitting)
    PartVote.objects.filter(pk=part.pk, dropped_at=None).update(dropped_at=timezone.now(), ballot=None)
    record("opinion.part_dropped", part.opinion, by=by, part=part.label)
    if ballot is not None:
        BALLOT.transition(ballot, "drop", by=by)


def lock_opinions_in_vote(condition: Q) -> QuerySet[Opinion]:
    """Return the opinions whose vote is not finished, with row locks."""
    rows = Opinion.objects.filter(condition, state__in=[*S.tagged("before_vote"), S.VOTED]).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True).select_related(
        "term__assembly", "referral__term", "text", "ballot", "agenda_item"
    )


def take_result(ballot: Ballot, *, by: User) -> None:
    """Apply a proclaimed ballot to the opinion it is about, or to the opinion of the part it is about, if any."""
    parts = PartVote.objects.filter(ballot=ballot, dropped_at=None).values("opinion")
    for opinion in lock_opinions_in_vote(Q(pk__in=parts)):
        adopt_when_complete(opinion, by=by)
    unnamed = Q(ballot=None, agenda_item=ballot.agenda_item_id)
    is_named = PartVote.objects.filter(ballot=ballot).exists() or Amendment.objects.filter(ballot=ballot).exists()
    for opinion in lock_opinions_in_vote(Q(ballot=ballot) if is_named else Q(ballot=ballot) | unnamed):
        if opinion.state == S.VOTED:
            continue
        if opinion.state != S.FROZEN:
            OPINION.follow(opinion, "freeze", by=by)
        votes = [ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.no_opinion]
        detail = " / ".join(str(count) for count in votes)
        OPINION.follow(opinion, "record_vote", by=by, reason=detail, ballot=ballot)
        falls.end_all(opinion, reason=str(falls.VOTED), by=by)
        adopt_when_complete(opinion, by=by)


def pending_parts(opinion: Opinion) -> QuerySet[PartVote]:
    """Return the votes on parts that were prepared and are neither proclaimed nor cancelled."""
    ended_states = [BallotState.PROCLAIMED, BallotState.CANCELLED]
    rows = PartVote.objects.filter(opinion=opinion, dropped_at=None, ballot__isnull=False)
    return rows.exclude(ballot__state__in=ended_states)


def adopt_when_complete(opinion: Opinion, *, by: User) -> None:
    """Adopt the opinion with the text as the votes left it, or reject it, once every vote on it is over."""
    ballot = opinion.ballot
    if opinion.state != S.VOTED or ballot is None or pending_parts(opinion).exists():
        return
    day = timezone.localdate(ballot.counted_at or timezone.now())
    if ballot.result != BallotResult.ADOPTED:
        OPINION.follow(opinion, "reject", by=by, rejected_on=day)
        return
    write_adopted_version(opinion, by=by)
    OPINION.follow(opinion, "adopt", by=by, adopted_on=day)
    referrals.follow_opinion(opinion.referral, "adopt_opinion", by=by)
    news.announce_adoption(opinion, by=by)


def write_adopted_version(opinion: Opinion, *, by: User) -> None:
    """Write the final version: the last version without the parts that the votes rejected."""
    last = last_version(opinion)
    if last is None:
        raise ValidationError(_("Aucun texte n’a été déposé."), code="version")
    tree: dict[str, Any] = last.tree
    refused = PartVote.objects.filter(opinion=opinion, dropped_at=None, ballot__result=BallotResult.REJECTED)
    nodes: list[int] = []
    for part in refused.filter(ballot__state=BallotState.PROCLAIMED).select_related("recommendation", "section"):
        if part.recommendation is not None:
            tree = without_recommendations(tree, {str(part.recommendation.node_id)})
            nodes.append(part.recommendation.pk)
        elif part.section is not None:
            own = list(Recommendation.objects.filter(section=part.section, state=R.ACTIVE))
            tree = without_heading_part(tree, part.section.title)
            tree = without_recommendations(tree, {str(row.node_id) for row in own})
            nodes += [row.pk for row in own]
    Recommendation.objects.filter(pk__in=nodes, state=R.ACTIVE).update(state=R.REJECTED, is_priority=False)
    # Adopted amendments may have added, renamed or removed some recommendations.
    sync(opinion, read_recommendations(tree), by=by)
    give_references(opinion)
    versions.make(opinion, VersionKind.ADOPTED, tree, by=by)


def unlink_ballot(ballot: Ballot, *, by: User) -> None:
    """Unlink a prepared vote that was cancelled: the next one proclaimed on the same item gives the result."""
    Opinion.objects.filter(ballot=ballot, state__in=S.tagged("before_vote")).update(ballot=None)
    parts = PartVote.objects.filter(ballot=ballot, dropped_at=None)
    waiting = list(parts.values_list("opinion", flat=True))
    parts.update(dropped_at=timezone.now(), ballot=None)
    for opinion in lock_opinions_in_vote(Q(pk__in=waiting)):
        adopt_when_complete(opinion, by=by)

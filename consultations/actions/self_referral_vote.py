"""A self-referral before the plenary: the item, the prepared vote, the result taken from the proclaimed ballot."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.workflow import lock
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.queries.committees import LABEL
from consultations.reviews.actions import asking as reviews
from consultations.workflows.referrals import REFERRAL
from sessions.actions import agenda, ballots
from sessions.enums import AgendaKind, BallotResult, BallotState, SittingKind
from sessions.models import AgendaItem, Ballot, Sitting
from sessions.rules.sittings import can_edit_agenda
from sessions.workflows.ballots import BALLOT

S = ReferralState
MINUTES = 30


@REFERRAL.action("put_to_vote")
@transaction.atomic
def put_to_vote(referral: Referral, sitting: Sitting, *, by: User) -> AgendaItem:
    """Put it on a plenary's agenda with its vote prepared; refused before the council's view exists (F9)."""
    lock(sitting)
    REFERRAL.require(referral, "put_to_vote", by=by)
    if sitting.kind != SittingKind.PLENARY or not sitting.is_upcoming or sitting.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une séance plénière à venir."), code="sitting")
    item = item_about(referral, sitting) or agenda.add(
        sitting,
        by=by,
        title=_("Auto-saisine : %(title)s") % {"title": referral.title},
        kind=AgendaKind.VOTE,
        minutes=MINUTES,
        topic_type=LABEL,
        topic_id=str(referral.pk),
    )
    ballot = ballots.announce(item, question=question(referral), by=by)
    REFERRAL.transition(referral, "put_to_vote", by=by, vote_item=item, ballot=ballot)
    return item


def question(referral: Referral) -> str:
    template = _("L’assemblée se saisit-elle de « %(title)s » (%(reference)s) ?")
    return template % {"title": referral.title, "reference": referral.reference}


def item_about(referral: Referral, sitting: Sitting) -> AgendaItem | None:
    """Return an item of that sitting that is already marked as the vote about it."""
    about = {"topic_type": LABEL, "topic_id": str(referral.pk), "kind": AgendaKind.VOTE}
    return AgendaItem.objects.filter(sitting=sitting, removed_at=None, **about).select_related("sitting").first()


@REFERRAL.action("take_off_agenda")
@transaction.atomic
def take_off(referral: Referral, *, reason: str, by: User) -> None:
    """Take it off the agenda with a reason: the council's view stays, another plenary may be chosen."""
    item, ballot = referral.vote_item, referral.ballot
    if item is not None:
        lock(item.sitting)
    REFERRAL.transition(referral, "take_off_agenda", by=by, reason=reason)
    drop_prepared(ballot, by=by)
    if item is not None and can_edit_agenda(by, item.sitting):
        agenda.remove(item, by=by)


def drop_from_agenda(referral: Referral, *, reason: str, by: User) -> None:
    """Take it off the agenda because its item or its sitting is gone; another plenary may vote on it."""
    ballot = referral.ballot
    REFERRAL.follow(referral, "take_off_agenda", by=by, reason=reason)
    drop_prepared(ballot, by=by)


def drop_prepared(ballot: Ballot | None, *, by: User) -> None:
    if ballot is not None and ballot.state == BallotState.PREPARED:
        BALLOT.transition(ballot, "drop", by=by)


def lock_voted_self_referrals(**where: Any) -> QuerySet[Referral]:
    """Return the self-referrals put to the vote, with row locks: caller and steps of the team follow each other."""
    rows = Referral.objects.filter(state=S.PUT_TO_VOTE, **where).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True).select_related(
        "term", "ballot__agenda_item__sitting", "vote_item"
    )


def take_result(ballot: Ballot, *, by: User) -> None:
    """Record from the proclaimed ballot whether the subject is taken up; other votes of the item are ignored."""
    ours = Q(ballot=ballot) | Q(ballot=None, vote_item=ballot.agenda_item_id)
    for referral in lock_voted_self_referrals().filter(ours):
        is_adopted = ballot.result == BallotResult.ADOPTED
        votes = [ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.no_opinion]
        facts = {"ballot": ballot.pk, "votes": votes}
        REFERRAL.follow(referral, "adopt" if is_adopted else "reject", by=by, facts=facts, ballot=ballot)
        if not is_adopted:
            reviews.close_all(referral, reason=_("L’assemblée n’a pas retenu ce sujet."), by=by)


def unlink_ballot(ballot: Ballot, *, by: User) -> None:
    """Detach a prepared vote that was cancelled: the next one proclaimed on the same item gives the result."""
    lock_voted_self_referrals(ballot=ballot).update(ballot=None)


def leave_item(item: AgendaItem, *, by: User) -> None:
    """Take self-referrals off when their item left the agenda, alone or with its parent item."""
    for referral in lock_voted_self_referrals().filter(Q(vote_item=item) | Q(vote_item__parent=item)):
        drop_from_agenda(referral, by=by, reason=_("Le point a été retiré de l’ordre du jour."))


def follow_sitting(sitting: Sitting, follower: Sitting | None, *, by: User) -> None:
    """Move the votes of a sitting (put off, called off or without quorum) to its replacement, or take them off."""
    for referral in lock_voted_self_referrals(vote_item__sitting=sitting):
        item = moved_item(referral, follower, by) if follower is not None else None
        if item is None:
            drop_from_agenda(referral, by=by, reason=_("La séance n’a pas pu voter."))
            continue
        former = referral.ballot
        ballot = ballots.announce(item, question=question(referral), by=by)
        Referral.objects.filter(pk=referral.pk).update(vote_item=item, ballot=ballot, changed_at=timezone.now())
        drop_prepared(former, by=by)


def moved_item(referral: Referral, follower: Sitting, by: User) -> AgendaItem | None:
    """Return the same line of the copied agenda, marked again as the vote about it."""
    former = AgendaItem.objects.filter(pk__in=[referral.vote_item_id]).values("title")
    same = AgendaItem.objects.filter(sitting=follower, removed_at=None, title__in=former)
    item = same.select_related("sitting__term").first()
    if item is not None:
        agenda.change(item, by=by, kind=AgendaKind.VOTE, topic_type=LABEL, topic_id=str(referral.pk))
    return item

"""Steps from the one text to the proclaimed vote: the tabling, the window of amendments, the votes."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.models import SharedText, TextState, VersionReason
from assembly.identity.models import User
from assembly.workflow import lock
from consultations.referrals import actions as referrals
from opinions import mails
from opinions.adoption import rules
from opinions.amendments import actions as amendments
from opinions.checks import actions as checks
from opinions.models import Amendment, Opinion, OpinionSection, OpinionState, PartVote, Recommendation
from opinions.opinions.queries import LABEL, settings_of
from opinions.opinions.workflow import OPINION
from opinions.versions import actions as versions
from opinions.versions.actions import (
    give_references,
    read_recommendations,
    sync,
    write_recommendations,
    write_versions,
)
from opinions.versions.models import RecommendationState, VersionKind
from opinions.versions.queries import last_version
from opinions.versions.rules import without_heading_part, without_recommendations
from sessions.agenda import actions as agenda
from sessions.decisions import actions as decisions
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, AgendaKind, Ballot, BallotResult, BallotState, Sitting, SittingKind
from sessions.sittings.rules import can_edit_agenda

S = OpinionState
MINUTES = 60
CLOSING_HOUR = time(18)


def usual_close(sitting: Sitting, term: int) -> datetime:
    """Return six in the evening, as many days before the sitting as the setting of the term gives."""
    day = timezone.localdate(sitting.starts_at) - timedelta(days=settings_of(term).amendment_days)
    return timezone.make_aware(datetime.combine(day, CLOSING_HOUR))


@OPINION.action("table")
@transaction.atomic
def table(
    opinion: Opinion,
    sitting: Sitting,
    *,
    open_at: datetime | None = None,
    close_at: datetime | None = None,
    by: User,
) -> AgendaItem:
    """Freeze the text, put it on the agenda of the plenary with its vote, open the window, inform everybody."""
    lock(sitting)
    step = OPINION.require(opinion, "table", by=by)
    if sitting.kind != SittingKind.PLENARY or not sitting.is_upcoming or sitting.term_id != opinion.term_id:
        raise ValidationError(_("Choisissez une séance plénière à venir."), code="sitting")
    now = timezone.now()
    opens, closes = open_at or now, close_at or usual_close(sitting, opinion.term_id)
    check_window(opens, closes, sitting)
    if not write_recommendations(opinion, {}, by=by):
        raise ValidationError(_("Le texte n’a aucune préconisation."), code="empty")
    item = item_about(opinion, sitting, by=by)
    ballot = decisions.announce_ballot(item, question=question(opinion), by=by)
    window: dict[str, Any] = {"amendments_open_at": opens, "amendments_close_at": closes}
    OPINION.take(opinion, step, by=by, tabled_sitting=sitting, agenda_item=item, ballot=ballot, **window)
    label = _("Texte déposé pour la séance %(reference)s") % {"reference": sitting.reference}
    assert opinion.text is not None  # noqa: S101 -- the guards checked it; for the reader and the type checker
    text_version = texts.freeze(opinion.text, label=label, by=by)
    # Nobody writes any more, so suggestions that were made until now are included in this check.
    for check in step.guards:
        check(opinion)
    versions.make(opinion, VersionKind.TABLED, text_version.tree, by=by, text_version=text_version)
    checks.close_all(opinion, reason=_("L’avis est déposé."), by=by)
    mails.announce_tabling(opinion, by=by)
    if opens <= now:
        OPINION.follow(opinion, "open_amendments", by=by)
    return item


def check_window(opens: datetime, closes: datetime, sitting: Sitting) -> None:
    if closes <= opens:
        raise ValidationError(_("La fin des amendements vient après leur début."), code="close_at")
    if closes > sitting.starts_at:
        raise ValidationError(_("Les amendements se ferment avant la séance."), code="close_at")


def question(opinion: Opinion) -> str:
    text = _("L’assemblée adopte-t-elle l’avis « %(title)s » (%(reference)s) ?")
    return text % {"title": opinion.title, "reference": opinion.reference}


def item_about(opinion: Opinion, sitting: Sitting, *, by: User) -> AgendaItem:
    """Return the item of that sitting that is already about the opinion, or a new one."""
    about: dict[str, Any] = {"topic_type": LABEL, "topic_id": str(opinion.pk)}
    rows = AgendaItem.objects.filter(sitting=sitting, removed_at=None, kind=AgendaKind.VOTE, **about)
    if (item := rows.select_related("sitting__term").first()) is not None:
        return item
    title = _("Avis : %(title)s") % {"title": opinion.title}
    return agenda.add(sitting, by=by, title=title[:240], kind=AgendaKind.VOTE, minutes=MINUTES, **about)


@OPINION.action("take_off")
@transaction.atomic
def take_off(opinion: Opinion, *, reason: str, by: User) -> None:
    """Take it off the agenda: the text may be edited again, another plenary may be chosen."""
    item = opinion.agenda_item
    if item is not None:
        agenda.lock_agenda(item.sitting)
    step = OPINION.require(opinion, "take_off", by=by)
    prepared = prepared_ballots(opinion)
    OPINION.take(opinion, step, by=by, reason=reason)
    take_back(opinion, prepared, by=by)
    if item is not None and can_edit_agenda(by, item.sitting):
        agenda.remove(item, by=by)


def leave(opinion: Opinion, *, reason: str, by: User) -> None:
    """Take the opinion off the agenda because its item or its sitting was removed."""
    prepared = prepared_ballots(opinion)
    OPINION.follow(opinion, "take_off", by=by, reason=reason)
    take_back(opinion, prepared, by=by)


def take_back(opinion: Opinion, prepared: Iterable[Ballot], *, by: User) -> None:
    """Open the text again, and end the ballots prepared on it and the amendments to it."""
    PartVote.objects.filter(opinion=opinion, dropped_at=None).update(dropped_at=timezone.now(), ballot=None)
    amendments.end_all(opinion, reason=str(amendments.TAKEN_BACK), by=by)
    if opinion.text is not None and opinion.text.state != TextState.OPEN:
        texts.open_again(opinion.text, by=by)
    for ballot in prepared:
        BALLOT.transition(ballot, "drop", by=by)


def prepared_ballots(opinion: Opinion) -> list[Ballot]:
    """Return the ballots on the opinion, or on a part of it, that were not held."""
    parts = PartVote.objects.filter(opinion=opinion, dropped_at=None).values("ballot")
    rows = Ballot.objects.filter(state=BallotState.PREPARED).select_related("agenda_item__sitting")
    return list((rows.filter(pk__in=[opinion.ballot_id]) | rows.filter(pk__in=parts)).order_by("pk"))


@OPINION.action("change_window")
@transaction.atomic
def change_window(opinion: Opinion, *, open_at: datetime, close_at: datetime, by: User) -> None:
    """Change the dates of the window for amendments, as long as it is not closed."""
    step = OPINION.require(opinion, "change_window", by=by)
    if opinion.tabled_sitting is not None:
        check_window(open_at, close_at, opinion.tabled_sitting)
    if close_at <= timezone.now():
        raise ValidationError(_("Choisissez une fin à venir."), code="close_at")
    dates = {"open_at": open_at, "close_at": close_at}
    OPINION.take(opinion, step, by=by, facts=dates, amendments_open_at=open_at, amendments_close_at=close_at)
    if opinion.state == S.TABLED and open_at <= timezone.now():
        OPINION.follow(opinion, "open_amendments", by=by)


def move_windows(now: datetime) -> int:
    """Open the windows that are due and close those that are over, and return how many; the clock calls it."""
    moved = 0
    due = Q(state=S.TABLED, amendments_open_at__lte=now) | Q(amendments_close_at__lte=now)
    running = Opinion.objects.filter(due, state__in=S.tagged("amendable")).select_related("term")
    for pk in running.values_list("pk", flat=True):
        with transaction.atomic():
            opinion = running.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=pk).first()
            if opinion is not None:
                is_over = opinion.amendments_close_at is not None and opinion.amendments_close_at <= now
                OPINION.follow(opinion, "freeze" if is_over else "open_amendments")
                moved += 1
    return moved


def lock_tabled_opinions(**where: Any) -> QuerySet[Opinion]:
    """Return the opinions between tabling and vote, with row locks, so that no step of the team runs meanwhile."""
    rows = Opinion.objects.filter(state__in=S.tagged("before_vote"), **where).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True).select_related(
        "term__assembly", "text", "ballot__agenda_item__sitting", "agenda_item__sitting", "tabled_sitting"
    )


def leave_item(item: AgendaItem, *, by: User) -> None:
    """Take opinions off the agenda when their item, or the item above it, was removed."""
    opinions = lock_tabled_opinions(agenda_item=item) | lock_tabled_opinions(agenda_item__parent=item)
    for opinion in opinions:
        leave(opinion, reason=_("Le point a été retiré de l’ordre du jour."), by=by)


def follow_sitting(sitting: Sitting, follower: Sitting | None, *, by: User) -> None:
    """Move the opinions of a sitting that was postponed or cancelled to the new agenda, or take them off."""
    for opinion in lock_tabled_opinions(agenda_item__sitting=sitting):
        item = moved_item(opinion, follower, by) if follower is not None else None
        if item is None or follower is None:
            leave(opinion, reason=_("La séance n’a pas pu voter."), by=by)
            continue
        prepared = prepared_ballots(opinion)
        ballot = decisions.announce_ballot(item, question=question(opinion), by=by)
        values = {"agenda_item": item, "tabled_sitting": follower, "ballot": ballot, "changed_at": timezone.now()}
        Opinion.objects.filter(pk=opinion.pk).update(**values)
        record("opinion.followed", opinion, by=by, sitting=follower.pk)
        for part in PartVote.objects.filter(opinion=opinion, dropped_at=None, ballot__in=prepared):
            new_ballot = decisions.announce_ballot(item, question=part.label, by=by)
            PartVote.objects.filter(pk=part.pk).update(ballot=new_ballot)
        for former in prepared:
            BALLOT.transition(former, "drop", by=by)


def moved_item(opinion: Opinion, follower: Sitting, by: User) -> AgendaItem | None:
    """Return the item with the same title in the copied agenda, linked again to the opinion."""
    former = AgendaItem.objects.filter(pk__in=[opinion.agenda_item_id]).values("title")
    same = AgendaItem.objects.filter(sitting=follower, removed_at=None, title__in=former)
    item = same.select_related("sitting__term").first()
    if item is not None:
        agenda.change(item, by=by, kind=AgendaKind.VOTE, topic_type=LABEL, topic_id=str(opinion.pk))
    return item


def texts_before(sitting: Sitting) -> list[SharedText]:
    """Return the texts of a group before its meeting, or every text of the term before a plenary."""
    sections = OpinionSection.objects.filter(
        opinion__term=sitting.term_id,
        opinion__state__in=[S.DRAFTING, S.GROUP_VALIDATED, S.SERVICES_CHECK],
        removed_at=None,
        text__isnull=False,
    )
    if sitting.kind != SittingKind.PLENARY:
        sections = sections.filter(committee=sitting.committee_id)
    texts = [section.text for section in sections.select_related("text").order_by("pk") if section.text]
    if sitting.kind == SittingKind.PLENARY:
        rows = Opinion.objects.filter(term=sitting.term_id, state=S.CONSOLIDATED, text__isnull=False)
        texts += [opinion.text for opinion in rows.select_related("text").order_by("pk") if opinion.text]
    return texts


def keep_versions_before(sitting: Sitting, *, by: User) -> None:
    """Save a version of each text when the sitting is convened or opens."""
    label = _("Avant la séance %(reference)s") % {"reference": sitting.reference}
    write_versions(texts_before(sitting), label=label, by=by, reason=VersionReason.SITTING)


def freeze_at(sitting: Sitting, *, by: User) -> None:
    """Close the amendments to the opinions that an opening plenary votes today."""
    for opinion in lock_tabled_opinions(agenda_item__sitting=sitting).filter(state__in=S.tagged("amendable")):
        OPINION.follow(opinion, "freeze", by=by)


def resume_amendments(sitting: Sitting, opened_at: datetime, *, by: User) -> None:
    """Undo `freeze_at` after an opening by mistake; a text frozen before it stays frozen."""
    for opinion in lock_tabled_opinions(agenda_item__sitting=sitting).filter(state=S.FROZEN, frozen_at__gte=opened_at):
        if OPINION.step(opinion, "resume_amendments"):
            OPINION.follow(opinion, "resume_amendments", by=by)


R = RecommendationState
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
        return decisions.announce_ballot(item, question=question, by=by)
    return decisions.prepare_ballot(item, question=question, by=by)


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
        amendments.end_all(opinion, reason=str(amendments.VOTED), by=by)
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
    mails.announce_adoption(opinion, by=by)


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

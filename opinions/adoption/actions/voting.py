"""Steps from the one text to the vote: on the agenda of a plenary, open to amendments, frozen before the vote."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.enums import TextState
from assembly.identity.models import User
from assembly.workflow import lock
from opinions.actions import news, versions
from opinions.actions.amendments import falls
from opinions.checks import actions as checks
from opinions.enums import OpinionState, VersionKind
from opinions.models import Opinion, PartVote
from opinions.opinions.workflow import OPINION
from opinions.queries.opinions import LABEL, settings_of
from opinions.versions.actions import write_recommendations
from sessions.agenda import actions as agenda
from sessions.agenda.enums import AgendaKind
from sessions.decisions.actions import ballots
from sessions.decisions.enums import BallotState
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, Ballot, Sitting
from sessions.sittings.enums import SittingKind
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
    check_sitting(opinion, sitting)
    now = timezone.now()
    opens, closes = open_at or now, close_at or usual_close(sitting, opinion.term_id)
    check_window(opens, closes, sitting)
    if not write_recommendations(opinion, {}, by=by):
        raise ValidationError(_("Le texte n’a aucune préconisation."), code="empty")
    item = item_about(opinion, sitting, by=by)
    ballot = ballots.announce(item, question=question(opinion), by=by)
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
    news.announce_tabling(opinion, by=by)
    if opens <= now:
        OPINION.follow(opinion, "open_amendments", by=by)
    return item


def check_sitting(opinion: Opinion, sitting: Sitting) -> None:
    if sitting.kind != SittingKind.PLENARY or not sitting.is_upcoming or sitting.term_id != opinion.term_id:
        raise ValidationError(_("Choisissez une séance plénière à venir."), code="sitting")


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
    falls.end_all(opinion, reason=str(falls.TAKEN_BACK), by=by)
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
        ballot = ballots.announce(item, question=question(opinion), by=by)
        values = {"agenda_item": item, "tabled_sitting": follower, "ballot": ballot, "changed_at": timezone.now()}
        Opinion.objects.filter(pk=opinion.pk).update(**values)
        record("opinion.followed", opinion, by=by, sitting=follower.pk)
        for part in PartVote.objects.filter(opinion=opinion, dropped_at=None, ballot__in=prepared):
            new_ballot = ballots.announce(item, question=part.label, by=by)
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

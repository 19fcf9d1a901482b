"""One sitting: planned, convened, answered, held, recorded in minutes. Each step calls the action that views call.

Only what hundreds of people did one by one (their answers, their arrivals, mails that left long ago) is written in
bulk, with the values that the actions would have given.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from assembly.documents.actions.renditions import fulfil
from assembly.documents.models import Rendition
from assembly.identity.models import User
from assembly.institution.models import Committee
from assembly.notifications.actions import distributions
from assembly.notifications.models import DeliveryState, Distribution, LetterBatch, Way
from assembly.notifications.workflow import DELIVERY
from assembly.tasks.models import Task, TaskState
from assembly.tasks.workflow import TASK
from demo.context import DemoContext, at
from demo.days import TODAY, at_hour, paris, retell, story_date
from demo.institution import HEADQUARTERS, VIDEO
from sessions.agenda import actions as agenda
from sessions.agenda.models import AgendaKind
from sessions.attendance import actions as attendance
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.minutes.actions import corrections, publication, writing
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Invitee,
    Minutes,
    MinutesVisaCapacity,
    Notice,
    Sitting,
)
from sessions.sittings.actions import convening, planning as sittings
from sessions.sittings.models import Reply, SittingKind, Via
from sessions.sittings.workflow import SITTING

chance = random.Random(31)  # noqa: S311 -- a seed makes every demonstration the same
APPROVAL_TEXT = "<p>Le procès-verbal est adopté sans observation.</p>"
ACTIONS_TEXT = "<p>Les actions en cours sont passées en revue.</p>"
DONE = "Fait, et envoyé à qui l’avait demandé."
FORGOTTEN = "Préparer le dossier du sujet retenu"
DIETS = ("végétarien", "sans gluten", "sans porc", "")


def plan_plenary(
    context: DemoContext, day: str, title: str, lines: Sequence[tuple[str, str, int]], on: str
) -> Sitting:
    """Plan a plenary on a Saturday at the headquarters, 9 h 30 to 16 h 30 with lunch."""
    with at(on):
        sitting = sittings.create(
            context.term,
            kind=SittingKind.PLENARY,
            committee=None,
            by=context.officer,
            lines=[{"title": title, "kind": kind, "minutes": minutes} for title, kind, minutes in lines],
            title=retell(title),
            starts_at=paris(f"{day} 09:30"),
            ends_at=paris(f"{day} 16:30"),
            break_starts_at=paris(f"{day} 12:30"),
            break_ends_at=paris(f"{day} 14:00"),
            offers_meal=True,
            offers_childcare=True,
            offers_transport=True,
            chair=context.chair.person,
            secretary=context.officer.person,
            **HEADQUARTERS,
        )
        agenda.add(sitting, by=context.officer, title="Point d’équipe", kind=AgendaKind.OTHER, is_internal=True)
    return sitting


def plan_meeting(
    context: DemoContext,
    body: str,
    start: str,
    title: str,
    lines: Sequence[tuple[str, str, int]],
    *,
    hours: float = 2,
    on: str | None = None,
    is_quorum_required: bool = False,
    place: dict[str, Any] | None = None,
) -> Sitting:
    """Plan a meeting of a smaller body, by video unless it is a steering, technical or follow-up one."""
    committee: Committee = context.committees[body]
    begins = paris(start)
    place = place or (HEADQUARTERS if body in ("copil", "cotech", "suivi") else VIDEO)
    with at(on or (begins - timedelta(days=25))):
        return sittings.create(
            context.term,
            kind=SittingKind.COMMITTEE,
            committee=committee,
            by=context.officer,
            lines=[{"title": title, "kind": kind, "minutes": minutes} for title, kind, minutes in lines],
            title=retell(title),
            starts_at=begins,
            ends_at=begins + timedelta(hours=hours),
            is_public=False,
            is_quorum_required=is_quorum_required,
            chair=context.chair.person if body == "copil" else context.officer.person,
            secretary=context.officer.person,
            **place,
        )


def convene(context: DemoContext, sitting: Sitting, on: str | datetime, *, bounced: int = 0) -> None:
    """Convene the sitting; its mails are marked as sent and its letters as posted."""
    with at(on) as moment:
        notice = convening.notify(sitting, by=context.officer)
    mark_distribution_sent(context, distribution_of(notice), moment, bounced=bounced)


def mark_mails_sent(distribution: Distribution, moment: datetime, *, bounced: int = 0) -> None:
    """Mark mails of the past as accepted, except a few whose address does not exist."""
    mails = distribution.deliveries.filter(state=DeliveryState.QUEUED, way=Way.EMAIL)
    refused = list(mails.order_by("-sort_name").values_list("pk", flat=True)[:bounced])
    later = moment + timedelta(minutes=2)
    sent = {"attempts": 1, "next_attempt_at": None, "sent_at": later}
    mails.filter(pk__in=refused).update(
        **sent, state=DeliveryState.BOUNCED, bounced_at=later, error="La boîte de cette adresse n’existe plus."
    )
    mails.update(**sent, state=DeliveryState.SENT, delivered_at=later)


def mark_distribution_sent(
    context: DemoContext, distribution: Distribution, moment: datetime, *, bounced: int = 0
) -> None:
    """Mark a whole distribution of the past as sent: its mails, and its letters, posted two days later."""
    mark_mails_sent(distribution, moment, bounced=bounced)
    with at(moment + timedelta(days=1)):
        for delivery in distribution.deliveries.filter(state=DeliveryState.BOUNCED, called_at=None):
            DELIVERY.transition(delivery, "call", by=context.officer)
    paper = distribution.deliveries.filter(state=DeliveryState.QUEUED, way=Way.PAPER)
    if paper.exists():
        batch = LetterBatch.objects.create(
            distribution=distribution, requested_by=context.officer, requested_at=moment + timedelta(hours=1)
        )
        paper.update(batch=batch)
        with at(moment + timedelta(hours=1)):
            distributions.mark_printed(batch)
        with at(moment + timedelta(days=2)):
            distributions.mark_handed_over(distribution, by=context.officer)


def mark_remaining_sent(context: DemoContext, kind: str = "", *, ways: Sequence[Way] = (Way.EMAIL,)) -> None:
    """Mark messages that an action sent itself (answers to corrections) as sent: the mailbox starts empty.

    `kind`: the beginning of the kinds whose messages were sent.
    """
    for distribution in Distribution.objects.filter(
        kind__startswith=kind, deliveries__state=DeliveryState.QUEUED, deliveries__way__in=ways
    ).distinct():
        mark_distribution_sent(context, distribution, distribution.requested_at)


def record_replies(sitting: Sitting, on: datetime, *, yes: int, no: int, maybe: int = 0) -> None:
    """Record so many replies of each kind; the others have not answered, nor the demonstration's own member."""
    people = list(
        Invitee.objects.filter(sitting=sitting, is_member=True).exclude(person__user__email__startswith="member@")
    )
    chance.shuffle(people)
    replies = [Reply.WILL_ATTEND] * yes + [Reply.WILL_NOT] * no + [Reply.MAYBE] * maybe
    for rank, (invitee, reply) in enumerate(zip(people, replies, strict=False)):
        invitee.reply = reply
        invitee.replied_at = on + timedelta(minutes=7 * rank)
        invitee.replied_via = Via.PAPER if rank % 17 == 5 else Via.LINK
        if reply == Reply.WILL_ATTEND:
            invitee.wants_meal = sitting.offers_meal and rank % 4 != 0
            invitee.diet = DIETS[rank % 4] if invitee.wants_meal and rank % 9 == 0 else ""
            invitee.children = 2 if sitting.offers_childcare and rank % 31 == 3 else 0
            invitee.children_ages = "4 et 7 ans" if invitee.children else ""
            invitee.transport = (
                "Navette depuis la gare Matabiau" if sitting.offers_transport and rank % 23 == 4 else ""
            )
    fields = ["reply", "replied_at", "replied_via", "wants_meal", "diet", "children", "children_ages", "transport"]
    # An upsert of existing rows sends plain values, where a bulk update builds a CASE for each row and field.
    Invitee.objects.bulk_create(people, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def open_with_attendance(
    context: DemoContext, sitting: Sitting, opened: datetime, *, present: int, late: int = 0
) -> list[Invitee]:
    """Open the sitting and take the roll: so many members, the last `late` of them half an hour after the opening."""
    with at(opened):
        SITTING.transition(sitting, "open", by=context.officer)
    came = list(Invitee.objects.filter(sitting=sitting).order_by("reply", "person__sort_name"))
    came.sort(key=lambda invitee: (not invitee.is_member, invitee.reply != Reply.WILL_ATTEND))
    members = [invitee for invitee in came if invitee.is_member][:present]
    guests = [invitee for invitee in came if not invitee.is_member]
    with at(opened):
        Attendance.objects.bulk_create(
            Attendance(
                invitee=invitee,
                arrived_at=opened + timedelta(minutes=34 if rank >= present - late else -(rank % 20)),
                recorded_by=context.officer,
            )
            for rank, invitee in enumerate([*members, *guests])
        )
    return members


def run_sitting(
    context: DemoContext, sitting: Sitting, *, present: int, late: int = 0, early: int = 0, minutes_late: int = 4
) -> list[AgendaItem]:
    """Play the day: roll, items opened one after the other, early departures; return the items."""
    opened = sitting.starts_at + timedelta(minutes=minutes_late)
    members = open_with_attendance(context, sitting, opened, present=present, late=late)
    items = list(AgendaItem.objects.filter(sitting=sitting, is_internal=False, removed_at=None).order_by("position"))
    step = (sitting.ends_at - opened) / (len(items) + 1)
    for rank, item in enumerate(items):
        with at(opened + step * rank + timedelta(seconds=1)):
            agenda.open_item(item, by=context.officer)
        item.refresh_from_db()
    with at(sitting.ends_at - timedelta(minutes=50)):
        for invitee in members[:early]:
            attendance.record_departure(invitee, by=context.officer)
    return items


def after_opening(item: AgendaItem, *, minutes: int) -> datetime:
    """Return the moment so many minutes after an item was opened."""
    if item.opened_at is None:
        raise ValueError(f"the point {item.pk} was never opened")
    return item.opened_at + timedelta(minutes=minutes)


def distribution_of(notice: Notice) -> Distribution:
    """Return the distribution of a notice; raise ValueError if it was not sent."""
    if notice.distribution is None:
        raise ValueError(f"the notice {notice.pk} has not left")
    return notice.distribution


def close_sitting(context: DemoContext, sitting: Sitting) -> None:
    """Close the sitting at the announced hour."""
    with at(sitting.ends_at):
        attendance.close(sitting, by=context.officer)


def vote(context: DemoContext, item: AgendaItem, question: str, votes: Count, moment: datetime) -> Ballot:
    """Hold a vote by show of hands, counted by two people, and proclaim it."""
    with at(moment):
        ballot = decisions.prepare_ballot(item, question=question, by=context.officer)
    return count_and_proclaim(context, ballot, votes, moment)


def count_and_proclaim(context: DemoContext, ballot: Ballot, votes: Count, moment: datetime) -> Ballot:
    """Count a prepared vote by two people, and proclaim it."""
    ballot = Ballot.objects.select_related("agenda_item__sitting__term").get(pk=ballot.pk)
    with at(moment):
        decisions.count_ballot(
            ballot,
            votes,
            by=context.officer,
            first_counter="Nadia Fauré",
            second_counter="Pierrick Tournier",
            gap_confirmed=True,
        )
        BALLOT.transition(ballot, "proclaim", by=context.officer)
    return ballot


def decide(context: DemoContext, item: AgendaItem, text: str, moment: datetime, ballot: Ballot | None = None) -> None:
    with at(moment):
        decisions.decide(item, text=text, by=context.officer, ballot=ballot)


def add_action(context: DemoContext, sitting: Sitting, text: str, *, owner: str, due: date, moment: datetime) -> None:
    with at(moment):
        decisions.add_action(sitting, text=text, owner=None, owner_text=owner, due_on=due, by=context.officer)


def finish_actions(context: DemoContext) -> None:
    """Note what a good team had done by today, the day before it was due; one action was forgotten."""
    tasks = Task.objects.filter(action_item__sitting__term=context.term, state=TaskState.OPEN)
    for task in tasks.exclude(text=FORGOTTEN).order_by("due_on", "pk"):
        if task.due_on and task.due_on < story_date(TODAY):
            with at(at_hour(task.due_on - timedelta(days=1), "16:00")):
                TASK.transition(task, "finish", by=context.officer)
                TASK.transition(task, "note_outcome", by=context.officer, outcome=DONE)


def write_minutes(
    context: DemoContext,
    sitting: Sitting,
    lines: Sequence[tuple[str, str, int]],
    texts: Sequence[str],
    on: str | datetime,
) -> Minutes:
    """Begin the minutes and write the summaries of the points planned in `lines`, as far as there are `texts`."""
    known = {title: text for (title, _, _), text in zip(lines, texts, strict=False)}
    usual = {AgendaKind.MINUTES_APPROVAL: APPROVAL_TEXT, AgendaKind.ACTIONS: ACTIONS_TEXT}
    with at(on):
        minutes = writing.start(sitting, by=context.officer)
        items = AgendaItem.objects.filter(sitting=sitting, is_internal=False, removed_at=None).order_by("position")
        for item in items:
            text = known.get(item.title) or usual.get(AgendaKind(item.kind))
            if text:
                writing.write(minutes, item, retell(text), revision=0, by=context.officer)
    return minutes


def circulate_minutes(context: DemoContext, minutes: Minutes, on: str | datetime) -> None:
    """Submit formal minutes or validate a report, then send them to those who attended."""
    with at(on) as moment:
        if minutes.is_formal:
            MINUTES.transition(minutes, "submit", by=context.officer)
        else:
            MINUTES.transition(minutes, "validate", by=context.lead)
        distribution = writing.circulate(minutes, by=context.officer)
    mark_distribution_sent(context, distribution, moment)


def ask_correction(context: DemoContext, minutes: Minutes, author: Any, texts: tuple[str, str, str], on: str) -> Any:
    """Ask for a correction as somebody who attended, by telephone for a person without an account."""
    passage, proposal, reason = texts
    section = minutes.sections.select_related("agenda_item").get(summary_html__contains=passage)
    fields = {"passage": passage, "proposal": proposal, "reason": reason}
    with at(on):
        if isinstance(author, User):
            return corrections.ask(minutes, section.agenda_item, **fields, by=author)
        return corrections.note(
            minutes, section.agenda_item, **fields, author=author, via=Via.PHONE, by=context.officer
        )


def seal_minutes(context: DemoContext, minutes: Minutes, on: str) -> None:
    """Give both visas, then lay out and seal both versions at once."""
    with at(on):
        publication.record_visa(minutes, MinutesVisaCapacity.CHAIR, by=context.officer)
        publication.give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=context.officer)
        make_now(*publication.seal(minutes, by=context.officer, doubts_read=True))
    minutes.refresh_from_db()


def make_now(*renditions: Rendition) -> None:
    """Lay out and seal at once; raise RuntimeError with the error of a file that was not made."""
    fulfil(*renditions)
    for rendition in renditions:
        rendition.refresh_from_db()
        if not rendition.is_ready:
            raise RuntimeError(f"{rendition.kind} {rendition.subject_id} is {rendition.state}: {rendition.error}")

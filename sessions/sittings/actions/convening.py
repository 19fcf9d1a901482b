"""Convening: notices, answers, guests, departures, and the address of a calendar."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.attempts import DAY, HOUR, anonymous_limits, count_attempt, mailbox_limits, may_attempt
from assembly.identity.models import Person, User
from assembly.identity.sending import hand_to_relay
from assembly.institution.models import NoQuorumRule, RoleAssignment
from assembly.notifications.actions import distributions
from assembly.notifications.actions.distributions import Recipient, check_first_today, distribute
from assembly.notifications.composing import trial_message
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.workflow import StateConflict, Transition, lock
from sessions.attendance.queries.presence import is_second_without_quorum
from sessions.models import CalendarFeed, Invitee, Notice, NoticeKind, Reply, Sitting, SittingState
from sessions.signals import sitting_replaced
from sessions.sittings import rules
from sessions.sittings.actions import planning
from sessions.sittings.queries.convening import (
    Convened,
    changes_since_notice,
    last_notice,
    people_to_convene,
    preview,
    snapshot,
)
from sessions.sittings.workflow import SITTING

REPLY_LINK = "sitting-reply"
MESSAGES = {
    NoticeKind.FIRST: "sitting-notice",
    NoticeKind.CHANGED: "sitting-notice-changed",
    NoticeKind.POSTPONED: "sitting-postponed",
    NoticeKind.CANCELLED: "sitting-cancelled",
    NoticeKind.SECOND: "sitting-notice-second",
}
NOT_ANSWERED: dict[str, Any] = {
    "reply": Reply.INVITED,
    "replied_at": None,
    "replied_via": "",
    "reply_recorded_by": None,
}


@dataclass(frozen=True)
class NoticeIssue:
    """Content of one notice to send."""

    kind: NoticeKind
    facts: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, str]] = field(default_factory=list)
    send_at: datetime | None = None


@SITTING.action("notify")
@transaction.atomic
def notify(sitting: Sitting, *, by: User, shown: str | None = None, send_at: datetime | None = None) -> Notice:
    """Convene: one step, one frozen notice, one message for each person; nothing leaves before the commit.

    `shown`: the fingerprint of the preview that was read; ValidationError (code `changed`) when it differs now.
    `send_at`: the hour of departure of the mail; refused in the past, and if it breaks the notice period.
    """
    step = SITTING.require(sitting, "notify", by=by)
    check_preview(sitting, shown)
    check_send_at(sitting, send_at)
    notice = issue(sitting, NoticeIssue(kind_of_first_notice(sitting), send_at=send_at), by=by)
    facts = {"notice": notice.number, "people": sitting.invitees.expected().count()}
    SITTING.take(sitting, step, by=by, facts=facts)
    return notice


@SITTING.action("renotify")
@transaction.atomic
def renotify(sitting: Sitting, *, by: User, shown: str | None = None, send_at: datetime | None = None) -> Notice:
    """Send everybody what changed since the last notice; answers for another day are asked again."""
    step = SITTING.require(sitting, "renotify", by=by)
    check_preview(sitting, shown)
    check_send_at(sitting, send_at)
    previous = last_notice(sitting)
    changes = changes_since_notice(sitting, previous)
    moved = previous is not None and day_of(previous.snapshot) != timezone.localdate(sitting.starts_at)
    if moved:
        sitting.invitees.update(**NOT_ANSWERED)
    notice = issue(sitting, NoticeIssue(NoticeKind.CHANGED, changes=changes, send_at=send_at), by=by)
    SITTING.take(sitting, step, by=by, facts={"notice": notice.number, "answers_asked_again": moved})
    return notice


def day_of(frozen: dict[str, Any]) -> Any:
    return timezone.localdate(datetime.fromisoformat(frozen["starts_at"]))


def check_preview(sitting: Sitting, shown: str | None) -> None:
    """Raise ValidationError when the notice to send is not the one that was read."""
    if shown is not None and shown != preview(sitting).digest:
        raise ValidationError(
            _(
                "Les personnes ou les mots ont changé depuis votre lecture. "
                "Rien n’est parti : relisez, puis confirmez."
            ),
            code="changed",
        )


def check_send_at(sitting: Sitting, send_at: datetime | None) -> None:
    """Raise ValidationError unless a later departure is to come and respects the notice period of the term."""
    if send_at is None:
        return
    latest = timezone.localdate(sitting.starts_at) - timedelta(days=sitting.term.notice_days)
    if send_at <= timezone.now():
        raise ValidationError(_("Cette heure est passée. Donnez une heure à venir, ou aucune."), code="send_at")
    if timezone.localdate(send_at) > latest:
        message = _("Partie ce jour-là, la convocation arriverait trop tard : elle part au plus tard le %(day)s.")
        raise ValidationError(message % {"day": format_date(latest)}, code="send_at")


def kind_of_first_notice(sitting: Sitting) -> NoticeKind:
    return NoticeKind.SECOND if is_second_without_quorum(sitting) else NoticeKind.FIRST


def send_trial(sitting: Sitting, *, by: User) -> bool:
    """Send the convocation that would leave now to one's own address; return False when the relay refuses it.

    The notice is frozen as for everybody, read by the message, and rolled back: text, agenda and calendar event are
    those that would leave, and nobody was convened.
    """
    is_first = sitting.state == SittingState.PLANNED
    SITTING.check(by, sitting, "notify" if is_first else "renotify")
    what = NoticeIssue(kind_of_first_notice(sitting))
    if not is_first:
        what = NoticeIssue(NoticeKind.CHANGED, changes=changes_since_notice(sitting))
    own = {"reply_url": settings.SITE_URL + reverse("sittings:reply", args=["essai"])}
    with transaction.atomic():
        message = trial_message(MESSAGES[what.kind], freeze_notice(sitting, what, by=by), by, sitting.term, own)
        transaction.set_rollback(True)
    if not hand_to_relay(message):
        return False
    with transaction.atomic():
        record("notice.tested", sitting, by=by)
    return True


def stop_scheduled_notices(sitting: Sitting, *, by: User) -> None:
    """Stop the notices that are scheduled for later, since their content is no longer true."""
    waiting = Distribution.objects.filter(
        pk__in=sitting.notices.values("distribution"), send_at__gt=timezone.now(), stopped_at=None
    )
    for distribution in waiting:
        distributions.stop(distribution, by=by)


def freeze_notice(sitting: Sitting, what: NoticeIssue, *, by: User) -> Notice:
    """Create the notice as a frozen snapshot of the present facts."""
    return Notice.objects.create(
        sitting=sitting,
        number=Notice.objects.filter(sitting=sitting).count() + 1,
        kind=what.kind,
        issued_at=timezone.now(),
        issued_by=by,
        snapshot={**snapshot(sitting), **what.facts},
        changes=what.changes,
    )


def issue(sitting: Sitting, what: NoticeIssue, *, by: User) -> Notice:
    """Freeze the notice, update the list of invitees, put the messages in the outbox."""
    stop_scheduled_notices(sitting, by=by)
    notice = freeze_notice(sitting, what, by=by)
    if what.kind in (NoticeKind.FIRST, NoticeKind.CHANGED, NoticeKind.SECOND):
        update_invitees(sitting, people_to_convene(sitting))
    notice.distribution = distribute(
        MESSAGES[what.kind],
        notice,
        recipients_of(sitting),
        by=by,
        title=f"{notice.get_kind_display().capitalize()} : « {sitting.title} », {format_date(sitting.starts_at)}",
        term=sitting.term,
        key=f"notice:{sitting.pk}:{notice.number}",
        send_at=what.send_at,
    )
    notice.save(update_fields=["distribution"])
    return notice


def update_invitees(sitting: Sitting, people: Iterable[Convened]) -> None:
    """Add missing invitees, invite again those who return, withdraw members who no longer sit."""
    convened = {one.person.pk: one for one in people}
    known = {invitee.person_id: invitee for invitee in Invitee.objects.filter(sitting=sitting)}
    Invitee.objects.bulk_create(
        Invitee(sitting=sitting, person_id=pk, is_member=one.is_member, capacity=one.capacity)
        for pk, one in convened.items()
        if pk not in known
    )
    for pk, invitee in known.items():
        if pk not in convened:
            end_invitation(invitee)
        elif invitee.withdrawn_at or invitee.is_member != convened[pk].is_member:
            asked_again = NOT_ANSWERED if invitee.withdrawn_at else {}
            fields = {"withdrawn_at": None, "is_member": convened[pk].is_member, **asked_again}
            Invitee.objects.filter(pk=invitee.pk).update(**fields)


def recipients_of(sitting: Sitting, **only: Any) -> list[Recipient]:
    """Return everybody expected, each with the personal link; `only` filters the invitees."""
    invitees = Invitee.objects.expected().filter(sitting=sitting, **only).select_related("person")
    return [
        Recipient(invitee.person, context={"invitee": invitee.pk, "reply_url": reply_url(invitee)})
        for invitee in invitees.order_by("person__sort_name", "pk")
    ]


def reply_url(invitee: Invitee) -> str:
    return settings.SITE_URL + reverse("sittings:reply", args=[rules.reply_token(invitee)])


@transaction.atomic
def renew_reply_link(token: str, *, ip: str) -> None:
    """Send the last notice again to the address on file, with a new link, if there is such an invitee.

    The response is the same in both cases. Raises TooManyAttempts, and BadLink for a link that was made up. Two calls
    on one day send one message; for a link that the team revoked, none.
    """
    public_id, version, _sent = rules.read_reply(token)
    count_attempt(anonymous_limits(REPLY_LINK, ip, (20, HOUR), (60, DAY), emails=[public_id.hex]))
    rows = Invitee.objects.expected().select_related("person", "sitting__term")
    invitee = rows.filter(public_id=public_id, link_version=version).first()
    notice = invitee.sitting.notices.order_by("-number").first() if invitee else None
    if invitee is None or notice is None or invitee.person.is_paper or not invitee.sitting.takes_answers:
        return
    if not may_attempt(mailbox_limits(REPLY_LINK, invitee.person.email)):
        return
    distribute(
        "sitting-reminder",
        notice,
        recipients_of(invitee.sitting, pk=invitee.pk),
        by=None,
        title=_("Liens personnels demandés : %(title)s") % {"title": invitee.sitting.title},
        term=invitee.sitting.term,
        key=f"reminder:{invitee.sitting_id}:{notice.number}:again:{timezone.localdate():%Y-%m-%d}",
        letter=False,
        grows=True,
    )


@SITTING.action("remind")
@transaction.atomic
def remind(sitting: Sitting, *, by: User) -> int:
    """Send a reminder to those who have not answered, and return their number.

    Raises ValidationError for the second time of a day, and while the notice waits to leave.
    """
    step = SITTING.require(sitting, "remind", by=by)
    notice = sitting.notices.select_related("distribution").latest("number")
    if notice.distribution and notice.distribution.is_waiting:
        raise ValidationError(_("La convocation n’est pas encore partie : relancez après son départ."))
    key = f"reminder:{sitting.pk}:{notice.number}:{timezone.localdate():%Y-%m-%d}"
    check_first_today(key)
    silent = recipients_of(sitting, reply=Reply.INVITED)
    recipients = [one for one in silent if one.person and not one.person.is_paper]
    distribute(
        "sitting-reminder",
        notice,
        recipients,
        by=by,
        title=_("Relance : « %(title)s », %(day)s") % {"title": sitting.title, "day": format_date(sitting.starts_at)},
        term=sitting.term,
        key=key,
        letter=False,
    )
    SITTING.take(sitting, step, by=by, facts={"people": len(recipients)})
    return len(recipients)


@SITTING.action("postpone")
@transaction.atomic
def postpone(
    sitting: Sitting, *, reason: str, by: User, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> Sitting | None:
    """Postpone the sitting and notify the people convened; with a new date, plan and return the next sitting."""
    taken = SITTING.transition(sitting, "postpone", by=by, reason=reason, facts={"starts_at": starts_at})
    issue_stop_notice(sitting, taken, NoticeKind.POSTPONED, new_date=format_date(starts_at) if starts_at else "")
    follower = create_replacement(sitting, starts_at, ends_at, by=by) if starts_at and ends_at else None
    sitting_replaced.send(Sitting, sitting=sitting, follower=follower, by=by)
    return follower


@SITTING.action("cancel")
@transaction.atomic
def cancel(sitting: Sitting, *, reason: str, by: User) -> None:
    """Cancel the sitting and notify the people convened."""
    issue_stop_notice(sitting, SITTING.transition(sitting, "cancel", by=by, reason=reason), NoticeKind.CANCELLED)
    sitting_replaced.send(Sitting, sitting=sitting, follower=None, by=by)


def issue_stop_notice(sitting: Sitting, taken: Transition, kind: NoticeKind, **facts: str) -> None:
    """Issue a notice with the reason, unless nobody was convened."""
    if taken.before != SittingState.PLANNED:
        issue(sitting, NoticeIssue(kind, facts={"reason": taken.reason, **facts}), by=taken.by)


@SITTING.action("reconvene")
@transaction.atomic
def reconvene(sitting: Sitting, *, starts_at: datetime, ends_at: datetime, by: User) -> Sitting:
    """Plan the sitting after one without a quorum, same agenda; by the rule of the term it may need none."""
    SITTING.transition(sitting, "reconvene", by=by, facts={"starts_at": starts_at})
    is_waived = sitting.term.no_quorum_rule == NoQuorumRule.SECOND
    follower = create_replacement(sitting, starts_at, ends_at, by=by, is_quorum_required=not is_waived)
    sitting_replaced.send(Sitting, sitting=sitting, follower=follower, by=by)
    return follower


def create_replacement(
    sitting: Sitting, starts_at: datetime, ends_at: datetime, *, by: User, **values: Any
) -> Sitting:
    """Plan the sitting that replaces this one, with its guests."""
    successor = planning.copy(
        sitting, by=by, starts_at=starts_at, ends_at=ends_at, follows=sitting, officer=sitting.officer, **values
    )
    guests = Invitee.objects.expected().filter(sitting=sitting, is_member=False)
    Invitee.objects.bulk_create(
        Invitee(sitting=successor, person_id=guest.person_id, is_member=False, capacity=guest.capacity)
        for guest in guests
    )
    return successor


LOGISTICS = ("wants_meal", "diet", "children", "children_ages", "transport", "needs", "absence_reason")
NO_LOGISTICS = {"wants_meal": False, "diet": "", "children": 0, "children_ages": "", "transport": "", "needs": ""}


@transaction.atomic
def reply(invitee: Invitee, *, reply: str, via: str, by: User | Person, **logistics: Any) -> None:
    """Save the person's own answer; the last answer counts.

    Without `logistics` (a single tap) those saved before stay. Raises StateConflict once no answer is taken.
    """
    if not invitee.sitting.takes_answers or invitee.withdrawn_at is not None:
        raise StateConflict(invitee.sitting, "reply")
    person_id = by.person_id if isinstance(by, User) else by.pk
    if person_id != invitee.person_id:
        raise PermissionDenied
    if reply == invitee.reply and not logistics:
        return  # The same answer was sent twice.
    write(invitee, reply, via, None, logistics)
    record("invitee.replied", invitee, by=by, dossier=invitee.sitting, reply=reply, via=via)


@transaction.atomic
def record_reply(invitee: Invitee, *, reply: str, via: str, by: User, **logistics: Any) -> None:
    """Record an answer that the person gave by telephone, on paper or at the desk."""
    if not rules.can_record_answers(by, invitee.sitting):
        raise PermissionDenied
    write(invitee, reply, via, by, logistics)
    record(
        "invitee.reply_recorded",
        invitee,
        by=by,
        on_behalf_of=invitee.person,
        dossier=invitee.sitting,
        reply=reply,
        via=via,
    )


def write(invitee: Invitee, reply: str, via: str, recorded_by: User | None, logistics: dict[str, Any]) -> None:
    """Save an answer; who does not come has no meal and no child care, who comes has no reason of absence."""
    if unknown := logistics.keys() - set(LOGISTICS):
        raise ValueError(f"not an answer: {sorted(unknown)}")
    cleaned = logistics | (NO_LOGISTICS if reply == Reply.WILL_NOT else {"absence_reason": ""})
    values = {
        "reply": reply,
        "replied_at": None if reply == Reply.INVITED else timezone.now(),
        "replied_via": "" if reply == Reply.INVITED else via,
        "reply_recorded_by": recorded_by,
        **cleaned,
    }
    Invitee.objects.filter(pk=invitee.pk).update(**values)
    for name, value in values.items():
        setattr(invitee, name, value)


@transaction.atomic
def add_guest(sitting: Sitting, *, person: Person, capacity: str, by: User) -> Invitee:
    """Invite a person who is not a member of the body (expert, elected representative, agent); no account needed."""
    lock(sitting)
    if not rules.can_invite(by, sitting):
        raise PermissionDenied
    invitee, is_new = Invitee.objects.get_or_create(
        sitting=sitting, person=person, defaults={"is_member": False, "capacity": capacity or person.capacity}
    )
    if not is_new and invitee.withdrawn_at is not None:
        Invitee.objects.filter(pk=invitee.pk).update(withdrawn_at=None, capacity=capacity or invitee.capacity)
        is_new = True
    if is_new:
        record("invitee.added", invitee, by=by, on_behalf_of=invitee.person, dossier=sitting)
    return invitee


@transaction.atomic
def remove_guest(invitee: Invitee, *, by: User) -> None:
    """Withdraw the invitation of a guest; that of a member is withdrawn only when the mandate ends."""
    if not rules.can_invite(by, lock(invitee.sitting)) or invitee.is_member:
        raise PermissionDenied
    if end_invitation(invitee):
        record("invitee.removed", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


@transaction.atomic
def revoke_link(invitee: Invitee, *, by: User) -> None:
    """Revoke the personal link that was sent: the person answers from the member's pages, or by telephone."""
    if not rules.can_record_answers(by, invitee.sitting):
        raise PermissionDenied
    Invitee.objects.filter(pk=invitee.pk).update(link_version=F("link_version") + 1)
    invitee.refresh_from_db()
    record("invitee.link_revoked", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


@transaction.atomic
def withdraw_invitations(person: Person, *, by: User) -> None:
    """Withdraw the invitations that `person` would not receive today, and close their links and calendar feeds.

    One rule for every kind of departure: `people_to_convene` returns who is invited. A suspended account keeps the
    invitation of its mandate or seat, since the law requires its holder to be convened; its link, an access, ends.
    """
    asked = Invitee.objects.expected().filter(person=person, sitting__state__in=SittingState.tagged("upcoming"))
    has_account_closed = User.objects.filter(person=person, is_active=False).exists()
    for invitee in asked.select_related("sitting__term", "sitting__committee", "sitting__chair", "sitting__secretary"):
        if person.pk not in {one.person.pk for one in people_to_convene(invitee.sitting)}:
            withdraw(invitee, by=by)
        elif has_account_closed:
            Invitee.objects.filter(pk=invitee.pk).update(link_version=F("link_version") + 1)
    for user in User.objects.filter(person=person):
        if not user.is_active or not RoleAssignment.objects.filter(user=user, ended_at=None).exists():
            close_feed(user, by=by)


def withdraw(invitee: Invitee, *, by: User) -> None:
    """Withdraw an invitation: the row stays, with its date, and its link never works again."""
    if end_invitation(invitee):
        record("invitee.withdrawn", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


def end_invitation(invitee: Invitee) -> bool:
    """Set the withdrawal date of an invitation and end its link; return False if it was withdrawn already."""
    asked = Invitee.objects.filter(pk=invitee.pk, withdrawn_at=None)
    return bool(asked.update(withdrawn_at=timezone.now(), link_version=F("link_version") + 1))


def close_feed(user: User, *, by: User) -> None:
    """Close the secret address of a person's calendar: it returns nothing any more to those who have it."""
    for feed in CalendarFeed.objects.filter(user=user, is_open=True):
        CalendarFeed.objects.filter(pk=feed.pk).update(is_open=False, version=F("version") + 1)
        record("calendar.closed", feed, by=by, on_behalf_of=user.person if user != by else None)


@transaction.atomic
def open_my_feed(*, by: User) -> CalendarFeed:
    """Create a new address; the former one stops working at once."""
    feed, is_new = CalendarFeed.objects.get_or_create(user=by)
    if not is_new:
        CalendarFeed.objects.filter(pk=feed.pk).update(version=F("version") + 1, is_open=True)
        feed.refresh_from_db()
    record("calendar.opened", feed, by=by, version=feed.version)
    return feed


@transaction.atomic
def close_my_feed(*, by: User) -> None:
    """Close the address: it returns nothing any more to those who have it."""
    close_feed(by, by=by)

"""Candidatures: received, confirmed, examined, withdrawn, renewed by link, erased on the announced day."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry
from assembly.correspondence.actions import first_key
from assembly.identity.attempts import (
    ATTEMPTS_A_CODE,
    DAY,
    HOUR,
    Limit,
    TooManyAttempts,
    anonymous_limits,
    ascii_address,
    count_attempt,
    key_of,
    mailbox_limits,
    may_attempt,
)
from assembly.identity.models import User
from assembly.identity.sending import hand_to_relay
from assembly.institution.models import Term, TermState
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.composing import trial_message
from assembly.notifications.models import Delivery
from assembly.text.printable import clean_text
from assembly.web.versioned import fingerprint_of
from assembly.workflow import StateConflict, lock
from assembly.workflow.locks import lock as locks_lock, share
from draws.calls import rules as call_rules
from draws.calls.queries import extensions_of, is_frozen
from draws.calls.rules import age_band
from draws.candidates import rules
from draws.candidates.mails import DECISION, GUARDIAN, LINK, TEXT
from draws.candidates.rules import CONFIRMED_WITHIN, NEWS_RETENTION, WITHDRAWN_RETENTION
from draws.candidates.workflow import CANDIDATE, check_list_open
from draws.models import Call, CallCount, Candidate, CandidateNeed, CandidateState, Channel, NextCallAddress, PoolEntry
from members.enums import RecordChannel

IDENTITY = ("first_name", "last_name", "birth_date", "gender", "occupation")
HOME = ("address", "postcode", "city", "canton")
REACH = ("email", "phone", "wants_news")
GUARDIAN_FIELDS = ("guardian_name", "guardian_email")
ADDRESSES = ("email", "guardian_email")
FIELDS = (*IDENTITY, *HOME, *REACH, *GUARDIAN_FIELDS)
KIND = "candidate"
EXAMINED = {"first_name", "last_name", "birth_date", *HOME}


def candidature_limits(ip: str, *emails: str) -> list[Limit]:
    """Return the limits of an anonymous user: requests from one network, requests of all, mails to each address."""
    return anonymous_limits(KIND, ip, (20, HOUR), (100, DAY), emails=emails)


def count_mail(ip: str, *emails: str) -> None:
    """Count a request of an anonymous user. Raise ValidationError, with a message for the screen, above a limit."""
    try:
        count_attempt(candidature_limits(ip, *emails))
    except TooManyAttempts as refused:
        message = _("Trop de candidatures ont été envoyées d’ici aujourd’hui : réessayez demain, ou téléphonez-nous.")
        raise ValidationError(message, code="too_many_attempts") from refused


@transaction.atomic
def apply(call: Call, data: Mapping[str, Any], *, ip: str) -> Candidate:
    """Create an unconfirmed candidature from the public form and send one mail with a code.

    It counts only once it is confirmed. The mail to the guardian that follows the confirmation is counted here.
    """
    addresses = normalise(data)
    count_mail(ip, addresses["email"], addresses.get("guardian_email", ""))
    lock(call)
    canton = data["canton"]
    if not call_rules.is_receiving(call, extensions_of(call), timezone.localdate(), canton.pk if canton else None):
        raise ValidationError(_("L’appel est clos : cette candidature arrive trop tard."), code="closed")
    row = add_candidate(call, {**data, "state": CandidateState.UNCONFIRMED, "channel": Channel.WEB})
    record("candidate.received", row, by=None, channel=row.channel)
    send_link(row, by=None)
    return row


@transaction.atomic
def enter_by_hand(call: Call, data: Mapping[str, Any], *, channel: str, by: User) -> Candidate:
    """Record a candidature that came on paper, on a market or by telephone, also after the last day."""
    if not call_rules.can_see_candidates(by, call.term_id):
        raise PermissionDenied
    lock(call)
    if is_frozen(call):
        raise ValidationError(_("La liste des candidats est figée pour le tirage."), code="frozen")
    row = add_candidate(call, {**data, "state": CandidateState.SUBMITTED, "channel": channel, "recorded_by": by})
    record("candidate.entered", row, by=by, channel=channel)
    return row


def add_candidate(call: Call, data: Mapping[str, Any]) -> Candidate:
    """Create a row of a locked call, with its number, its household and the day on which it will be erased."""
    now = timezone.now()
    fields = normalise(data)
    needs = fields.pop("needs", ())
    call.last_number += 1
    Call.objects.filter(pk=call.pk).update(last_number=call.last_number)
    row = Candidate(
        call=call,
        number=call.last_number,
        received_at=now,
        consented_at=now,
        erase_on=call_rules.erasure_day(call),
        household=rules.household_of(fields["address"], fields["postcode"], fields["city"]),
        is_canton_checked=fields["canton"] is not None and not call_rules.is_split(call, fields["city"]),
        **fields,
    )
    row.full_clean(exclude=["call"])
    row.save()
    set_needs(row, needs)
    return row


def normalise(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with composed accents, no invisible characters, and mail addresses as servers write them."""
    fields = {name: clean_text(value).strip() if isinstance(value, str) else value for name, value in data.items()}
    for name in ADDRESSES:
        if fields.get(name):
            fields[name] = ascii_address(fields[name].lower())
    return fields


def set_needs(row: Candidate, needs: Iterable[str]) -> None:
    """Replace the needs of a candidate. They have their own table: no examiner reads it and no pool holds it."""
    row.needs.exclude(kind__in=list(needs)).delete()
    CandidateNeed.objects.bulk_create(
        [CandidateNeed(candidate=row, kind=kind) for kind in needs], ignore_conflicts=True
    )


def send_candidate_mail(kind: str, row: Candidate, *, by: User | None, title: str) -> None:
    """Send one message to one candidate; a second one in the same minute is the same. The outbox holds a key only."""
    today = timezone.localdate()
    assembly = row.call.term.assembly  # Not the call: its history would list each mail.
    distribute(
        kind,
        assembly,
        [Recipient(None, {"candidate": row.pk}, mark=f"candidate:{row.pk}:{timezone.localtime():%H%M}")],
        by=by,
        title=title,
        key=f"{kind}:{row.call_id}:{today}",
        term=row.call.term,
        grows=True,
    )


@transaction.atomic
def write_to_candidates(
    term: Term, rows: Sequence[Candidate], text: str, *, send_at: datetime | None, by: User
) -> int:
    """Write to candidates about their candidature; the same text leaves once a day to each. Return to how many."""
    if not call_rules.can_see_candidates(by, term):
        raise PermissionDenied
    if send_at is not None and send_at <= timezone.now():
        raise ValidationError(_("Cette heure est passée. Donnez une heure à venir, ou aucune."), code="send_at")
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    key = first_key(f"{TEXT}:{term.pk}:{digest}:{timezone.localdate()}")
    known = set(Delivery.objects.filter(distribution__key=key).values_list("key", flat=True))
    new = [row for row in rows if f"{key}:candidate:{row.pk}" not in known]
    if not new:
        raise ValidationError(_("Ce message est déjà parti aujourd’hui à ces personnes, ou plus aucune ne le reçoit."))
    distribution = distribute(
        TEXT,
        term.assembly,
        [Recipient(None, {"candidate": row.pk, "text": text}, mark=f"candidate:{row.pk}") for row in new],
        by=by,
        title=_("Message sur les candidatures"),
        key=key,
        term=term,
        send_at=send_at,
        grows=True,
    )
    if distribution.send_at != send_at:
        raise ValidationError(_("Ce même message part déjà aujourd’hui, à une autre heure."), code="send_at")
    for row in new:
        record("candidate.written_to", row, by=by)
    return len(new)


def send_text_trial(row: Candidate, text: str, *, by: User) -> bool:
    """Send a text to one’s own address as this candidate would read it; return False when the relay refuses it."""
    term = row.call.term
    if not call_rules.can_see_candidates(by, term):
        raise PermissionDenied
    return hand_to_relay(trial_message(TEXT, term.assembly, by, term, {"candidate": row.pk, "text": text}))


def send_link(row: Candidate, *, by: User | None) -> None:
    send_candidate_mail(LINK, row, by=by, title=_("Liens personnels des candidatures"))


def ask_guardian(row: Candidate) -> None:
    """Write to the guardian whom a minor named, once the minor’s own address is confirmed."""
    is_minor = call_rules.is_minor(row.birth_date, timezone.localdate())
    if is_minor and row.guardian_email and row.guardian_agreed_on is None:
        send_candidate_mail(GUARDIAN, row, by=None, title=_("Demandes d’autorisation parentale"))


# What the candidate does alone, by the code or the personal link


def lock_linked(row: Candidate, email: str, column: str = "email") -> None:
    """Lock a candidature for the holder of a link of `email`. Raise StateConflict where its address is another one."""
    share(Call.objects.filter(pk=row.call_id))
    lock(row)
    if getattr(row, column) != email:
        raise StateConflict(row, "address")


def confirm_by_code(row: Candidate, typed: str) -> None:
    """Count the guess, then check it. There is no transaction here, so that a refused guess stays counted."""
    count_attempt([Limit(key_of("candidate-code", row.public_id.hex), ATTEMPTS_A_CODE, DAY)])
    if not rules.is_confirmation_code(row, typed):
        raise ValidationError(_("Ce n’est pas ce code. Recopiez les six chiffres du dernier message."), code="code")
    confirm_candidature(row)


@transaction.atomic
def confirm_candidature(row: Candidate) -> None:
    """Confirm the address of a candidature and send what depended on it; a second confirmation changes nothing.

    Raises a ValidationError for a new candidature once the list of the draw is frozen.
    """
    lock_linked(row, row.email)
    if row.has_confirmed_address or row.state == CandidateState.WITHDRAWN:
        return
    if row.state == CandidateState.UNCONFIRMED:
        check_list_open(row)
        CANDIDATE.follow(row, "confirm", confirmed_email=row.email)
        ask_guardian(row)
    else:
        Candidate.objects.filter(pk=row.pk).update(confirmed_email=row.email)
        row.confirmed_email = row.email
        record("candidate.address_confirmed", row, by=None)
    if row.decision_sent_at:
        send_candidate_mail(DECISION, row, by=None, title=_("Décisions sur les candidatures"))


@CANDIDATE.action("confirm")
@transaction.atomic
def confirm_for(row: Candidate, *, by: User) -> None:
    """Confirm a candidature for a person whom the team identified, by telephone for instance."""
    CANDIDATE.transition(row, "confirm", by=by)
    ask_guardian(row)


@transaction.atomic
def withdraw_by_link(row: Candidate) -> None:
    """Withdraw a candidature by its personal link."""
    lock_linked(row, row.email)
    CANDIDATE.follow(row, "withdraw")


@transaction.atomic
def renounce_by_link(row: Candidate) -> None:
    """Renounce by the personal link, once the list is frozen: it stays unchanged, and no seat is proposed."""
    lock_linked(row, row.email)
    CANDIDATE.follow(row, "renounce", facts={"on": timezone.localdate(), "channel": RecordChannel.ONLINE})


@CANDIDATE.action("renounce")
@transaction.atomic
def renounce_for(row: Candidate, *, on: date, channel: str, by: User) -> None:
    """Record that a person in a frozen list renounced, on that day and by that channel, as the team learnt it."""
    if on > timezone.localdate():
        raise ValidationError(_("Ce jour n’est pas encore venu."), code="on")
    CANDIDATE.transition(row, "renounce", by=by, facts={"on": on, "channel": channel})


def version_of(row: Candidate) -> str:
    return fingerprint_of(row, [*FIELDS, "state"])


@transaction.atomic
def correct(
    row: Candidate, data: Mapping[str, Any], *, version: str, by: User | None = None, ip: str = ""
) -> list[str]:
    """Change what was recorded, by the team or by the personal link (`by` None, from `ip`).
    Return the names of the fields that changed."""
    fields = normalise(data)
    addresses = [fields[name] for name in ADDRESSES if fields.get(name) and fields[name] != getattr(row, name)]
    if by is None and addresses:
        count_mail(ip, *addresses)  # Counters before the call: `apply` locks them in this order.
    share(Call.objects.filter(pk=row.call_id))
    lock(row)
    check_correction(row, version, by)
    changed = {name: fields[name] for name in FIELDS if name in fields and getattr(row, name) != fields[name]}
    for name, value in changed.items():
        setattr(row, name, value)
    if "email" in changed:
        row.confirmed_email = ""
    follow_changes(row, changed, by=by)
    row.full_clean(exclude=["call"])
    row.save()
    if "needs" in data:
        set_needs(row, data["needs"])
    if changed:
        record("candidate.corrected", row, by=by, fields=sorted(changed))
        follow_correction(row, changed, by=by)
    return sorted(changed)


def check_correction(row: Candidate, version: str, by: User | None) -> None:
    if by is not None and not CANDIDATE.has_permission(by, row, "correct"):
        raise PermissionDenied
    if row.state not in CandidateState.tagged("correctable"):
        raise StateConflict(row, "correct")
    if version_of(row) != version:
        message = _("Cette candidature a changé depuis que vous l’avez ouverte. Relisez-la avant de recommencer.")
        raise ValidationError(message, code="changed")


def follow_correction(row: Candidate, changed: Collection[str], *, by: User | None) -> None:
    """Restart the examination, ask a new address to confirm or ask a new guardian to agree, as the changes require."""
    if EXAMINED & set(changed) and (row.state == CandidateState.ELIGIBLE or row.verdict):
        CANDIDATE.follow(row, "examine_again", by=by)
    if "email" in changed and row.email:
        send_link(row, by=by)
    if "guardian_email" in changed and row.state == CandidateState.SUBMITTED:
        ask_guardian(row)


def follow_changes(row: Candidate, changed: Mapping[str, Any], *, by: User | None) -> None:
    """Update household, canton check and the guardian's agreement after an address or a guardian changed."""
    if {"address", "postcode", "city"} & set(changed):
        row.household = rules.household_of(row.address, row.postcode, row.city)
    if by is not None:
        row.is_canton_checked = row.canton_id is not None
    elif {"city", "canton", "address"} & set(changed):
        row.is_canton_checked = row.canton_id is not None and not call_rules.is_split(row.call, row.city)
    if set(GUARDIAN_FIELDS) & set(changed) and by is None:
        row.guardian_agreed_on = None


@transaction.atomic
def agree_as_guardian(row: Candidate) -> None:
    """Record the agreement given by the link that only the named guardian received. Twice has the effect of once."""
    lock_linked(row, row.guardian_email, "guardian_email")
    with suppress(StateConflict):
        CANDIDATE.follow(row, "authorise", guardian_agreed_on=timezone.localdate(), facts={"through": "link"})


# What the team does


@transaction.atomic
def admit(row: Candidate, *, by: User) -> None:
    CANDIDATE.transition(row, "admit", by=by)


@transaction.atomic
def reject(row: Candidate, *, ground: str, by: User) -> None:
    CANDIDATE.transition(row, "reject", by=by, facts={"ground": ground})


@transaction.atomic
def exclude(row: Candidate, *, reason: str, by: User) -> None:
    """Exclude from the list a candidature that nobody could examine, and write the reason to the person."""
    CANDIDATE.transition(row, "exclude", by=by, facts={"reason": reason})
    if row.email:
        mail_decision(row, by=by)


@CANDIDATE.action("merge")
@transaction.atomic
def merge(row: Candidate, original: Candidate, *, by: User) -> None:
    """Mark a candidature as a duplicate of `original`, which stays."""
    if original.pk == row.pk or original.call_id != row.call_id or original.state == CandidateState.DUPLICATE:
        raise ValidationError(_("Choisissez l’autre candidature, celle qui reste."), code="original")
    CANDIDATE.transition(row, "merge", by=by, facts={"original": original.pk}, duplicate_of=original)


@CANDIDATE.action("authorise")
@transaction.atomic
def authorise(row: Candidate, *, by: User, name: str, on: Any) -> None:
    """Record the authorisation that a parent or guardian signed on paper."""
    CANDIDATE.transition(row, "authorise", by=by, guardian_name=name, guardian_agreed_on=on)


@CANDIDATE.action("send_link")
@transaction.atomic
def send_link_again(row: Candidate, *, by: User) -> None:
    CANDIDATE.transition(row, "send_link", by=by)
    send_link(row, by=by)


@CANDIDATE.action("send_decision")
@transaction.atomic
def send_decision(row: Candidate, *, by: User) -> None:
    """Send the decision to the candidate, once."""
    CANDIDATE.transition(row, "send_decision", by=by)
    mail_decision(row, by=by)


def mail_decision(row: Candidate, *, by: User) -> None:
    """Send the decision; an unconfirmed address is first asked to confirm, and the decision follows then."""
    if row.has_confirmed_address:
        send_candidate_mail(DECISION, row, by=by, title=_("Décisions sur les candidatures"))
    else:
        send_link(row, by=by)


ENTRY_MAIL = "draw-entry"


@transaction.atomic
def renew_link(token: str, *, ip: str) -> None:
    """Send a new link to the address on file, if any; the answer does not reveal it. Raise TooManyAttempts."""
    for link, send in (
        (rules.PAGE, renew_page),
        (rules.CODE, renew_page),
        (rules.GUARDIAN, renew_guardian),
        (rules.ENTRY, renew_entry),
    ):
        if (sent := link.read(token)) is not None:
            count_attempt(candidature_limits(ip, sent.name))
            send(sent.name)
            return


def renew_page(name: str) -> None:
    row = Candidate.objects.filter(public_id=name).first()
    if row is not None and row.email and may_attempt(mailbox_limits(KIND, row.email)):
        send_link(row, by=None)


def renew_guardian(name: str) -> None:
    row = Candidate.objects.filter(public_id=name, state=CandidateState.SUBMITTED).first()
    if row is not None and row.guardian_email and may_attempt(mailbox_limits(KIND, row.guardian_email)):
        ask_guardian(row)


def renew_entry(key: str) -> None:
    """Send the link to the frozen list where the candidate’s address is confirmed; else ask the address to confirm."""
    entry = PoolEntry.objects.filter(key=key, candidate__isnull=False).select_related("candidate").first()
    if entry is None or not entry.applicant.has_confirmed_address:
        renew_page(entry.applicant.public_id.hex if entry else "0" * 32)
    elif may_attempt(mailbox_limits(KIND, entry.applicant.email)):
        write_entry_again(entry)


def write_entry_again(entry: PoolEntry) -> None:
    draw = entry.pool.draw
    distribute(
        ENTRY_MAIL,
        draw,
        [Recipient(None, {"entry": entry.pk}, mark=f"entry:{entry.pk}:{timezone.localtime():%H%M}")],
        by=None,
        title=_("Liens personnels des candidatures"),
        key=f"{ENTRY_MAIL}:{entry.pool_id}:again:{timezone.localdate()}",
        term=draw.term,
        grows=True,
    )


S = CandidateState
SUBJECT = "draws.Candidate"


def due_for_erasure(now: datetime) -> QuerySet[Candidate]:
    """Return the candidates whose announced day has come. A list that is frozen for a draw stays until its result."""
    rows = Candidate.objects.filter(erase_on__lte=timezone.localdate(now))
    return rows.exclude(state__in=[*S.tagged("seated"), S.IN_POOL]).select_related("call__term").order_by("pk")


def seated_for_erasure(now: datetime) -> QuerySet[Candidate]:
    """Return those who were drawn, and the alternates, once their term is over."""
    over = Q(call__term__state__in=TermState.tagged("ended"))
    over &= Q(call__term__ends_on__lt=timezone.localdate(now))
    return Candidate.objects.filter(over, state__in=S.tagged("seated")).select_related("call__term").order_by("pk")


def never_confirmed(now: datetime) -> QuerySet[Candidate]:
    """Return the forms that nobody confirmed in time."""
    return Candidate.objects.filter(state=S.UNCONFIRMED, received_at__lt=now - CONFIRMED_WITHIN).order_by("pk")


def withdrawn_for_erasure(now: datetime) -> QuerySet[Candidate]:
    """Return the candidatures withdrawn more than a month ago: until then a mistake can be undone."""
    gone = Entry.objects.filter(
        event_type="candidate.withdrawn", subject_type=SUBJECT, at__gte=now - WITHDRAWN_RETENTION
    )
    recent = [int(pk) for pk in gone.values_list("subject_id", flat=True)]
    rows = Candidate.objects.filter(state=S.WITHDRAWN).exclude(pk__in=recent)
    return rows.select_related("call__term").order_by("pk")


def old_news(now: datetime) -> QuerySet[NextCallAddress]:
    return NextCallAddress.objects.filter(agreed_on__lt=timezone.localdate(now) - NEWS_RETENTION)


@transaction.atomic
def erase_one(row: Candidate) -> None:
    """Count a candidate, save the address if it asked for the next call, and erase everything else."""
    row = locks_lock(row)
    add_to_count(row)
    if row.wants_news and row.has_confirmed_address and row.consented_at:
        agreed = timezone.localdate(row.consented_at)
        NextCallAddress.objects.get_or_create(
            assembly_id=row.call.term.assembly_id, email=row.email, defaults={"agreed_on": agreed}
        )
    erase_row(row)


@transaction.atomic
def erase_row(row: Candidate) -> None:
    """Delete a candidate with everything that was typed about them, the reasons in the journal too."""
    lines = Entry.objects.filter(subject_type=SUBJECT, subject_id=str(row.pk), detail__erased_at=None)
    erase_details(lines.filter(detail__isnull=False).values_list("pk", flat=True), by=None)
    record("candidate.erased", row, by=None, state=row.state)
    Candidate.objects.filter(pk=row.pk).delete()


def add_to_count(row: Candidate) -> None:
    """Add a candidate to the count by canton, gender, age, occupation and channel."""
    features: dict[str, Any] = {
        name: getattr(row, name) for name in ("call", "canton", "gender", "occupation", "channel")
    }
    features["age_band"] = age_band(row.birth_date, row.call.day_of_age)
    counted, _is_new = CallCount.objects.get_or_create(**features)
    CallCount.objects.filter(pk=counted.pk).update(number=F("number") + 1)

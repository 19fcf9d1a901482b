"""Charter, image, measures to arrange, later contact: answers of a member online, or recorded by the team."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from members import rules
from members.consents.mails import welcome_alumni
from members.consents.queries import image_answers
from members.enums import RecordChannel
from members.mandates.queries import mandate_in_term
from members.models import (
    AccommodationNeed,
    AlumniConsent,
    CharterAcceptance,
    CharterVersion,
    ImageConsent,
    Mandate,
    Member,
)
from members.rules import check_not_in_future


@transaction.atomic
def publish_charter(term: Term, *, by: User, text: str, in_force_on: date) -> CharterVersion:
    """Publish the next version of the charter; earlier acceptances stay valid for the wording accepted."""
    if not rules.can_publish_charter(by, term):
        raise PermissionDenied
    Term.objects.select_for_update(of=("self",), no_key=True).get(pk=term.pk)
    latest = CharterVersion.objects.filter(term=term).first()
    number = latest.number + 1 if latest else 1
    version = CharterVersion.objects.create(term=term, number=number, text=text, in_force_on=in_force_on)
    record("charter.published", version, by=by, dossier=term, number=number)
    return version


@transaction.atomic
def accept_charter(
    member: Member,
    version: CharterVersion,
    *,
    by: User,
    on: date | None = None,
    channel: str = RecordChannel.ONLINE,
) -> CharterAcceptance:
    """Accept this version; a second acceptance of the same version changes nothing."""
    recorder, mandate = agreement_author(member, version.term_id, by, is_online=channel == RecordChannel.ONLINE)
    day = past_day(on)
    acceptance, created = CharterAcceptance.objects.get_or_create(
        member=member,
        version=version,
        defaults={"accepted_on": day, "channel": channel, "recorded_by": recorder},
    )
    if created:
        facts = {"version": version.number, "channel": channel, "on": day}
        record_agreement("charter.accepted", member, mandate, by=by, recorder=recorder, **facts)
    return acceptance


@transaction.atomic
def decide_image(
    member: Member,
    answers: dict[str, bool],
    *,
    by: User,
    term: Term,
    on: date | None = None,
    channel: str = RecordChannel.ONLINE,
) -> int:
    """Record the answers, use by use; only those that differ from the answer in force make a new row."""
    recorder, mandate = agreement_author(member, term.pk, by, is_online=channel == RecordChannel.ONLINE)
    day = past_day(on)
    known = {use: row.is_given for use, row in image_answers(member).items() if row}
    new = {use: answer for use, answer in answers.items() if known.get(use) != answer}
    for use, answer in new.items():
        ImageConsent.objects.create(
            member=member, use=use, is_given=answer, decided_on=day, channel=channel, recorded_by=recorder
        )
    if new:
        facts = {"answers": new, "channel": channel, "on": day}
        record_agreement("image_consent.decided", member, mandate, by=by, recorder=recorder, **facts)
    return len(new)


@transaction.atomic
def record_need(
    member: Member, *, by: User, term: Term, kind: str, measure: str = "", channel: str = RecordChannel.ONLINE
) -> AccommodationNeed:
    """Record a measure to arrange. The journal states that there is one, not which."""
    recorder, mandate = agreement_author(member, term.pk, by, is_online=channel == RecordChannel.ONLINE)
    need = AccommodationNeed(
        member=member, kind=kind, measure=measure, starts_on=timezone.localdate(), recorded_by=recorder
    )
    need.full_clean()
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as refused:
        raise ValidationError(_("Cette mesure est déjà notée.")) from refused
    record_agreement("need.recorded", member, mandate, by=by, recorder=recorder, need=need.pk)
    return need


@transaction.atomic
def end_need(need: AccommodationNeed, *, by: User, term: Term) -> None:
    """End a measure from today on: it is no longer needed."""
    recorder, mandate = agreement_author(need.member, term.pk, by, is_online=rules.is_this_member(by, need.member))
    today = timezone.localdate()
    if AccommodationNeed.objects.filter(pk=need.pk, ends_on=None).update(ends_on=max(need.starts_on, today)):
        record_agreement("need.ended", need.member, mandate, by=by, recorder=recorder, need=need.pk)


def record_agreement(
    event_type: str, member: Member, mandate: Mandate, *, by: User, recorder: User | None, **facts: Any
) -> None:
    """Record a line of the journal, « au nom de » the member where the team wrote it down."""
    record(event_type, member, by=by, on_behalf_of=member.person if recorder else None, dossier=mandate, **facts)


def agreement_author(member: Member, term_id: int, by: User, *, is_online: bool) -> tuple[User | None, Mandate]:
    """Return who writes it down (None for the member online) and the mandate. Raise PermissionDenied."""
    mandate = mandate_in_term(member, term_id)
    if mandate is None or rules.is_this_member(by, member) != is_online:
        raise PermissionDenied
    if is_online:
        return None, mandate
    if not rules.can_manage(by, term_id):
        raise PermissionDenied
    return by, mandate


def past_day(on: date | None) -> date:
    """Return the day, today by default. Raise ValidationError for a day to come."""
    if on:
        check_not_in_future(on)
    return on or timezone.localdate()


@transaction.atomic
def stay_in_touch(
    member: Member, term: Term, *, agrees: bool, by: User, channel: str = RecordChannel.ONLINE
) -> AlumniConsent | None:
    """Give the consent, or withdraw it; the same answer again changes nothing and sends nothing."""
    recorder, mandate = agreement_author(member, term.pk, by, is_online=channel == RecordChannel.ONLINE)
    known = AlumniConsent.objects.filter(mandate=mandate).first()
    if not agrees:
        if known is not None:
            known.delete()
            record_agreement("alumni.left", member, mandate, by=by, recorder=recorder)
        return None
    if known is not None:
        return known
    consent, is_new = AlumniConsent.objects.get_or_create(
        mandate=mandate, defaults={"given_at": timezone.now(), "channel": channel, "recorded_by": recorder}
    )
    if is_new:
        record_agreement("alumni.joined", member, mandate, by=by, recorder=recorder, channel=channel)
        welcome_alumni(consent, by=by)
    return consent


@transaction.atomic
def leave_by_link(consent: AlumniConsent) -> None:
    """Withdraw the consent without signing in, for whoever has the link of the message."""
    count, _rows = AlumniConsent.objects.filter(pk=consent.pk).delete()
    if count:
        mandate = consent.mandate
        record("alumni.left", mandate.member, by=None, on_behalf_of=mandate.member.person, dossier=mandate)


@transaction.atomic
def record_alumni_download(term: Term, *, by: User) -> None:
    """Record who downloads the list: the file has addresses."""
    if not rules.can_see_private(by, term):
        raise PermissionDenied
    record("alumni.exported", term, by=by, dossier=term)

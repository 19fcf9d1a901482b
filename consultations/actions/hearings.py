"""Hearings and site visits: planned, changed, held or called off; guests; the report, saved as one types."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import clean_html
from assembly.identity.models import Person, User
from assembly.workflow import StateConflict
from consultations.enums import HearingState
from consultations.models import Hearing, HearingGuest, Referral
from consultations.rules import briefing as rules
from consultations.workflows.referrals import share_referral
from sessions.rules.rich_text import trimmed

FACTS = ("kind", "title", "committee", "starts_at", "ends_at", "place", "video_link")


class ReportOvertaken(ValidationError):
    """Somebody else saved the report meanwhile: `current` holds it, `html` is what was typed, cleaned."""

    def __init__(self, current: Hearing, html: str) -> None:
        self.current = current
        self.html = html
        words = _("Quelqu’un d’autre a enregistré ce compte rendu pendant que vous écriviez.")
        super().__init__(words, code="overtaken")


@transaction.atomic
def plan(referral: Referral, *, by: User, **facts: Any) -> Hearing:
    """Put it in the calendar of the group that holds it."""
    share_referral(referral, "hear", rules.can_brief, by=by)
    check_committee(referral, facts.get("committee"))
    hearing = Hearing.objects.create(referral=referral, created_by=by, **facts)
    record("hearing.planned", hearing, by=by, dossier=referral, starts_at=hearing.starts_at)
    return hearing


def check_committee(referral: Referral, committee: Any) -> None:
    if committee is not None and committee.term_id != referral.term_id:
        raise ValidationError(_("Choisissez un groupe de la mandature."), code="committee")


def held_hearing(hearing: Hearing, by: User) -> Hearing:
    """The row as it stands, held; one that was called off meanwhile, or whose referral ended or went back, is left."""
    share_referral(hearing.referral, "hear", rules.can_brief, by=by)
    found = Hearing.objects.select_for_update(of=("self",)).select_related("referral").get(pk=hearing.pk)
    if found.state == HearingState.CANCELLED:
        raise StateConflict(found, "change")
    return found


@transaction.atomic
def change(hearing: Hearing, *, by: User, **facts: Any) -> Hearing:
    """Another day, another place, another title: calendars follow by themselves."""
    if not rules.can_change_hearing(by, hearing):
        raise PermissionDenied
    check_committee(hearing.referral, facts.get("committee"))
    found = held_hearing(hearing, by)
    changed = {name: facts[name] for name in FACTS if name in facts and facts[name] != getattr(found, name)}
    if changed:
        for name, value in changed.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*changed, "version"])
        record("hearing.changed", found, by=by, dossier=hearing.referral, fields=sorted(changed))
    return found


@transaction.atomic
def add_guest(hearing: Hearing, *, by: User, person: Person | None = None, **facts: Any) -> HearingGuest:
    """Somebody to hear: a name and a capacity, or a person that the assembly knows. The same person is named once."""
    if not rules.can_change_hearing(by, hearing):
        raise PermissionDenied
    held_hearing(hearing, by)
    if person is not None:
        facts["name"] = person.full_name
    same = HearingGuest.objects.filter(hearing=hearing, removed_at=None, name=facts["name"], person=person)
    if found := same.first():
        return found
    guest = HearingGuest.objects.create(hearing=hearing, person=person, **facts)
    record("hearing.guest_added", hearing, by=by, dossier=hearing.referral)
    return guest


@transaction.atomic
def remove_guest(guest: HearingGuest, *, by: User) -> None:
    if not rules.can_change_hearing(by, guest.hearing):
        raise PermissionDenied
    held_hearing(guest.hearing, by)
    if HearingGuest.objects.filter(pk=guest.pk, removed_at=None).update(removed_at=timezone.now()):
        record("hearing.guest_removed", guest.hearing, by=by, dossier=guest.hearing.referral)


@transaction.atomic
def write_report(hearing: Hearing, html: str, *, version: int, by: User) -> Hearing:
    """Save the report if nobody saved since `version`; raises ReportOvertaken, or what the sanitizer refuses."""
    if not rules.can_write_report(by, hearing):
        raise PermissionDenied
    cleaned = trimmed(clean_html(html))
    if cleaned == hearing.report and version == hearing.report_version:
        return hearing
    now = timezone.now()
    same = Hearing.objects.filter(pk=hearing.pk, report_version=version)
    if not same.update(report=cleaned, report_version=version + 1, report_saved_at=now):
        raise ReportOvertaken(Hearing.objects.get(pk=hearing.pk), cleaned)
    is_first = not hearing.report
    hearing.report, hearing.report_version, hearing.report_saved_at = cleaned, version + 1, now
    if is_first or version % 20 == 0:
        record("hearing.report_written", hearing, by=by, dossier=hearing.referral, version=hearing.report_version)
    return hearing

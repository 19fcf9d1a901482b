"""Service functions of hearings and site visits: plan, change, guests, and the report, saved while it is typed."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import clean_html
from assembly.identity.models import Person, User
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict
from consultations.hearings import workflow
from consultations.models import Hearing, HearingGuest, HearingState, Referral
from consultations.referrals.rules import can_brief
from consultations.referrals.workflow.shared_steps import share_referral
from sessions.minutes.rules import trimmed

FACTS = ("kind", "title", "committee", "starts_at", "ends_at", "place", "video_link")


REPORT = Versioned(version="report_version", at="report_saved_at")


@transaction.atomic
def plan(referral: Referral, *, by: User, **facts: Any) -> Hearing:
    """Plan a hearing in the calendar of the group that holds it."""
    share_referral(referral, "hear", can_brief, by=by)
    check_committee(referral, facts.get("committee"))
    hearing = Hearing.objects.create(referral=referral, created_by=by, **facts)
    record("hearing.planned", hearing, by=by, dossier=referral, starts_at=hearing.starts_at)
    return hearing


def check_committee(referral: Referral, committee: Any) -> None:
    if committee is not None and committee.term_id != referral.term_id:
        raise ValidationError(_("Choisissez un groupe de la mandature."), code="committee")


def lock_hearing(hearing: Hearing, by: User) -> Hearing:
    """Return the row, locked; raise StateConflict if it was called off, or its referral ended or went back."""
    share_referral(hearing.referral, "hear", can_brief, by=by)
    current = (
        Hearing.objects.select_for_update(of=("self",), no_key=True).select_related("referral").get(pk=hearing.pk)
    )
    if current.state == HearingState.CANCELLED:
        raise StateConflict(current, "change")
    return current


@transaction.atomic
def change(hearing: Hearing, *, by: User, **facts: Any) -> Hearing:
    """Change day, place, title or other facts of a hearing; calendar feeds follow without another step."""
    if not workflow.can_change_hearing(by, hearing):
        raise PermissionDenied
    check_committee(hearing.referral, facts.get("committee"))
    current = lock_hearing(hearing, by)
    changed = {name: facts[name] for name in FACTS if name in facts and facts[name] != getattr(current, name)}
    if changed:
        for name, value in changed.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*changed, "version"])
        record("hearing.changed", current, by=by, dossier=hearing.referral, fields=sorted(changed))
    return current


@transaction.atomic
def add_guest(hearing: Hearing, *, by: User, person: Person | None = None, **facts: Any) -> HearingGuest:
    """Add somebody to hear: a name and a capacity, or a registered person; the same one is added once."""
    if not workflow.can_change_hearing(by, hearing):
        raise PermissionDenied
    lock_hearing(hearing, by)
    if person is not None:
        facts["name"] = person.full_name
    same = HearingGuest.objects.filter(hearing=hearing, removed_at=None, name=facts["name"], person=person)
    if guest := same.first():
        return guest
    new_guest = HearingGuest.objects.create(hearing=hearing, person=person, **facts)
    record("hearing.guest_added", hearing, by=by, dossier=hearing.referral)
    return new_guest


@transaction.atomic
def remove_guest(guest: HearingGuest, *, by: User) -> None:
    if not workflow.can_change_hearing(by, guest.hearing):
        raise PermissionDenied
    lock_hearing(guest.hearing, by)
    if HearingGuest.objects.filter(pk=guest.pk, removed_at=None).update(removed_at=timezone.now()):
        record("hearing.guest_removed", guest.hearing, by=by, dossier=guest.hearing.referral)


@transaction.atomic
def write_report(hearing: Hearing, html: str, *, version: int, by: User) -> Hearing:
    """Save the report; raise EditConflict when somebody saved since `version`, or what the sanitizer raises."""
    if not workflow.can_write_report(by, hearing):
        raise PermissionDenied
    cleaned = trimmed(clean_html(html))
    if cleaned == hearing.report and version == hearing.report_version:
        return hearing
    is_first = not hearing.report
    REPORT.save(hearing, {"report": cleaned, "report_saved_at": timezone.now()}, version=version)
    if is_first or version % 20 == 0:
        record("hearing.report_written", hearing, by=by, dossier=hearing.referral, version=hearing.report_version)
    return hearing

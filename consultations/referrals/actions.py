"""Life cycle of a referral, from the draft to the close: what its steps do besides the row and the audit log."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.models import Upload
from assembly.identity.models import User
from assembly.institution.actions.numbering import next_number
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import is_team
from assembly.web.versioned import Versioned
from assembly.workflow import lock
from consultations.enums import ReferralOrigin, ReferralState
from consultations.models import DirectorateReview, Referral, ReferralDirectorate
from consultations.referrals import rules
from consultations.referrals.models import TEXT
from consultations.reviews.actions import asking as reviews
from consultations.workflows.referrals import REFERRAL

SERIES = "referral"


REFERRAL_TEXT = Versioned(at="changed_at")


def next_reference(term: Term, origin: ReferralOrigin) -> str:
    """Return the next reference (`S-2026-02`, `AS-2026-03`), given once; one counter a year serves both origins."""
    year = timezone.localdate().year
    prefix = "AS" if origin == ReferralOrigin.SELF_REFERRAL else "S"
    return f"{prefix}-{year}-{next_number(term.assembly, SERIES, year):02d}"


@transaction.atomic
def create(
    term: Term,
    *,
    by: User,
    title: str,
    lead: Directorate | None = None,
    associated: Iterable[Directorate] = (),
    officer: User | None = None,
    **values: Any,
) -> Referral:
    """Create a referral of the president and give it its permanent reference."""
    if not rules.can_create(by, term):
        raise PermissionDenied
    _only(values, TEXT)
    referral = Referral.objects.create(
        term=term,
        origin=ReferralOrigin.PRESIDENT,
        state=ReferralState.DRAFT,
        reference=next_reference(term, ReferralOrigin.PRESIDENT),
        title=title,
        officer=_of_team(officer, term) or by,
        **values,
    )
    record("referral.created", referral, by=by, reference=referral.reference)
    name_directorates(referral, lead=lead, associated=associated, by=by)
    return referral


@transaction.atomic
def edit(
    referral: Referral,
    *,
    version: int,
    by: User,
    lead: Directorate | None = None,
    associated: Iterable[Directorate] | None = None,
    **values: Any,
) -> Referral:
    """Correct what may still be corrected; raise EditConflict when somebody saved since `version` was read."""
    if not rules.can_edit(by, referral):
        raise PermissionDenied
    _only(values, rules.editable_fields(referral))
    changed = sorted(name for name, value in values.items() if getattr(referral, name) != value)
    if changed:
        written = {**values, "changed_at": timezone.now()}
        REFERRAL_TEXT.save(referral, written, version=version, state=referral.state)
    else:
        rows = Referral.objects.filter(pk=referral.pk, version=version, state=referral.state)
        if not rows.select_for_update(no_key=True).exists():
            raise REFERRAL_TEXT.conflict(referral, values)
    referral.refresh_from_db()
    if associated is not None and rules.can_name_directorates(by, referral):
        changed += name_directorates(referral, lead=lead, associated=associated, by=by)
    if changed:
        record("referral.changed", referral, by=by, fields=changed)
    return referral


def _only(values: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := values.keys() - known:
        raise ValueError(f"not editable: {sorted(unknown)}")


def name_directorates(
    referral: Referral, *, lead: Directorate | None, associated: Iterable[Directorate], by: User
) -> list[str]:
    """Name the lead and the associated directorates; one that was asked for a review stays named."""
    directorates = {row.pk: row for row in associated} | ({lead.pk: lead} if lead else {})
    for row in directorates.values():
        if row.assembly_id != referral.term.assembly_id:
            raise ValidationError(_("Cette direction n’est pas de cette assemblée."), code="directorate")
    named = {row.directorate_id: row for row in ReferralDirectorate.objects.filter(referral=referral)}
    asked = set(DirectorateReview.objects.filter(referral=referral).values_list("directorate_id", flat=True))
    gone = [pk for pk in named if pk not in directorates and pk not in asked]
    new = [pk for pk in directorates if pk not in named]
    leads = [pk for pk, row in named.items() if row.is_lead]
    is_same_lead = leads == ([lead.pk] if lead else [])
    if is_same_lead and not gone and not new:
        return []
    rows = ReferralDirectorate.objects.filter(referral=referral)
    rows.filter(is_lead=True).update(is_lead=False)
    rows.filter(directorate__in=gone).delete()
    ReferralDirectorate.objects.bulk_create(
        [ReferralDirectorate(referral=referral, directorate=directorates[pk]) for pk in new]
    )
    if lead:
        rows.filter(directorate=lead).update(is_lead=True)
    for pk in new:
        record("referral.directorate_named", referral, by=by, directorate=pk)
    return ["directorates"]


@transaction.atomic
def follow_opinion(referral: Referral, step_name: str, *, by: User | None) -> None:
    """Take the step that follows the opinion, unless it was noted by hand before.

    The opinion was adopted, handed over (or not after all), or answered.
    """
    if REFERRAL.step(lock(referral), step_name):
        REFERRAL.follow(referral, step_name, by=by)


@transaction.atomic
def record_answer(referral: Referral, *, on: date, upload: Upload, by: User) -> None:
    """Record day and document of the council's answer to an opinion that was not written in this application."""
    if on > timezone.localdate() or (referral.accepted_on and on < referral.accepted_on):
        raise ValidationError(_("La réponse vient après la saisine, pas dans l’avenir."), code="on")
    facts = {"on": on, "sha256": upload.blob_id}
    REFERRAL.transition(referral, "answer", by=by, facts=facts, answered_on=on, answer_document=upload)


@REFERRAL.action("close")
@transaction.atomic
def close(referral: Referral, *, reason: str, by: User) -> None:
    """Close the referral with the lead's reason, and its open requests to directorates."""
    REFERRAL.transition(referral, "close", by=by, reason=reason)
    reviews.close_all(referral, reason=reason.strip(), by=by)


@REFERRAL.action("hand_over_file")
@transaction.atomic
def pass_to(referral: Referral, officer: User, *, by: User) -> None:
    """Pass the referral on to another member of the team."""
    REFERRAL.require(referral, "hand_over_file", by=by)
    _of_team(officer, referral.term)
    former = referral.officer
    if former is not None and former.pk == officer.pk:
        return
    facts = {"before": str(former.pseudonym) if former else None, "after": str(officer.pseudonym)}
    REFERRAL.transition(referral, "hand_over_file", by=by, facts=facts, officer=officer)


@transaction.atomic
def pass_files(referrals: QuerySet[Referral], *, to: User, by: User) -> int:
    """Pass on every referral of an agent who leaves; return how many."""
    rows = list(referrals.select_related("term", "officer"))
    for referral in rows:
        pass_to(referral, to, by=by)
    return len(rows)


def _of_team(officer: User | None, term: Term) -> User | None:
    if officer is not None and not is_team(officer, term):
        raise ValidationError(_("Choisissez une personne de l’équipe."), code="officer")
    return officer

"""The life of a referral, from the draft to the close. Every step: right, guard, move, journal, follow-ups."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.actions.numbering import next_number
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import is_team
from assembly.ui.versioned import Versioned
from assembly.workflow import StateConflict
from consultations.actions import reviews
from consultations.enums import ReferralOrigin, ReferralState
from consultations.models import DirectorateReview, Referral, ReferralDirectorate
from consultations.rules import referrals as rules
from consultations.workflows.referrals import machine

SERIES = "referral"


REFERRAL = Versioned(at="changed_at")


def next_reference(term: Term, origin: ReferralOrigin) -> str:
    """The next reference: `S-2026-02`, `AS-2026-03`; one counter a year for both, given once."""
    year = timezone.localdate().year
    prefix = "AS" if origin == ReferralOrigin.OWN else "S"
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
    """Prepare a referral of the president and give it its reference for ever."""
    if not rules.can_create(by, term):
        raise PermissionDenied
    _only(values, rules.TEXT)
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
    """Correct what may still be corrected; raises EditConflict when somebody saved since `version` was read."""
    if not rules.can_edit(by, referral):
        raise PermissionDenied
    _only(values, rules.editable_fields(referral))
    changed = sorted(name for name, value in values.items() if getattr(referral, name) != value)
    if changed:
        written = {**values, "changed_at": timezone.now()}
        REFERRAL.save(referral, written, version=version, state=referral.state)
    else:
        rows = Referral.objects.filter(pk=referral.pk, version=version, state=referral.state)
        if not rows.select_for_update(no_key=True).exists():
            raise REFERRAL.conflict(referral, values)
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
    wanted = {row.pk: row for row in associated} | ({lead.pk: lead} if lead else {})
    for row in wanted.values():
        if row.assembly_id != referral.term.assembly_id:
            raise ValidationError(_("Cette direction n’est pas de cette assemblée."), code="directorate")
    named = {row.directorate_id: row for row in ReferralDirectorate.objects.filter(referral=referral)}
    asked = set(DirectorateReview.objects.filter(referral=referral).values_list("directorate_id", flat=True))
    gone = [pk for pk in named if pk not in wanted and pk not in asked]
    new = [pk for pk in wanted if pk not in named]
    leads = [pk for pk, row in named.items() if row.is_lead]
    is_same_lead = leads == ([lead.pk] if lead else [])
    if is_same_lead and not gone and not new:
        return []
    rows = ReferralDirectorate.objects.filter(referral=referral)
    rows.filter(is_lead=True).update(is_lead=False)
    rows.filter(directorate__in=gone).delete()
    ReferralDirectorate.objects.bulk_create(
        [ReferralDirectorate(referral=referral, directorate=wanted[pk]) for pk in new]
    )
    if lead:
        rows.filter(directorate=lead).update(is_lead=True)
    for pk in new:
        record("referral.directorate_named", referral, by=by, directorate=pk)
    return ["directorates"]


def take(referral: Referral, verb: str, journal: str, *, by: User, detail: str = "", **changes: Any) -> None:
    """One step with its line in the journal: the right first, then the state that the database knows."""
    if not rules.holds_right(by, referral, verb):
        raise PermissionDenied
    former = referral.state
    machine(referral).move(referral, verb, changed_at=timezone.now(), **changes)
    record(journal, referral, by=by, detail=detail, former=former, to=referral.state)


def said(reason: str) -> str:
    """A reason that says something."""
    if not (words := reason.strip()):
        raise ValidationError(_("Dites pourquoi."), code="reason")
    return words


@transaction.atomic
def submit(referral: Referral, *, by: User) -> None:
    """Let the named directorates and the president's office read it, and begin the internal review."""
    take(referral, "submit", "referral.submitted", by=by)


@transaction.atomic
def give_back(referral: Referral, *, reason: str, by: User) -> None:
    """Back to preparation, with the reason: by the team, or by the president's office that will not issue it yet."""
    take(referral, "return", "referral.returned", by=by, detail=said(reason))


@transaction.atomic
def start(referral: Referral, *, by: User) -> None:
    """The groups begin to work."""
    take(referral, "start", "referral.started", by=by)


@transaction.atomic
def adopt_opinion(referral: Referral, *, by: User) -> None:
    """The plenary adopted the opinion."""
    take(referral, "adopt_opinion", "referral.opinion_adopted", by=by)


@transaction.atomic
def note_opinion_adopted(referral: Referral, *, by: User) -> None:
    """The proclaimed ballot adopted it: no right is asked, and nothing moves when it was noted by hand before."""
    if "adopt_opinion" in machine(referral).verbs_from(referral.state):
        former = referral.state
        machine(referral).move(referral, "adopt_opinion", changed_at=timezone.now())
        record("referral.opinion_adopted", referral, by=by, former=former, to=referral.state)


@transaction.atomic
def hand_over(referral: Referral, *, by: User) -> None:
    """The opinion was handed to the president: the clock of the answer starts."""
    take(referral, "hand_over", "referral.handed_over", by=by)


@transaction.atomic
def answer(referral: Referral, *, by: User) -> None:
    """The council answered."""
    take(referral, "answer", "referral.answered", by=by)


@transaction.atomic
def close(referral: Referral, *, reason: str, by: User) -> None:
    """The lead closes it, and says on what; nobody waits for a directorate any more."""
    words = said(reason)
    take(referral, "close", "referral.closed", by=by, detail=words)
    reviews.close_all(referral, reason=words, by=by)


@transaction.atomic
def reopen(referral: Referral, *, reason: str, by: User) -> None:
    """The lead opens it again, and says why."""
    take(referral, "reopen", "referral.reopened", by=by, detail=said(reason))


@transaction.atomic
def publish(referral: Referral, *, by: User) -> None:
    """Show it on the public site; asking twice changes nothing."""
    if not is_team(by, referral.term_id):
        raise PermissionDenied
    held = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if not rules.is_publishable(held):
        raise StateConflict(held, "publish")
    if Referral.objects.filter(pk=referral.pk, published_at=None).update(published_at=timezone.now()):
        referral.refresh_from_db(fields=["published_at"])
        record("referral.published", referral, by=by)


@transaction.atomic
def unpublish(referral: Referral, *, reason: str, by: User) -> None:
    """Take it off the public site, and say why."""
    if not is_team(by, referral.term_id):
        raise PermissionDenied
    words = said(reason)
    if Referral.objects.filter(pk=referral.pk, published_at__isnull=False).update(published_at=None):
        referral.refresh_from_db(fields=["published_at"])
        record("referral.unpublished", referral, by=by, detail=words)


@transaction.atomic
def pass_to(referral: Referral, officer: User, *, by: User) -> None:
    """Another member of the team follows it from now on."""
    if not rules.can_hand_over(by, referral):
        raise PermissionDenied
    _of_team(officer, referral.term)
    former = referral.officer
    if former is not None and former.pk == officer.pk:
        return
    reviews.lock_referral(referral, verb="hand_over_file")
    Referral.objects.filter(pk=referral.pk).update(officer=officer, changed_at=timezone.now())
    referral.officer = officer
    record(
        "referral.handed_to_officer",
        referral,
        by=by,
        to=str(officer.pseudonym),
        former=str(former.pseudonym) if former else None,
    )


@transaction.atomic
def pass_files(referrals: QuerySet[Referral], *, to: User, by: User) -> int:
    """Pass every file of an agent who leaves."""
    rows = list(referrals.select_related("term", "officer"))
    for referral in rows:
        pass_to(referral, to, by=by)
    return len(rows)


def _of_team(officer: User | None, term: Term) -> User | None:
    if officer is not None and not is_team(officer, term):
        raise ValidationError(_("Choisissez une personne de l’équipe."), code="officer")
    return officer

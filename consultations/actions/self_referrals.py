"""A self-referral from the suggestion to the vote. Every step: right, guard, move, journal, follow-ups."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate, Term
from assembly.workflow import StateConflict
from consultations.actions import reviews
from consultations.actions.referrals import REFERRAL, next_reference, said, take
from consultations.enums import Competence, CouncilStance, ReferralOrigin, ReferralState, ReviewKind, SuggestionChannel
from consultations.models import AdmissibilityCheck, CouncilView, Referral, SuggestionDraft
from consultations.queries.self_referrals import members_of
from consultations.rules import self_referrals as rules
from consultations.rules.referrals import holds_right
from consultations.workflows.referrals import machine

S = ReferralState


def save_draft(user: User, *, title: str, why: str, powers_link: str) -> SuggestionDraft:
    """Save what is being written; no right is asked beyond being somebody, no line is written in the journal."""
    values = {"title": title[:160], "why": why[:2000], "powers_link": powers_link[:1500]}
    draft, _made = SuggestionDraft.objects.update_or_create(user=user, defaults=values)
    return draft


@transaction.atomic
def suggest(term: Term, *, by: User) -> Referral | None:
    """Propose the subject of one's draft; None when it was just proposed: the draft is used once."""
    if not rules.can_suggest(by, term):
        raise PermissionDenied
    draft = SuggestionDraft.objects.select_for_update(no_key=True).filter(user=by).exclude(title="").first()
    if draft is None:
        return None
    referral = _make(term, by, title=draft.title, why=draft.why, powers_link=draft.powers_link)
    draft.delete()
    record("suggestion.made", referral, by=by)
    return referral


@transaction.atomic
def record_for(
    term: Term, member: User, *, via: SuggestionChannel, title: str, why: str, powers_link: str, by: User
) -> Referral:
    """Write down the subject that a member gave on paper or by telephone; it is shown as such."""
    if not rules.can_record_for(by, term):
        raise PermissionDenied
    if via == SuggestionChannel.SITE or not members_of(term).filter(pk=member.pk).exists():
        raise ValidationError(_("Choisissez un membre de l’assemblée."), code="member")
    facts = {"suggested_via": via, "recorded_by": by, "officer": by}
    referral = _make(term, member, title=title, why=why, powers_link=powers_link, **facts)
    record("suggestion.recorded", referral, by=by, via=via)
    return referral


def _make(term: Term, author: User, *, title: str, why: str, powers_link: str, **facts: Any) -> Referral:
    if not why.strip() or not powers_link.strip() or not title.strip():
        raise ValidationError(_("Dites le sujet, pourquoi, et le lien avec le Département."), code="empty")
    return Referral.objects.create(
        term=term,
        origin=ReferralOrigin.OWN,
        state=S.SUGGESTED,
        title=title.strip(),
        context=why.strip(),
        powers_link=powers_link.strip(),
        suggested_by=author,
        **facts,
    )


@transaction.atomic
def change(referral: Referral, *, version: int, title: str, why: str, powers_link: str, by: User) -> None:
    """Correct the words while the subject is only suggested; EditConflict when somebody saved them meanwhile."""
    if not rules.can_change(by, referral):
        raise PermissionDenied
    values = {"title": title, "context": why, "powers_link": powers_link, "changed_at": timezone.now()}
    REFERRAL.save(referral, values, version=version, state=S.SUGGESTED)
    record("suggestion.changed", referral, by=by)


@transaction.atomic
def take_back(referral: Referral, *, by: User) -> None:
    """The author changes their mind: the subject leaves the list, its dots come back."""
    if not rules.is_author(by, referral):
        raise PermissionDenied
    Referral.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=referral.pk)
    referral.refresh_from_db(fields=["state"])
    if not rules.can_take_back(by, referral):
        raise StateConflict(referral, "withdraw")
    now = timezone.now()
    reason = _("Retirée par la personne qui l’avait proposée.")
    # The author knows: no mail will tell it.
    machine(referral).move(
        referral, "withdraw", ended_at=now, end_reason=reason, changed_at=now, author_told=S.WITHDRAWN
    )
    record("suggestion.taken_back", referral, by=by)


@transaction.atomic
def shortlist(referral: Referral, *, by: User) -> None:
    """Keep it for study: it gets its reference, for ever, and somebody follows it."""
    changes: dict[str, Any] = {}
    if not referral.reference and "shortlist" in machine(referral).verbs_from(referral.state):
        changes["reference"] = next_reference(referral.term, ReferralOrigin.OWN)
    if referral.officer_id is None:
        changes["officer"] = by
    take(referral, "shortlist", "suggestion.shortlisted", by=by, **changes)


@transaction.atomic
def unlist(referral: Referral, *, reason: str, by: User) -> None:
    """Back among the suggestions; its reference stays, and no directorate studies it any more."""
    words = said(reason)
    take(referral, "unlist", "suggestion.unlisted", by=by, detail=words)
    reviews.close_all(referral, reason=words, by=by)


@transaction.atomic
def open_check(
    referral: Referral, directorates: Iterable[Directorate], *, due_on: date, message: str = "", by: User
) -> None:
    """Ask the directorates whether the subject is within the powers of the département, and fair."""
    wanted = list(directorates)
    if not wanted:
        raise ValidationError(_("Choisissez au moins une direction."), code="directorates")
    take(referral, "check", "suggestion.check_opened", by=by)
    reviews.ask(referral, wanted, due_on=due_on, message=message, kind=ReviewKind.ADMISSIBILITY, by=by)


@transaction.atomic
def decide(referral: Referral, *, within_powers: Competence, is_fair: bool, reasons: str, by: User) -> bool:
    """Say whether it is admissible, by both tests and with reasons; its author is told. Returns the answer."""
    if not holds_right(by, referral, "declare_inadmissible"):
        raise PermissionDenied
    words = said(reasons)
    Referral.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=referral.pk)
    referral.refresh_from_db()
    if not rules.can_decide(by, referral):
        raise StateConflict(referral, "declare_inadmissible")
    facts = {"within_powers": within_powers, "is_fair": is_fair, "reasons": words}
    check, _made = AdmissibilityCheck.objects.update_or_create(
        referral=referral, defaults={**facts, "decided_at": timezone.now(), "decided_by": by}
    )
    referral.admissibility = check
    if check.is_admissible:
        record(
            "suggestion.found_admissible", referral, by=by, detail=words, within_powers=within_powers, is_fair=is_fair
        )
    else:
        take(referral, "declare_inadmissible", "suggestion.inadmissible", by=by, detail=words)
    reviews.close_all(referral, reason=_("La recevabilité est décidée."), by=by)
    return check.is_admissible


@transaction.atomic
def check_again(referral: Referral, *, reason: str, by: User) -> None:
    """The lead has the admissibility studied again, and says why."""
    take(referral, "check_again", "suggestion.check_reopened", by=by, detail=said(reason))


@transaction.atomic
def record_view(
    referral: Referral,
    *,
    stance: CouncilStance,
    reasons: str,
    given_on: date,
    decision_reference: str = "",
    upload: Any = None,
    by: User,
) -> CouncilView:
    """The team writes down the council's view, from the document that it keeps."""
    if not holds_right(by, referral, "record_view"):
        raise PermissionDenied
    if not rules.can_record_view(by, referral):
        raise StateConflict(referral, "record_view")
    if given_on > timezone.localdate():
        raise ValidationError(_("L’avis est déjà rendu : sa date est passée."), code="given_on")
    if upload is None and not decision_reference.strip():
        raise ValidationError(_("Joignez le document, ou donnez sa référence."), code="upload")
    facts = {"stance": stance, "given_on": given_on, "decision_reference": decision_reference, "upload": upload}
    return _write_view(referral, by, reasons=said(reasons), **facts)


@transaction.atomic
def give_view(referral: Referral, *, stance: CouncilStance, reasons: str, by: User) -> CouncilView:
    """The president's office gives the council's view online: an authenticated visa."""
    if not rules.can_give_view(by, referral):
        raise PermissionDenied
    facts = {"stance": stance, "given_on": timezone.localdate(), "is_visa": True}
    return _write_view(referral, by, reasons=said(reasons), **facts)


def _write_view(referral: Referral, by: User, **facts: Any) -> CouncilView:
    machine(referral).move(referral, "record_view", changed_at=timezone.now())
    view = CouncilView.objects.create(referral=referral, recorded_by=by, **facts)
    referral.council_view = view
    record("suggestion.view_recorded", referral, by=by, stance=view.stance, online=view.is_visa)
    return view

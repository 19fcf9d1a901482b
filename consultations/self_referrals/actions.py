"""A self-referral from the suggestion to the vote: what its steps do besides the row and the audit log."""

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
from consultations.enums import Competence, CouncilStance, ReferralOrigin, ReferralState, ReviewKind, SuggestionChannel
from consultations.models import AdmissibilityCheck, CouncilView, Referral, SuggestionDraft
from consultations.referrals.actions import REFERRAL_TEXT, next_reference
from consultations.reviews.actions import asking as reviews
from consultations.self_referrals import rules
from consultations.self_referrals.queries import members_of
from consultations.workflows.referrals import REFERRAL

S = ReferralState


def save_draft(user: User, *, title: str, why: str, powers_link: str) -> SuggestionDraft:
    """Save what is being written; any signed-in user may, and nothing goes to the audit log."""
    values = {"title": title[:160], "why": why[:2000], "powers_link": powers_link[:1500]}
    draft, _is_new = SuggestionDraft.objects.update_or_create(user=user, defaults=values)
    return draft


@transaction.atomic
def suggest(term: Term, *, by: User) -> Referral | None:
    """Propose the subject of one's draft, which is used once; return None when it was just proposed."""
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
    """Record the subject that a member gave on paper or by telephone; it is shown as such."""
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
        origin=ReferralOrigin.SELF_REFERRAL,
        state=S.SUGGESTED,
        title=title.strip(),
        context=why.strip(),
        powers_link=powers_link.strip(),
        suggested_by=author,
        **facts,
    )


@transaction.atomic
def change(referral: Referral, *, version: int, title: str, why: str, powers_link: str, by: User) -> None:
    """Correct the text while the subject is only suggested; raise EditConflict when somebody saved it meanwhile."""
    if not rules.can_change(by, referral):
        raise PermissionDenied
    values = {"title": title, "context": why, "powers_link": powers_link, "changed_at": timezone.now()}
    REFERRAL_TEXT.save(referral, values, version=version, state=S.SUGGESTED)
    record("suggestion.changed", referral, by=by)


@REFERRAL.action("shortlist")
@transaction.atomic
def shortlist(referral: Referral, *, by: User) -> None:
    """Short-list it for study: it gets its permanent reference and an officer."""
    REFERRAL.require(referral, "shortlist", by=by)
    reference = referral.reference or next_reference(referral.term, ReferralOrigin.SELF_REFERRAL)
    REFERRAL.transition(referral, "shortlist", by=by, reference=reference, officer=referral.officer or by)


@REFERRAL.action("unlist")
@transaction.atomic
def unlist(referral: Referral, *, reason: str, by: User) -> None:
    """Put it back among the suggestions; its reference stays, and the requests to directorates are closed."""
    REFERRAL.transition(referral, "unlist", by=by, reason=reason)
    reviews.close_all(referral, reason=reason.strip(), by=by)


@REFERRAL.action("check")
@transaction.atomic
def open_check(
    referral: Referral, directorates: Iterable[Directorate], *, due_on: date, message: str = "", by: User
) -> None:
    """Ask the directorates whether the subject is within the powers of the département, and fair."""
    recipients = list(directorates)
    if not recipients:
        raise ValidationError(_("Choisissez au moins une direction."), code="directorates")
    REFERRAL.transition(referral, "check", by=by)
    reviews.request(referral, recipients, due_on=due_on, message=message, kind=ReviewKind.ADMISSIBILITY, by=by)


@REFERRAL.action("declare_inadmissible")
@transaction.atomic
def decide(referral: Referral, *, within_powers: Competence, is_fair: bool, reasons: str, by: User) -> bool:
    """Decide by both tests, with reasons, whether it is admissible, and return that; a mail informs its author."""
    tests: dict[str, Any] = {"within_powers": within_powers, "is_fair": is_fair}
    step_name = "find_admissible" if AdmissibilityCheck(**tests).is_admissible else "declare_inadmissible"
    REFERRAL.transition(referral, step_name, by=by, reason=reasons, facts=tests)
    decided = {**tests, "reasons": reasons.strip(), "decided_at": timezone.now(), "decided_by": by}
    check, _is_new = AdmissibilityCheck.objects.update_or_create(referral=referral, defaults=decided)
    referral.admissibility = check
    reviews.close_all(referral, reason=_("La recevabilité est décidée."), by=by)
    return check.is_admissible


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
    """Record the council's view for the team, from the document that it holds."""
    if given_on > timezone.localdate():
        raise ValidationError(_("La position est déjà donnée : sa date est passée."), code="given_on")
    if upload is None and not decision_reference.strip():
        raise ValidationError(_("Joignez le document, ou donnez sa référence."), code="upload")
    facts = {"stance": stance, "given_on": given_on, "decision_reference": decision_reference, "upload": upload}
    return _write_view(referral, "record_view", by, reasons=reasons, **facts)


@REFERRAL.action("give_view")
@transaction.atomic
def give_view(referral: Referral, *, stance: CouncilStance, reasons: str, by: User) -> CouncilView:
    """Give the council's view online for the president's office: an authenticated visa."""
    facts = {"stance": stance, "given_on": timezone.localdate(), "is_visa": True}
    return _write_view(referral, "give_view", by, reasons=reasons, **facts)


def _write_view(referral: Referral, step_name: str, by: User, *, reasons: str, **facts: Any) -> CouncilView:
    if not (text := reasons.strip()):
        raise ValidationError(_("Dites pourquoi."), code="reasons")
    audit_facts = {"stance": facts["stance"], "online": facts.get("is_visa", False)}
    REFERRAL.transition(referral, step_name, by=by, facts=audit_facts)
    view = CouncilView.objects.create(referral=referral, recorded_by=by, reasons=text, **facts)
    referral.council_view = view
    return view

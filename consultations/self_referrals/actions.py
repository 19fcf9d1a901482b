"""Self-referral from the suggestion to the vote: dots, admissibility, the council's view, ballot, mails, settings."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.models import Assembly, Directorate, Term
from assembly.institution.rules import is_member
from assembly.notifications.actions.daily import SEND_TIME
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.text.working_days import is_quiet
from assembly.workflow import StateConflict, lock, share
from consultations.models import AdmissibilityCheck, CouncilView, Referral, ReferralSettings, SuggestionDraft, Support
from consultations.referrals.actions import REFERRAL_TEXT, next_reference
from consultations.referrals.enums import CouncilStance, ReferralOrigin, ReferralState, SuggestionChannel
from consultations.referrals.queries import LABEL
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews.actions import asking as reviews
from consultations.reviews.models import Competence, ReviewKind
from consultations.self_referrals import rules
from consultations.self_referrals.queries import limits_of, members_of
from sessions.agenda import actions as agenda
from sessions.decisions import actions as decisions
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, AgendaKind, Ballot, BallotResult, BallotState, Sitting, SittingKind
from sessions.sittings.rules import can_edit_agenda

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
def decide_admissibility(
    referral: Referral, *, within_powers: Competence, is_fair: bool, reasons: str, by: User
) -> bool:
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


VOTE_MINUTES = 30


@REFERRAL.action("put_to_vote")
@transaction.atomic
def put_to_vote(referral: Referral, sitting: Sitting, *, by: User) -> AgendaItem:
    """Put it on a plenary's agenda with its vote prepared; refused before the council's view exists (F9)."""
    lock(sitting)
    REFERRAL.require(referral, "put_to_vote", by=by)
    if sitting.kind != SittingKind.PLENARY or not sitting.is_upcoming or sitting.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une séance plénière à venir."), code="sitting")
    item = item_about(referral, sitting) or agenda.add(
        sitting,
        by=by,
        title=_("Auto-saisine : %(title)s") % {"title": referral.title},
        kind=AgendaKind.VOTE,
        minutes=VOTE_MINUTES,
        topic_type=LABEL,
        topic_id=str(referral.pk),
    )
    ballot = decisions.announce_ballot(item, question=vote_question(referral), by=by)
    REFERRAL.transition(referral, "put_to_vote", by=by, vote_item=item, ballot=ballot)
    return item


def vote_question(referral: Referral) -> str:
    template = _("L’assemblée se saisit-elle de « %(title)s » (%(reference)s) ?")
    return template % {"title": referral.title, "reference": referral.reference}


def item_about(referral: Referral, sitting: Sitting) -> AgendaItem | None:
    """Return an item of that sitting that is already marked as the vote about it."""
    about = {"topic_type": LABEL, "topic_id": str(referral.pk), "kind": AgendaKind.VOTE}
    return AgendaItem.objects.filter(sitting=sitting, removed_at=None, **about).select_related("sitting").first()


@REFERRAL.action("take_off_agenda")
@transaction.atomic
def take_off_agenda(referral: Referral, *, reason: str, by: User) -> None:
    """Take it off the agenda with a reason: the council's view stays, another plenary may be chosen."""
    item, ballot = referral.vote_item, referral.ballot
    if item is not None:
        lock(item.sitting)
    REFERRAL.transition(referral, "take_off_agenda", by=by, reason=reason)
    drop_prepared(ballot, by=by)
    if item is not None and can_edit_agenda(by, item.sitting):
        agenda.remove(item, by=by)


def drop_from_agenda(referral: Referral, *, reason: str, by: User) -> None:
    """Take it off the agenda because its item or its sitting is gone; another plenary may vote on it."""
    ballot = referral.ballot
    REFERRAL.follow(referral, "take_off_agenda", by=by, reason=reason)
    drop_prepared(ballot, by=by)


def drop_prepared(ballot: Ballot | None, *, by: User) -> None:
    if ballot is not None and ballot.state == BallotState.PREPARED:
        BALLOT.transition(ballot, "drop", by=by)


def lock_voted_self_referrals(**where: Any) -> QuerySet[Referral]:
    """Return the self-referrals put to the vote, with row locks: caller and steps of the team follow each other."""
    rows = Referral.objects.filter(state=S.PUT_TO_VOTE, **where).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True).select_related(
        "term", "ballot__agenda_item__sitting", "vote_item"
    )


def take_result(ballot: Ballot, *, by: User) -> None:
    """Record from the proclaimed ballot whether the subject is taken up; other votes of the item are ignored."""
    ours = Q(ballot=ballot) | Q(ballot=None, vote_item=ballot.agenda_item_id)
    for referral in lock_voted_self_referrals().filter(ours):
        is_adopted = ballot.result == BallotResult.ADOPTED
        votes = [ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.no_opinion]
        facts = {"ballot": ballot.pk, "votes": votes}
        REFERRAL.follow(referral, "adopt" if is_adopted else "reject", by=by, facts=facts, ballot=ballot)
        if not is_adopted:
            reviews.close_all(referral, reason=_("L’assemblée n’a pas retenu ce sujet."), by=by)


def unlink_ballot(ballot: Ballot, *, by: User) -> None:
    """Detach a prepared vote that was cancelled: the next one proclaimed on the same item gives the result."""
    lock_voted_self_referrals(ballot=ballot).update(ballot=None)


def leave_item(item: AgendaItem, *, by: User) -> None:
    """Take self-referrals off when their item left the agenda, alone or with its parent item."""
    for referral in lock_voted_self_referrals().filter(Q(vote_item=item) | Q(vote_item__parent=item)):
        drop_from_agenda(referral, by=by, reason=_("Le point a été retiré de l’ordre du jour."))


def follow_sitting(sitting: Sitting, follower: Sitting | None, *, by: User) -> None:
    """Move the votes of a sitting (put off, called off or without quorum) to its replacement, or take them off."""
    for referral in lock_voted_self_referrals(vote_item__sitting=sitting):
        item = moved_item(referral, follower, by) if follower is not None else None
        if item is None:
            drop_from_agenda(referral, by=by, reason=_("La séance n’a pas pu voter."))
            continue
        former = referral.ballot
        ballot = decisions.announce_ballot(item, question=vote_question(referral), by=by)
        Referral.objects.filter(pk=referral.pk).update(vote_item=item, ballot=ballot, changed_at=timezone.now())
        drop_prepared(former, by=by)


def moved_item(referral: Referral, follower: Sitting, by: User) -> AgendaItem | None:
    """Return the same line of the copied agenda, marked again as the vote about it."""
    former = AgendaItem.objects.filter(pk__in=[referral.vote_item_id]).values("title")
    same = AgendaItem.objects.filter(sitting=follower, removed_at=None, title__in=former)
    item = same.select_related("sitting__term").first()
    if item is not None:
        agenda.change(item, by=by, kind=AgendaKind.VOTE, topic_type=LABEL, topic_id=str(referral.pk))
    return item


@transaction.atomic
def put_dots(referral: Referral, dots: int, *, by: User) -> int:
    """Set the number of one's dots on a subject, and return how many remain to give.

    The member's own row is locked while dots are counted: two requests of one person follow each other.
    """
    lock(User(pk=by.pk))
    current = share(Referral.objects.filter(pk=referral.pk))
    if current is None or not is_member(by, current.term_id):
        raise PermissionDenied
    if not rules.can_support(by, current):
        raise StateConflict(current, "support")
    limits = limits_of(current.term_id)
    if not 0 <= dots <= limits.dots_a_subject:
        message = ngettext(
            "Un même sujet reçoit %(most)s point au plus de chaque membre.",
            "Un même sujet reçoit %(most)s points au plus de chaque membre.",
            limits.dots_a_subject,
        )
        raise ValidationError(message % {"most": limits.dots_a_subject}, code="subject")
    remaining = limits.dots - dots_elsewhere(current, by) - dots
    support = Support.objects.filter(referral=current, user=by).first()
    more = dots > (support.dots if support else 0)
    if remaining < 0 and more:
        raise ValidationError(_("Vous avez donné tous vos points : reprenez-en un ailleurs."), code="dots")
    write_support(current, by, support, dots)
    return max(remaining, 0)


def dots_elsewhere(referral: Referral, user: User) -> int:
    """Count the dots that the user has on the other subjects of the term."""
    rows = Support.objects.filter(
        user=user, referral__term=referral.term_id, referral__state__in=ReferralState.tagged("holding_dots")
    )
    return rows.exclude(referral=referral).aggregate(n=Sum("dots"))["n"] or 0


def write_support(referral: Referral, user: User, support: Support | None, dots: int) -> None:
    if (support.dots if support else 0) == dots:
        return
    if dots == 0:
        Support.objects.filter(referral=referral, user=user).delete()
    else:
        Support.objects.update_or_create(referral=referral, user=user, defaults={"dots": dots})
    record("suggestion.supported", referral, by=user, dots=dots)


SETTINGS = ("dots", "dots_a_subject", "review_days", "is_accepted_by_vote")


@transaction.atomic
def change_settings(term: Term, values: dict[str, Any], *, by: User) -> list[str]:
    """Save the changed settings, with the former values in the audit log; dots already given stay."""
    if not rules.can_set(by, term):
        raise PermissionDenied
    row, _is_new = ReferralSettings.objects.select_for_update(no_key=True).get_or_create(term=term)
    before = {name: getattr(row, name) for name in SETTINGS}
    changed = [name for name in SETTINGS if values[name] != before[name]]
    if changed:
        ReferralSettings.objects.filter(pk=row.pk).update(**{name: values[name] for name in changed})
        record(
            "referral.settings_changed",
            term,
            by=by,
            changes={name: [before[name], values[name]] for name in changed},
        )
    return changed


NEWS_KIND = "suggestion-news"
NEWS_LOCK = 0x53554753  # « SUGS »


def suggestions_to_announce() -> QuerySet[Referral]:
    """Return the self-referrals whose author was not informed of their present state."""
    rows = Referral.objects.filter(origin=ReferralOrigin.SELF_REFERRAL).exclude(state=F("author_announced_state"))
    return rows.filter(suggested_by__is_active=True, suggested_by__person__anonymised_at=None)


def send_suggestion_news(now: datetime) -> int:
    """Send this morning's news, unless it is too early or a day of rest; return the number of recipients."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < SEND_TIME:
        return 0
    homes = Assembly.objects.filter(pk__in=suggestions_to_announce().values("term__assembly")).defer("logo_png")
    return sum(send_news_of(assembly, local) for assembly in homes)


@transaction.atomic
def send_news_of(assembly: Assembly, local: datetime) -> int:
    """Send one distribution a day and an assembly, whatever the number of scheduler processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NEWS_LOCK, assembly.pk])
    key = f"{NEWS_KIND}:{assembly.pk}:{local.date()}"
    if Distribution.objects.filter(key=key).exists():
        return 0
    by_author: dict[Person, list[Referral]] = defaultdict(list)
    rows = suggestions_to_announce().filter(term__assembly=assembly).select_related("suggested_by__person", "term")
    for referral in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if referral.suggested_by is not None:
            by_author[referral.suggested_by.person].append(referral)
    referrals = [referral for group in by_author.values() for referral in group]
    if not referrals:
        return 0
    distribute(
        NEWS_KIND,
        assembly,
        [Recipient(person, {"referrals": [referral.pk for referral in group]}) for person, group in by_author.items()],
        by=None,
        title=_("Vos sujets, %(day)s") % {"day": format_date(local.date())},
        key=key,
        term=max((referral.term for referral in referrals), key=lambda term: term.number),
        letter=False,
    )
    Referral.objects.filter(pk__in=[referral.pk for referral in referrals]).update(author_announced_state=F("state"))
    return len(by_author)

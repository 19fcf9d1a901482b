"""Following a proposal, a subject or an assembly, its news by mail; rating an answer, published totals."""

from collections.abc import Iterable
from datetime import date, datetime
from secrets import SystemRandom, token_hex
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.models import Answer, AnswerCase, AnswerRating, Follower, Following, ProposalNews, RatingTotal
from answers.voice import queries, rules
from answers.voice.mails import CONFIRMATION, NEWS
from answers.voice.models import STEP, Followed, Proposal, ProposalEventKind, followed_column, opinion_of
from answers.voice.rules import LONGEST, QUIET, is_open
from assembly.audit.actions import record
from assembly.identity.attempts import (
    DAY,
    HOUR,
    Limit,
    TooManyAttempts,
    anonymous_limits,
    ascii_address,
    count_attempt,
    key_of,
)
from assembly.identity.models import Person, User
from assembly.institution.models import Assembly
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery
from assembly.text.french import format_date, french_enumeration
from assembly.web.errors import StateConflict
from assembly.workflow.locks import lock, share
from consultations.referrals.models import Referral
from opinions.models import Opinion

LOCK_SPACE = 0x53554956  # « SUIV »
KIND = "following"


def record_news(cases: Iterable[AnswerCase], kind: ProposalEventKind) -> None:
    """Record a public event of these proposals; their followers get a mail once no event has come for a while."""
    keys, now = [(case.recommendation_id, case.whole_of_id) for case in cases], timezone.now()
    ProposalNews.objects.bulk_create(
        ProposalNews(recommendation_id=row, whole_of_id=whole, kind=kind, happened_at=now) for row, whole in keys
    )


def record_publication(opinion: Opinion) -> None:
    """Record that anybody may read the opinion, for those who follow its subject or its assembly."""
    ProposalNews.objects.create(whole_of=opinion, kind=ProposalEventKind.NEW_OPINION, happened_at=timezone.now())


def limits(followed: Followed, email: str, ip: str) -> list[Limit]:
    """Return the rate limits of messages that anonymous users may cause: per address, per IP, per thing followed."""
    name = queries.target_of(followed).name
    of_target = key_of(KIND, str(DAY), "proposal", f"{name} {followed.pk}")
    return [
        *anonymous_limits(KIND, ip, (20, HOUR), (60, DAY), emails=[email]),
        Limit(of_target, 3000, DAY, near=300, kind=f"{KIND} {name}"),
    ]


def assembly_of(followed: Followed) -> Assembly:
    if isinstance(followed, Assembly):
        return followed
    return (followed if isinstance(followed, Referral) else opinion_of(followed)).term.assembly


@transaction.atomic
def ask(followed: Followed, email: str, *, ip: str) -> None:
    """Send a confirmation link to an address without an account, even if it follows this already.

    The address of an account stands for its person, so that nobody gets the same mail twice.
    """
    email = ascii_address(email.strip().lower())
    try:
        count_attempt(limits(followed, email, ip))
    except TooManyAttempts as refused:
        sentence = _("Trop de demandes de suivi pour le moment : réessayez demain, ou abonnez-vous au fil Atom.")
        raise ValidationError(sentence, code="too_many_attempts") from refused
    account = User.objects.filter(email__iexact=email, is_active=True).select_related("person").first()
    whose: dict[str, Any] = {"person": account.person} if account else {"address": email}
    follower, _is_new = Follower.objects.get_or_create(**whose)
    lock(follower)
    now = timezone.now()
    row, _is_new = Following.objects.get_or_create(
        follower=follower, **followed_column(followed), defaults={"asked_at": now}
    )
    if row.confirmed_at is None and not is_open(row, now):
        Following.objects.filter(pk=row.pk).update(asked_at=now)
    today, assembly = timezone.localdate(now), assembly_of(followed)
    distribute(
        CONFIRMATION,
        assembly,
        [Recipient(None, {"following": row.pk}, mark=f"following:{row.pk}:{timezone.localtime(now):%H%M}")],
        by=None,
        title=_("Demandes de suivi à confirmer, %(day)s") % {"day": format_date(today, weekday=False)},
        key=f"{CONFIRMATION}:{assembly.pk}:{today}",
        assembly=assembly,
        grows=True,
    )


@transaction.atomic
def confirm_following(following: Following) -> bool:
    """Confirm a subscription, and return False when the request has expired. Idempotent."""
    Follower.objects.select_for_update(no_key=True).filter(pk=following.follower_id).first()
    row = Following.objects.filter(pk=following.pk).first()
    if row is None or not (row.confirmed_at or is_open(row, timezone.now())):
        return False
    Following.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=timezone.now(), stopped_at=None)
    return True


@transaction.atomic
def follow(followed: Followed, *, by: User) -> None:
    """Subscribe a person with an account, whose address needs no confirmation."""
    follower = locked_follower(by.person)
    now = timezone.now()
    row, is_new = Following.objects.get_or_create(
        follower=follower, **followed_column(followed), defaults={"asked_at": now, "confirmed_at": now}
    )
    if not is_new:
        Following.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=now, stopped_at=None)


def locked_follower(person: Person) -> Follower:
    follower, _is_new = Follower.objects.get_or_create(person=person)
    return lock(follower)


@transaction.atomic
def stop_following(follower: Follower, followed: Followed | None = None) -> None:
    """End one subscription, or all of them. Idempotent.

    An address is deleted with what it followed; a person’s refusal is stored. Mail in the queue is dropped when its
    turn comes: the sender checks again then.
    """
    row = Follower.objects.select_for_update(no_key=True).filter(pk=follower.pk).first()
    if row is None:
        return
    own = Following.objects.filter(follower=row)
    ended = own if followed is None else own.filter(**followed_column(followed))
    if row.person_id is None:
        ended.delete()
        if not own.exists():
            row.delete()
        return
    now = timezone.now()
    ended.update(confirmed_at=None, stopped_at=now)
    if followed is None:
        Follower.objects.filter(pk=row.pk, stopped_at=None).update(stopped_at=now)
    else:
        Following.objects.get_or_create(
            follower=row, **followed_column(followed), defaults={"asked_at": now, "stopped_at": now}
        )


def stop_for(person: Person, followed: Followed | None = None) -> None:
    """End the subscription of a person who may have no row yet: a member of the group that wrote the proposal."""
    follower, _is_new = Follower.objects.get_or_create(person=person)
    stop_following(follower, followed)


def stop_after_bounce(delivery: Delivery) -> None:
    """Stop writing to an address that bounced or whose reader complained of mail that they had asked for."""
    kind, own = delivery.distribution.kind, delivery.context
    if kind == NEWS:
        rows = Follower.objects.filter(pk=own["follower"])
    elif kind == CONFIRMATION:
        rows = Follower.objects.filter(followings=own["following"])
    else:
        return
    if (follower := rows.first()) is not None:
        stop_following(follower)


def end_following(following: Following) -> None:
    """Delete a subscription after its retention period, and its address if it follows nothing else.

    A subscription that was confirmed or asked for anew in the meantime stays.
    """
    follower = Follower.objects.select_for_update(no_key=True).filter(pk=following.follower_id).first()
    Following.objects.filter(
        pk=following.pk, asked_at=following.asked_at, confirmed_at=following.confirmed_at
    ).delete()
    if follower is not None and follower.person_id is None and not follower.followings.exists():
        follower.delete()


def send_proposal_news(now: datetime) -> int:
    """Write to the followers in each assembly where no event came for a while; return how many mails."""
    waiting = ProposalNews.objects.filter(sent_at=None)
    of_some = Q(pk__in=waiting.values("recommendation__opinion__term__assembly"))
    of_some |= Q(pk__in=waiting.values("whole_of__term__assembly"))
    return sum(send_news(assembly, now) for assembly in Assembly.objects.filter(of_some).defer("logo_png"))


@transaction.atomic
def send_news(assembly: Assembly, now: datetime) -> int:
    """Send each follower one mail about every event since the last one; later events go into the next mail.

    Takes an advisory lock for the assembly.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, assembly.pk])
    here = Q(recommendation__opinion__term__assembly=assembly) | Q(whole_of__term__assembly=assembly)
    rows = ProposalNews.objects.filter(here, sent_at=None)
    news = list(rows.select_related("recommendation__opinion__term", "whole_of__term").order_by("happened_at", "pk"))
    if not news or (now - news[-1].happened_at < QUIET and now - news[0].happened_at < LONGEST):
        return 0
    by_proposal: dict[Proposal, list[int]] = {}
    for one in news:
        by_proposal.setdefault(one.proposal, []).append(one.pk)
    people = queries.followers_of(by_proposal)
    recipients = [
        Recipient(
            None,
            {
                "follower": follower.pk,
                "news": [pk for one in by_proposal if one in proposals for pk in by_proposal[one]],
            },
            mark=f"follower:{follower.pk}",
        )
        for follower, proposals in people.items()
    ]
    if recipients:
        names = list(dict.fromkeys(one.proposal.reference for one in news))
        distribute(
            NEWS,
            assembly,
            recipients,
            by=None,
            title=_("Suivi de propositions : %(names)s") % {"names": french_enumeration(names)},
            key=f"{NEWS}:{assembly.pk}:{max(one.pk for one in news)}",
            assembly=assembly,
        )
    ProposalNews.objects.filter(pk__in=[one.pk for one in news]).update(sent_at=now)
    return len(recipients)


def erase_follower(person: Any, by: Any) -> None:
    """Delete the subscriptions that a person who is erased made as an address without an account."""
    if person.email:
        Follower.objects.filter(address=person.email.strip().lower()).delete()


@transaction.atomic
def rate(answer: Answer, *, clarity: int, fidelity: int, by: User) -> None:
    """Rate the version in force, or change one’s own rating of it: it counts with the next five."""
    if not rules.can_rate(by, answer):
        raise PermissionDenied
    share(AnswerCase.objects.filter(pk=answer.case_id))
    if not Answer.objects.standing().filter(pk=answer.pk).exists():
        raise StateConflict(answer, "rate")
    names = rules.pseudonyms(by.person_id, answer.pk)
    row = AnswerRating(answer=answer, pseudonym=names[0], clarity=clarity, fidelity=fidelity)
    row.clean_fields(exclude=["counted_clarity", "counted_fidelity"])
    ratings = AnswerRating.objects.filter(answer=answer, pseudonym__in=names)
    if not ratings.update(pseudonym=names[0], clarity=clarity, fidelity=fidelity):
        AnswerRating.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["answer", "pseudonym"],
            update_fields=["clarity", "fidelity"],
        )


def count_all(today: date) -> int:
    """Update the totals where five more ratings are uncounted; return how many answers changed."""
    waiting = AnswerRating.objects.filter(counted_clarity=None).values("answer").annotate(new=Count("pk"))
    answers = list(waiting.filter(new__gte=STEP).order_by("answer").values_list("answer", flat=True))
    return sum(count_one(Answer.objects.get(pk=pk), today) for pk in answers)


@transaction.atomic
def count_one(answer: Answer, today: date) -> bool:
    """Add new ratings to the total by fives, drawn at random, with every changed one; at most once a day."""
    rows = AnswerRating.objects.select_for_update(no_key=True).filter(answer=answer).order_by("pk")
    new = [row.pk for row in rows if row.counted_clarity is None]
    joining = SystemRandom().sample(new, len(new) // STEP * STEP)
    if not joining or RatingTotal.objects.filter(answer=answer, counted_on=today).exists():
        return False
    counted = AnswerRating.objects.filter(answer=answer).filter(Q(pk__in=joining) | Q(counted_clarity__isnull=False))
    counted.update(counted_clarity=F("clarity"), counted_fidelity=F("fidelity"))
    rated = AnswerRating.objects.filter(answer=answer, counted_clarity__isnull=False)
    sums = rated.aggregate(count=Count("pk"), clarity=Sum("counted_clarity"), fidelity=Sum("counted_fidelity"))
    RatingTotal.objects.update_or_create(answer=answer, defaults={**sums, "counted_on": today})
    case = AnswerCase.objects.with_dossier().get(pk=answer.case_id)
    facts = {"reference": case.reference, "answer": answer.number, "count": sums["count"]}
    record("answer.ratings_counted", case, by=None, dossier=case.opinion, **facts)
    return True


def erase_rater(person: Any, by: Any) -> None:
    """Anonymise the ratings of an erased person: they stay in the totals under a random pseudonym."""
    for pk in AnswerRating.objects.order_by("answer").values_list("answer", flat=True).distinct():
        names = rules.pseudonyms(person.pk, pk)
        AnswerRating.objects.filter(answer=pk, pseudonym__in=names).update(pseudonym=token_hex(32))

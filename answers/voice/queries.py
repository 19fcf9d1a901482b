"""Who follows which proposal (those who confirmed, and members whose group wrote it); marks of one member."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet

from answers.models import Answer, AnswerRating, Follower, Following
from answers.publication.queries import public_recommendations, public_wholes
from answers.voice.models import Proposal, proposal_columns
from answers.voice.rules import pseudonyms
from assembly.identity.models import ContactChannel, Person, User
from assembly.notifications.preferences import opted_out, wants_optional_mail
from opinions.models import Opinion, Recommendation


def sat_when_adopted(seats: str, adopted_on: str) -> Q:
    """Return the condition for who sat in the group on the day when the opinion was adopted, and so wrote it."""
    stayed = Q(**{f"{seats}__ends_on": None}) | Q(**{f"{seats}__ends_on__gte": F(adopted_on)})
    return stayed & Q(**{f"{seats}__starts_on__lte": F(adopted_on)})


GROUP = "section__committee__memberships"
GROUPS = "sections__committee__memberships"
SAT, SAT_IN_ANY = (
    sat_when_adopted(GROUP, "opinion__adopted_on"),
    sat_when_adopted(GROUPS, "adopted_on") & Q(sections__removed_at=None),
)


def written_by(person: Person) -> tuple[QuerySet[Recommendation], QuerySet[Opinion]]:
    """Return the proposals of the groups where this person sat, and the opinions that they wrote a part of."""
    return (
        Recommendation.objects.filter(SAT, **{f"{GROUP}__person": person}).order_by(),
        Opinion.objects.filter(SAT_IN_ANY, **{f"{GROUPS}__person": person}).order_by(),
    )


def followed_of[M: (Recommendation, Opinion)](
    follower: Follower, public: QuerySet[M], column: str, written: QuerySet[M] | None
) -> QuerySet[M]:
    """Return the rows of `public` that this follower follows; `written` are those of their groups, unless refused."""
    own = Following.objects.filter(follower_id=follower.pk, **{f"{column}__isnull": False})
    condition = Q(pk__in=own.confirmed().values(column))
    if written is not None:
        refused = own.filter(stopped_at__isnull=False).values(column)
        condition |= Q(pk__in=written.values("pk")) & ~Q(pk__in=refused)
    return public.filter(condition)


def followed_by(follower: Follower) -> tuple[QuerySet[Recommendation], QuerySet[Opinion]]:
    """Return what this follower follows, among what anybody may read."""
    is_author = follower.person is not None and follower.stopped_at is None
    rows, wholes = written_by(follower.person) if is_author and follower.person else (None, None)
    return (
        followed_of(follower, public_recommendations(), "recommendation", rows).order_by("opinion", "number", "pk"),
        followed_of(follower, public_wholes(), "whole_of", wholes).order_by("pk"),
    )


def follower_of(person: Person) -> Follower:
    """Return the person’s row, or an unsaved one: members follow what their group wrote without having asked."""
    return Follower.objects.filter(person=person).first() or Follower(person=person)


def is_followed(person: Person, proposal: Proposal) -> bool:
    rows, wholes = followed_by(follower_of(person))
    proposals: QuerySet[Any] = wholes if isinstance(proposal, Opinion) else rows
    return proposals.filter(pk=proposal.pk).exists()


def by_key(proposals: Iterable[Proposal]) -> tuple[dict[int, Recommendation], dict[int, Opinion]]:
    pair: tuple[dict[int, Recommendation], dict[int, Opinion]] = ({}, {})
    for one in proposals:
        if isinstance(one, Opinion):
            pair[1][one.pk] = one
        else:
            pair[0][one.pk] = one
    return pair


def followed_among(follower: Follower, proposals: Iterable[Proposal]) -> set[Proposal]:
    """Return those of `proposals` that this follower follows, or that were merged from one of these."""
    rows, wholes = by_key(proposals)
    followed, followed_wholes = followed_by(follower)
    pairs = followed.filter(Q(pk__in=rows) | Q(merged_into__in=rows)).values_list("pk", "merged_into") if rows else ()
    keys = followed_wholes.filter(pk__in=wholes).values_list("pk", flat=True) if wholes else ()
    return {rows[pk] for pair in pairs for pk in pair if pk in rows} | {wholes[pk] for pk in keys}


def mailbox_of(follower: Follower) -> str:
    """Return the present address of this follower; empty for a person who left, or who wants no optional mail."""
    person = follower.person
    if person is None:
        return follower.address
    is_here = User.objects.filter(person=person, is_active=True).exists()
    return person.email if is_here and not person.is_paper and wants_optional_mail(person) else ""


def followers_of(proposals: Iterable[Proposal]) -> Mapping[Follower, set[Proposal]]:
    """Return whom to write to, each with the proposals that concern them; checked again when a mail leaves."""
    rows, wholes = by_key(proposals)
    followers = defaultdict[Follower, set[Proposal]](set)
    condition = Q(recommendation__in=rows) | Q(recommendation__merged_into__in=rows) | Q(whole_of__in=wholes)
    for one in (
        Following.objects.confirmed().filter(condition).select_related("follower", "recommendation").order_by("pk")
    ):
        into = one.recommendation.merged_into_id if one.recommendation else None
        followers[one.follower] |= {rows[pk] for pk in (one.recommendation_id, into) if pk in rows}
        followers[one.follower] |= {wholes[pk] for pk in [one.whole_of_id] if pk in wholes}
    for follower, group_proposals in group_members(rows, wholes).items():
        followers[follower] |= group_proposals
    return followers


def group_members(rows: Mapping[int, Recommendation], wholes: Mapping[int, Opinion]) -> dict[Follower, set[Proposal]]:
    """Return the members of the groups that wrote them; those without a follower row get one here."""
    about_whom = defaultdict[Any, set[tuple[tuple[int | None, int | None], Proposal]]](set)
    written = Recommendation.objects.filter(SAT, Q(pk__in=rows) | Q(merged_into__in=rows)).order_by()
    for pk, into, person in written.values_list("pk", "merged_into", f"{GROUP}__person"):
        about_whom[person] |= {((pk, None), rows[one]) for one in (pk, into) if one in rows}
    parts = Opinion.objects.filter(SAT_IN_ANY, pk__in=wholes).order_by()
    for pk, person in parts.values_list("pk", f"{GROUPS}__person"):
        about_whom[person].add(((None, pk), wholes[pk]))
    here = User.objects.filter(person__in=about_whom, is_active=True, person__anonymised_at=None)
    reached = here.exclude(person__email="").exclude(person__channel=ContactChannel.PAPER)
    people = set(reached.values_list("person", flat=True))
    people -= opted_out(Person.objects.filter(pk__in=people))
    Follower.objects.bulk_create([Follower(person_id=pk) for pk in sorted(people)], ignore_conflicts=True)
    stopped = Following.objects.filter(follower__person__in=people, stopped_at__isnull=False)
    no = set(stopped.values_list("follower__person", "recommendation", "whole_of"))
    followers = Follower.objects.filter(person__in=people, stopped_at=None).order_by("pk")
    by_follower = {
        one: {about for own, about in about_whom[one.person_id] if (one.person_id, *own) not in no}
        for one in followers
    }
    return {one: about for one, about in by_follower.items() if about}


def count_followers(proposal: Proposal) -> int:
    """Count the addresses and people that confirmed that they follow it: all that the team reads of them."""
    return Following.objects.confirmed().filter(**proposal_columns(proposal)).count()


def my_rating(user: Any, answer: Answer) -> AnswerRating | None:
    """Return the marks of this reader, looked up by pseudonym."""
    return AnswerRating.objects.filter(answer=answer, pseudonym__in=pseudonyms(user.person_id, answer.pk)).first()

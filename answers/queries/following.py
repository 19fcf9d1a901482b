"""Who follows which proposal: those who confirmed, and members whose working group wrote it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import F, Q, QuerySet

from answers.models import Follower, Following
from answers.queries.thread import public_recommendations
from assembly.identity.enums import ContactChannel
from assembly.identity.models import Person, User
from assembly.notifications.preferences import wants_optional_mail, without_optional_mail
from opinions.models import Recommendation

# Whoever sat in the group on the day that the opinion was adopted wrote it.
SAT = {"section__committee__memberships__starts_on__lte": F("opinion__adopted_on")}
STAYED = Q(section__committee__memberships__ends_on=None) | Q(
    section__committee__memberships__ends_on__gte=F("opinion__adopted_on")
)


def written_by(person: Person) -> QuerySet[Recommendation]:
    """Proposals of the groups where this person sat."""
    rows = Recommendation.objects.filter(STAYED, section__committee__memberships__person=person, **SAT)
    return rows.order_by()


def followed_by(follower: Follower) -> QuerySet[Recommendation]:
    """What this follower is told of, among what anybody may read."""
    own = Following.objects.filter(follower_id=follower.pk)
    found = Q(pk__in=own.confirmed().values("recommendation"))
    if follower.person is not None and follower.stopped_at is None:
        refused = own.filter(stopped_at__isnull=False).values("recommendation")
        found |= Q(pk__in=written_by(follower.person).values("pk")) & ~Q(pk__in=refused)
    return public_recommendations().filter(found).order_by("opinion", "number", "pk")


def follower_of(person: Person) -> Follower:
    """Their row, or one that is not written yet: members follow what their group wrote without having asked."""
    return Follower.objects.filter(person=person).first() or Follower(person=person)


def is_followed(person: Person, recommendation: Recommendation) -> bool:
    """Whether this person is told of it today."""
    return followed_by(follower_of(person)).filter(pk=recommendation.pk).exists()


def told_of(follower: Follower, recommendations: Iterable[int]) -> set[int]:
    """Those of `recommendations` that this follower is told of: followed, or made of one that is."""
    asked = set(recommendations)
    rows = followed_by(follower).filter(Q(pk__in=asked) | Q(merged_into__in=asked))
    return {one for pair in rows.values_list("pk", "merged_into") for one in asked.intersection(pair)}


def mailbox_of(follower: Follower) -> str:
    """Where this follower reads mail now; empty for a person who left, or who wants no optional mail."""
    person = follower.person
    if person is None:
        return follower.address
    is_here = User.objects.filter(person=person, is_active=True).exists()
    return person.email if is_here and not person.is_paper and wants_optional_mail(person) else ""


def followers_of(recommendations: Iterable[int]) -> Mapping[Follower, set[int]]:
    """Whom to write to about these, each with those that concern them; asked again for each when the mail leaves."""
    asked, found = set(recommendations), defaultdict[Follower, set[int]](set)
    rows = Following.objects.confirmed().select_related("follower", "recommendation")
    for row in rows.filter(Q(recommendation__in=asked) | Q(recommendation__merged_into__in=asked)).order_by("pk"):
        found[row.follower] |= asked & {row.recommendation_id, row.recommendation.merged_into_id}
    for follower, about in group_members(asked).items():
        found[follower] |= about
    return found


def group_members(asked: set[int]) -> dict[Follower, set[int]]:
    """Members of the groups that wrote them, each with a row of their own, made here where they have none."""
    written = Recommendation.objects.filter(Q(pk__in=asked) | Q(merged_into__in=asked)).filter(STAYED, **SAT)
    pairs = written.order_by().values_list("pk", "merged_into", "section__committee__memberships__person")
    about = defaultdict[int | None, set[tuple[int, int]]](set)
    for pk, into, person in pairs:
        about[person] |= {(pk, one) for one in asked & {pk, into}}
    here = User.objects.filter(person__in=about, is_active=True, person__anonymised_at=None)
    reached = here.exclude(person__email="").exclude(person__channel=ContactChannel.PAPER)
    people = set(reached.values_list("person", flat=True))
    people -= without_optional_mail(Person.objects.filter(pk__in=people))
    Follower.objects.bulk_create([Follower(person_id=pk) for pk in sorted(people)], ignore_conflicts=True)
    no = set(
        Following.objects.filter(follower__person__in=people, stopped_at__isnull=False).values_list(
            "follower__person", "recommendation"
        )
    )
    rows = Follower.objects.filter(person__in=people, stopped_at=None).order_by("pk")
    kept = {row: {into for pk, into in about[row.person_id] if (row.person_id, pk) not in no} for row in rows}
    return {row: into for row, into in kept.items() if into}


def count_followers(recommendation: Recommendation) -> int:
    """How many addresses and people said that they follow it: all that the team reads of them."""
    return Following.objects.confirmed().filter(recommendation=recommendation).count()

"""Who follows what (those who confirmed, and members whose group wrote a proposal); marks of one member."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from answers.models import Answer, AnswerRating, Follower, Following
from answers.publication.queries import proposal_noun, public_proposal, public_recommendations, public_wholes
from answers.voice.models import COLUMNS, Followed, Proposal, followed_column, opinion_of
from answers.voice.rules import pseudonyms
from assembly.identity.models import ContactChannel, Person, User
from assembly.institution.models import Assembly
from assembly.institution.queries import main_assembly
from assembly.notifications.preferences import opted_out, wants_optional_mail
from consultations.referrals.enums import ReferralState
from consultations.referrals.models import Referral
from consultations.referrals.queries import published as published_referrals
from opinions.models import Opinion, Recommendation
from opinions.opinions.queries import published_opinions

EVERYTHING = "assemblee"  # the name of the assembly of the public pages in forms, where others have a reference
WITHOUT_OPINION = set(ReferralState.tagged("ended")) - set(ReferralState.tagged("after_opinion"))


@dataclass(frozen=True)
class FollowTarget:
    """What a page or a mail says of what one may follow.

    `name`: its part of the address and of the form; `what`: « cette proposition »; `page`: where it is read;
    `form_page`: where it is followed; `is_wide`: opinions published later are followed too.
    """

    name: str
    reference: str
    title: str
    what: str
    page: str
    form_page: str
    is_wide: bool

    @property
    def asked_page(self) -> str:
        """Return the address that acknowledges a request, below each of the forms (`urls.py`)."""
        return f"{self.form_page}demande/"


def target_of(followed: Followed) -> FollowTarget:
    if isinstance(followed, Assembly):
        form_page, what = reverse("answers:follow-assembly"), _("toute l’Assemblée")
        return FollowTarget(EVERYTHING, "", followed.name, what, reverse("portal:home"), form_page, is_wide=True)
    reference = followed.reference
    if isinstance(followed, Referral):
        page = reverse("consultations:public", args=[reference])
        form_page, what = reverse("answers:follow-subject", args=[reference]), _("ce sujet")
        return FollowTarget(reference, reference, followed.title, what, page, form_page, is_wide=True)
    page, form_page = (reverse(name, args=[reference]) for name in ("answers:thread", "answers:follow"))
    return FollowTarget(reference, reference, followed.title, proposal_noun(followed), page, form_page, is_wide=False)


def public_target(name: str) -> Followed | None:
    """Return the public proposal, opinion or subject of that reference, or the assembly."""
    if name == EVERYTHING:
        return main_assembly()
    return public_proposal(name) or published_referrals().filter(reference=name).first()


def is_silent(followed: Followed) -> bool:
    """Return whether nothing more comes of it: a proposal or subject was merged or dropped."""
    if isinstance(followed, Referral):
        return followed.state in WITHOUT_OPINION
    return isinstance(followed, Recommendation) and not followed.is_active


def subjects_to_follow() -> QuerySet[Referral]:
    """Return the public subjects of the assembly of the public pages that one may follow, the latest first."""
    return published_referrals().exclude(state__in=WITHOUT_OPINION).order_by("-pk")


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


def followed_scopes(follower: Follower) -> list[Following]:
    """Return the subjects and assemblies that this follower follows, the first one first."""
    rows = Following.objects.confirmed().filter(Q(referral__isnull=False) | Q(assembly__isnull=False))
    return list(rows.filter(follower_id=follower.pk).select_related("referral", "assembly").order_by("pk"))


def is_followed(person: Person, proposal: Followed) -> bool:
    if isinstance(proposal, (Assembly, Referral)):
        return Following.objects.confirmed().filter(follower__person=person, **followed_column(proposal)).exists()
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
    direct = {rows[pk] for pair in pairs for pk in pair if pk in rows} | {wholes[pk] for pk in keys}
    return direct | in_scope(follower, [*rows.values(), *wholes.values()])


def in_scope(follower: Follower, proposals: Iterable[Proposal]) -> set[Proposal]:
    """Return the public ones of a subject or an assembly that this follower follows, but for those refused."""
    scopes = followed_scopes(follower)
    referrals = {pk for one in scopes if one.referral for pk in (one.referral.pk, one.referral.merged_into_id)}
    assemblies = {one.assembly_id for one in scopes if one.assembly_id}
    inside = [
        one
        for one in proposals
        if opinion_of(one).referral_id in referrals - {None} or opinion_of(one).term.assembly_id in assemblies
    ]
    if not inside:
        return set()
    keys = {opinion_of(one).pk for one in inside}
    public = set(published_opinions().filter(pk__in=keys).values_list("pk", flat=True))
    refusals = Following.objects.filter(follower_id=follower.pk, stopped_at__isnull=False)
    refused = {one.followed_thing for one in refusals.select_related(*COLUMNS.values())}
    return {one for one in inside if opinion_of(one).pk in public} - refused


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
    followers = followers_of_scopes([*rows.values(), *wholes.values()])
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


def followers_of_scopes(proposals: Iterable[Proposal]) -> defaultdict[Follower, set[Proposal]]:
    """Return who follows the subjects and the assemblies of these proposals, each with the proposals inside."""
    referrals, assemblies = defaultdict[int, set[Proposal]](set), defaultdict[int, set[Proposal]](set)
    for one in proposals:
        opinion = opinion_of(one)
        assemblies[opinion.term.assembly_id].add(one)
        if opinion.referral_id:
            referrals[opinion.referral_id].add(one)
    followers = defaultdict[Follower, set[Proposal]](set)
    condition = Q(referral__in=referrals) | Q(referral__merged_into__in=referrals) | Q(assembly__in=assemblies)
    scopes = Following.objects.confirmed().filter(condition).select_related("follower", "referral").order_by("pk")
    for scope in scopes:
        followers[scope.follower] |= assemblies.get(scope.assembly_id or 0, set())
        for pk in (scope.referral.pk, scope.referral.merged_into_id) if scope.referral else ():
            followers[scope.follower] |= referrals.get(pk or 0, set())
    return followers


def group_members(rows: Mapping[int, Recommendation], wholes: Mapping[int, Opinion]) -> dict[Follower, set[Proposal]]:
    """Return the members of the groups that wrote them; those without a follower row get one here."""
    about_whom = defaultdict[Any, set[tuple[tuple[int | None, int | None], Proposal]]](set)
    written = Recommendation.objects.filter(SAT, Q(pk__in=rows) | Q(merged_into__in=rows)).order_by()
    for pk, into, person in written.values_list("pk", "merged_into", f"{GROUP}__person"):
        about_whom[person] |= {((pk, None), rows[one]) for one in (pk, into) if one in rows}
    parts = Opinion.objects.filter(SAT_IN_ANY, pk__in=wholes, answer_case__isnull=False).order_by()
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
    return Following.objects.confirmed().filter(**followed_column(proposal)).count()


def my_rating(user: Any, answer: Answer) -> AnswerRating | None:
    """Return the marks of this reader, looked up by pseudonym."""
    return AnswerRating.objects.filter(answer=answer, pseudonym__in=pseudonyms(user.person_id, answer.pk)).first()

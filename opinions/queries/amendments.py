"""Reading amendments: of a version, in their order of call, with what collides, who signs, what each says."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy

from assembly.identity.models import Person
from opinions.amending.changes import Change, new_text
from opinions.amending.colliding import collisions
from opinions.amending.enums import AmendmentState
from opinions.amending.ordering import called
from opinions.amending.passages import Text
from opinions.amending.telling import Told, place_words, told
from opinions.enums import VersionKind
from opinions.models import Amendment, AmendmentCosigner, Opinion, OpinionSection, OpinionVersion, Recommendation
from opinions.models.amendment import DECIDED_STATES, WAITING_STATES, AmendmentQuerySet
from sessions.models import Ballot
from sessions.rules.majority import Count, result_sentence

A = AmendmentState
WITHOUT_VOTE = gettext_lazy("Adopté sans opposition.")


@dataclass(frozen=True)
class Row:
    """One amendment as lists, the booklet and its page show it. `collides` are numbers of the others."""

    amendment: Amendment
    told: Told
    place: str
    signers: list[str]
    result: str = ""
    rank: int = 0
    collides: list[int] = field(default_factory=list)


def base_version(opinion: Opinion | int) -> OpinionVersion | None:
    """The tabled text that amendments are made to: the last one that was tabled."""
    pk = opinion if isinstance(opinion, int) else opinion.pk
    return OpinionVersion.objects.filter(opinion=pk, kind=VersionKind.TABLED).order_by("-number").first()


def dossier(user: Any) -> AmendmentQuerySet:
    """One amendment with everything its pages name."""
    return full(Amendment.objects.visible_to(user))


def full(rows: AmendmentQuerySet) -> AmendmentQuerySet:
    signed = AmendmentCosigner.objects.select_related("person").order_by("invited_at", "pk")
    return rows.select_related(
        "version__opinion__term__assembly",
        "version__opinion__tabled_sitting__term",
        "version__opinion__agenda_item__sitting__term",
        "author",
        "committee",
        "parent",
        "ballot",
        "fell_because",
        "merged_into",
        "recorded_by__person",
        "view_by__person",
    ).prefetch_related(Prefetch("cosigners", queryset=signed))


def listing(user: Any, version: OpinionVersion) -> list[Amendment]:
    """Amendments of one version that the reader may see, by number, drafts last."""
    return list(dossier(user).filter(version=version).order_by("number", "pk"))


def changes_of(amendments: Iterable[Amendment]) -> list[Change]:
    return [amendment.change for amendment in amendments]


def rows(version: OpinionVersion, amendments: Sequence[Amendment]) -> list[Row]:
    """The amendments of one version in their order of call; collisions only between those that still wait."""
    by_pk = {amendment.pk: amendment for amendment in amendments}
    numbers = {amendment.pk: amendment.number or 0 for amendment in amendments}
    waiting = changes_of(amendment for amendment in amendments if is_in_order(amendment))
    colliding = collisions(version.tree, waiting)
    text = Text(version.tree)
    return [
        row(
            text,
            by_pk[change.key],
            rank=rank,
            collides=sorted(numbers[key] for key in colliding.get(change.key, ())),
        )
        for rank, change in enumerate(called(version.tree, changes_of(amendments)), start=1)
    ]


def is_in_order(amendment: Amendment) -> bool:
    """It is still to be called, or being discussed; one that is to be checked counts too."""
    return amendment.state in [A.SUBMITTED, *WAITING_STATES]


def row(text: Text, amendment: Amendment, *, rank: int = 0, collides: Sequence[int] = ()) -> Row:
    """One amendment in words; a sub-amendment is told in the new text of its parent."""
    change, parent = amendment.change, amendment.parent
    within = Text(new_text(parent.change)) if parent is not None else text
    return Row(
        amendment=amendment,
        told=told(within, change, parent=parent.number or 0 if parent is not None else 0),
        place=place_words(parent.change if parent is not None else change),
        signers=signers(amendment),
        result=result_words(amendment),
        rank=rank,
        collides=list(collides),
    )


def signers(amendment: Amendment) -> list[str]:
    """Names of the author and of those who signed, the author first."""
    signed = [row.person.full_name for row in amendment.cosigners.all() if row.signed_at is not None]
    return [amendment.author.full_name, *signed]


def result_words(amendment: Amendment) -> str:
    """« Adopté : 54 voix pour… », « Adopté sans opposition. », or nothing."""
    if amendment.state not in DECIDED_STATES:
        return ""
    return ballot_sentence(amendment.ballot) if amendment.ballot is not None else str(WITHOUT_VOTE)


def ballot_sentence(ballot: Ballot) -> str:
    """The sentence of a counted vote, as the minutes print it."""
    count = Count(ballot.votes_for or 0, ballot.votes_against or 0, ballot.abstentions or 0, ballot.no_opinion or 0)
    return result_sentence(
        count,
        ballot.majority_rule,
        members_in_office=ballot.members_in_office or 0,
        casting_vote_for=ballot.casting_vote_for,
    )


def of_version(version: OpinionVersion) -> list[Amendment]:
    """Every amendment that was submitted to this version, by number."""
    found = full(Amendment.objects.filter(version=version).exclude(state=A.DRAFT))
    return list(found.order_by("number"))


def booklet(version: OpinionVersion) -> list[Row]:
    """What the booklet prints: those found admissible, in their order of call, decided ones included."""
    passed = full(Amendment.objects.filter(version=version).passed())
    return rows(version, list(passed.order_by("number")))


def adopted_changes(version: OpinionVersion) -> list[Change]:
    """Changes of the amendments that were adopted, by number."""
    found = Amendment.objects.filter(version=version, state=A.ADOPTED).order_by("number")
    return changes_of(found)


def rapporteurs(opinion: Opinion, amendment: Amendment | None = None) -> set[int]:
    """Persons who give the view: of the opinion, and of the part in which the amendment strikes.

    A passage outside every recommendation belongs to no part that we know: the rapporteurs of all parts may speak.
    """
    parts = OpinionSection.objects.filter(opinion=opinion, removed_at=None, rapporteur__isnull=False)
    if amendment is not None and (nodes := nodes_struck(amendment)):
        struck = Recommendation.objects.filter(opinion=opinion, node_id__in=nodes, section__isnull=False)
        if struck.exists():
            parts = parts.filter(pk__in=struck.values("section"))
    found = set(parts.values_list("rapporteur", flat=True))
    return found | ({opinion.rapporteur_id} if opinion.rapporteur_id else set())


def nodes_struck(amendment: Amendment) -> set[UUID]:
    """Recommendations in which the passage lies; for a sub-amendment, the passage of its parent."""
    change = (amendment.parent or amendment).change
    text = Text(amendment.version.tree)
    found = {text.alineas[n].recommendation_id for n in change.alineas if n in text.alineas}
    return {UUID(node) for node in found if node}


def drafts_of(user: Any, opinion: Opinion) -> list[Amendment]:
    """What the reader has begun, and what they are asked to sign."""
    signs = AmendmentCosigner.objects.filter(amendment=OuterRef("pk"), person=user.person_id, declined_at=None)
    own = full(Amendment.objects.filter(version__opinion=opinion))
    mine = own.filter(author=user.person_id) | own.filter(Exists(signs))
    return list(mine.order_by("-changed_at", "pk").distinct())


def cosigner_of(user: Any, amendment: Amendment) -> AmendmentCosigner | None:
    """The reader's own line among the signers, or None."""
    return next((row for row in amendment.cosigners.all() if row.person_id == user.person_id), None)


def counts(version: OpinionVersion) -> dict[str, int]:
    """How many in each state, drafts left out."""
    found: dict[str, int] = defaultdict(int)
    for state in Amendment.objects.filter(version=version).exclude(state=A.DRAFT).values_list("state", flat=True):
        found[state] += 1
    return dict(found)


def people_to_invite(amendment: Amendment, everybody: Iterable[Person]) -> list[Person]:
    """Members who may still be asked to sign."""
    asked = {row.person_id for row in amendment.cosigners.all()} | {amendment.author_id}
    return [person for person in everybody if person.pk not in asked]

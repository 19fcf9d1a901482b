"""Reading amendments: of a version, in their order of call, with what collides, who signs, what each says."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.collab.document import comparing
from assembly.collab.document.grammar import PROMPTS
from assembly.identity.models import Person
from assembly.ui.untrusted_input import whole_number
from opinions.amending import plain_input
from opinions.amending.changes import AmendmentChange, new_text
from opinions.amending.colliding import collisions
from opinions.amending.description import AmendmentDescription, described, place_words
from opinions.amending.enums import AmendmentState, Operation
from opinions.amending.ordering import called
from opinions.amending.passages import Text
from opinions.enums import VersionKind
from opinions.models import Amendment, AmendmentCosigner, Opinion, OpinionSection, OpinionVersion, Recommendation
from opinions.models.amendment import DECIDED_STATES, WAITING_STATES, AmendmentQuerySet
from opinions.queries.opinions import sitting_people
from sessions.queries.ballot_facts import ballot_facts
from sessions.rules.public_names import PrivatePersons, Redactor

A = AmendmentState
LONGEST_PASSAGE = 60
WITHOUT_VOTE = gettext_lazy("Adopté sans opposition.")


@dataclass(frozen=True)
class AmendmentRow:
    """One amendment as lists, the booklet and its page show it. `collides` are numbers of the others."""

    amendment: Amendment
    told: AmendmentDescription
    place: str
    result: str = ""
    rank: int = 0
    collides: list[int] = field(default_factory=list)

    @property
    def signers(self) -> list[str]:
        """Names of the author and of those who signed, the author first."""
        signed = [row.person.full_name for row in self.amendment.cosigners.all() if row.signed_at is not None]
        return [self.amendment.author.full_name, *signed]

    @property
    def gist(self) -> str:
        """What it does, new text included, on one line."""
        text = " ".join(plain_text(self.amendment).split()) if self.told.html else ""
        return f"{self.told.sentence} {text}".strip()


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


def changes_of(amendments: Iterable[Amendment]) -> list[AmendmentChange]:
    return [amendment.change for amendment in amendments]


def rows(version: OpinionVersion, amendments: Sequence[Amendment]) -> list[AmendmentRow]:
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


def row(text: Text, amendment: Amendment, *, rank: int = 0, collides: Sequence[int] = ()) -> AmendmentRow:
    """One amendment in words; a sub-amendment is told in the new text of its parent."""
    change, parent = amendment.change, amendment.parent
    within = Text(new_text(parent.change)) if parent is not None else text
    return AmendmentRow(
        amendment=amendment,
        told=described(within, change, parent=parent.number or 0 if parent is not None else 0),
        place=place_words(parent.change if parent is not None else change),
        result=result_words(amendment),
        rank=rank,
        collides=list(collides),
    )


def result_words(amendment: Amendment) -> str:
    """« Adopté : 54 voix pour… », « Adopté sans opposition. », or nothing."""
    if amendment.state not in DECIDED_STATES:
        return ""
    return str(WITHOUT_VOTE if amendment.ballot is None else ballot_facts(amendment.ballot)["sentence"])


def of_version(version: OpinionVersion) -> list[Amendment]:
    """Every amendment that was submitted to this version, by number."""
    found = full(Amendment.objects.filter(version=version).exclude(state=A.DRAFT))
    return list(found.order_by("number"))


def booklet(version: OpinionVersion) -> list[AmendmentRow]:
    """What the booklet prints: those found admissible, in their order of call, decided ones included."""
    passed = full(Amendment.objects.filter(version=version).passed())
    return rows(version, list(passed.order_by("number")))


def outcomes(version: OpinionVersion) -> list[AmendmentRow]:
    """The same rows to be told without any name: no signer is read."""
    passed = Amendment.objects.filter(version=version).passed().select_related("parent", "ballot")
    return rows(version, list(passed.order_by("number")))


def adopted_changes(version: OpinionVersion) -> list[AmendmentChange]:
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
    mine = own.filter(Q(author=user.person_id) | Exists(signs))
    return list(mine.order_by("-changed_at", "pk"))


def cosigner_of(user: Any, amendment: Amendment) -> AmendmentCosigner | None:
    """The reader's own line among the signers, or None."""
    return next((row for row in amendment.cosigners.all() if row.person_id == user.person_id), None)


def counts(version: OpinionVersion) -> dict[str, int]:
    """How many in each state, drafts left out."""
    found: dict[str, int] = defaultdict(int)
    for state in Amendment.objects.filter(version=version).exclude(state=A.DRAFT).values_list("state", flat=True):
        found[state] += 1
    return dict(found)


def people_to_invite(amendment: Amendment) -> QuerySet[Person]:
    """Members who may still be asked to sign."""
    asked = [row.person_id for row in amendment.cosigners.all()]
    return sitting_people(amendment.version.opinion).exclude(pk__in=[*asked, amendment.author_id])


@dataclass(frozen=True)
class TextLine:
    """One alinéa of the tabled text: its number, its words, what it is (title, question, plain)."""

    number: int
    words: str
    kind: str
    question: str = ""


def text_lines(version: OpinionVersion) -> list[TextLine]:
    """The text alinéa by alinéa; a question of a recommendation is said above the first line of its answer."""
    found, asked = [], ("", "")
    for alinea in Text(version.tree).alineas.values():
        here = (alinea.recommendation_id or "", alinea.prompt)
        question = str(PROMPTS[alinea.prompt]) if alinea.prompt and here != asked else ""
        asked = here
        kind = {"heading": "title", "recommendationTitle": "recommendation"}.get(alinea.node["type"], "plain")
        found.append(TextLine(alinea.number, alinea.text, kind, question))
    return found


def places_after(opinion: Opinion) -> list[tuple[int, str]]:
    """Where a new recommendation may stand: the last alinéa of each one, with its title; else the end of the text."""
    version = base_version(opinion)
    found = list(Text(version.tree).alineas.values()) if version else []
    places: dict[str, tuple[int, str]] = {}
    for alinea in found:
        if node := alinea.recommendation_id:
            title = alinea.text if node not in places else places[node][1]
            places[node] = (alinea.number, title)
    return list(places.values()) or [(alinea.number, alinea.text) for alinea in found[-1:]]


def is_new_recommendation(amendment: Amendment) -> bool:
    """It adds a whole recommendation, written with its six questions."""
    return [block["type"] for block in amendment.content] == ["recommendation"]


def shown_passage(opinion: Opinion, first: Any, last: Any, parent: Any) -> list[TextLine]:
    """The alinéas that a form names, in the tabled text or in the new text of the amendment that is changed."""
    version = base_version(opinion)
    if version is None:
        return []
    tree = version.tree
    parent = whole_number(str(parent or ""), otherwise=0)
    if parent and (changed := Amendment.objects.filter(version=version, pk=parent).first()) is not None:
        tree = new_text(changed.change)
    given = [whole_number(str(value or "")) for value in (first, last or first)]
    numbers = [value for value in given if value >= 0]
    wanted = range(numbers[0], numbers[-1] + 1) if numbers else range(1, 9999 if parent else 0)
    found = Text(tree).alineas
    return [TextLine(n, found[n].text, "plain") for n in wanted[:LONGEST_PASSAGE] if n in found]


def amendable(user: Any, opinion: Opinion) -> AmendmentQuerySet:
    """Amendments that a sub-amendment may change: with new text, still to be decided, none of its own kind."""
    rows = Amendment.objects.visible_to(user).filter(version__opinion=opinion, parent=None, state__in=WAITING_STATES)
    return rows.exclude(operation=Operation.DELETE)


def is_of_former_text(amendment: Amendment) -> bool:
    """Another text was tabled since."""
    version = base_version(amendment.version.opinion_id)
    return version is not None and version.pk != amendment.version_id


def is_amendable(amendment: Amendment) -> bool:
    """A sub-amendment may be proposed to it."""
    return amendment.parent_id is None and amendment.is_waiting and amendment.operation != Operation.DELETE


def listing_of_parent(user: Any, amendment: Amendment) -> list[Amendment]:
    """Sub-amendments that the reader may see."""
    return list(full(Amendment.objects.visible_to(user).filter(parent=amendment).passed()).order_by("number"))


def to_view(user: Any, opinion: Opinion) -> list[AmendmentRow]:
    """Those on which a rapporteur may speak: without a view first, then in their order of call."""
    version = base_version(opinion)
    if version is None:
        return []
    waiting = full(Amendment.objects.visible_to(user).filter(version=version))
    found = rows(version, list(waiting.filter(state__in=[A.ADMISSIBLE, A.RAPPORTEUR_VIEW])))
    return sorted(found, key=lambda row: (bool(row.amendment.view_stance), row.rank))


def told_in_minutes(opinions: Iterable[int]) -> dict[str, list[str]]:
    """What the minutes say of amendments that were called, by opinion, in the order of the decisions: no name."""
    found: dict[str, list[str]] = {}
    decided = Amendment.objects.filter(version__opinion__in=opinions, state__in=[*DECIDED_STATES, A.FELL])
    with_call = decided.filter(checked_at__isnull=False).select_related("ballot", "version", "parent", "fell_because")
    for one in with_call.order_by(Coalesce("decided_at", "ended_at"), "number"):
        place = place_words((one.parent or one).change)
        words = {"number": one.number, "place": place, "result": result_words(one) or fallen_words(one)}
        said = _("Amendement n°\u00a0%(number)s (%(place)s)\u00a0: %(result)s") % words
        found.setdefault(str(one.version.opinion_id), []).append(said)
    return found


def fallen_words(amendment: Amendment) -> str:
    """« tombé, l’amendement n° 3 ayant été adopté. »"""
    because = amendment.fell_because
    if because is not None and because.state == A.ADOPTED:
        return _("tombé, l’amendement n°\u00a0%(n)s étant adopté.") % {"n": because.number}
    return _("tombé, sans objet.")


def adopted_amendments(version: OpinionVersion) -> list[Amendment]:
    """Adopted amendments of a version, by number."""
    return list(full(Amendment.objects.filter(version=version, state=A.ADOPTED)).order_by("number"))


def next_text(opinion: Opinion) -> OpinionVersion | None:
    """The amended text that stands, made after the tabled one; None while nothing was adopted."""
    base = base_version(opinion)
    if base is None:
        return None
    later = OpinionVersion.objects.filter(opinion=opinion, number__gt=base.number, kind=VersionKind.AMENDED)
    return later.order_by("-number").first()


def has_next_text(opinion: Opinion) -> bool:
    return next_text(opinion) is not None


def compared(old: OpinionVersion, new: OpinionVersion) -> str:
    """What changed, as HTML with « ajouté » and « supprimé » in words."""
    return comparing.to_html(comparing.compare(old.tree, new.tree))


def mergeable(amendment: Amendment) -> AmendmentQuerySet:
    """Amendments of the same text with which this one may become one."""
    rows = Amendment.objects.filter(
        version=amendment.version_id,
        parent=amendment.parent_id,
        state__in=[A.SUBMITTED, A.ADMISSIBLE, A.RAPPORTEUR_VIEW],
    )
    return rows.exclude(pk=amendment.pk).order_by("number")


def plain_text(amendment: Amendment) -> str:
    """The new text as one would type it."""
    return amendment.words or plain_input.typed_text(amendment.content)


def without_names(found: Sequence[AmendmentRow], people: Iterable[Person]) -> list[AmendmentRow]:
    """The same for anybody: what was typed beside the text of an amendment names no member."""
    redactor = Redactor(PrivatePersons(person.first_name, person.last_name) for person in people)
    for row in found:
        for name in ("reason", "view_text", "check_reason", "end_reason"):
            setattr(row.amendment, name, redactor.redact(getattr(row.amendment, name)))
    return list(found)

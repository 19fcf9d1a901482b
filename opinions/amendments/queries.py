"""Queries of amendments: those of a version, in their order of call, with collisions, signers and descriptions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _, gettext_lazy

from assembly.collab.document import comparing
from assembly.collab.document.grammar import PROMPTS
from assembly.identity.models import Person
from assembly.web.forms import whole_number
from opinions.amending import typed_input
from opinions.amending.applying import collisions
from opinions.amending.changes import AmendmentChange, Operation, new_text
from opinions.amending.passages import AmendmentDescription, Text, describe_amendment, format_alineas, in_call_order
from opinions.amendments.models import AmendmentQuerySet, AmendmentState
from opinions.models import Amendment, AmendmentCosigner, Opinion, OpinionSection, OpinionVersion, Recommendation
from opinions.opinions.queries import sitting_people
from opinions.versions.models import VersionKind
from sessions.decisions.queries import ballot_facts
from sessions.minutes.rules import PrivatePersons, Redactor

A = AmendmentState
LONGEST_PASSAGE = 60
WITHOUT_VOTE = gettext_lazy("Adopté sans opposition.")


@dataclass(frozen=True)
class AmendmentRow:
    """One amendment as lists, the booklet and its page show it. `collides` are numbers of the others."""

    amendment: Amendment
    description: AmendmentDescription
    place: str
    result: str = ""
    rank: int = 0
    collides: list[int] = field(default_factory=list)

    @property
    def signers(self) -> list[str]:
        """Return the names of the author and of those who signed, the author first."""
        signed = [row.person.full_name for row in self.amendment.cosigners.all() if row.signed_at is not None]
        return [self.amendment.author.full_name, *signed]

    @property
    def gist(self) -> str:
        """Return on one line what the amendment does, new text included."""
        text = " ".join(plain_text(self.amendment).split()) if self.description.html else ""
        return f"{self.description.sentence} {text}".strip()


def base_version(opinion: Opinion | int) -> OpinionVersion | None:
    """Return the text that amendments are made to: the last one that was tabled."""
    pk = opinion if isinstance(opinion, int) else opinion.pk
    return OpinionVersion.objects.filter(opinion=pk, kind=VersionKind.TABLED).order_by("-number").first()


def dossier(user: Any) -> AmendmentQuerySet:
    """Return the amendments that the reader may see, with everything that their pages show."""
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
    """Return the amendments of one version that the reader may see, by number, drafts last."""
    return list(dossier(user).filter(version=version).order_by("number", "pk"))


def changes_of(amendments: Iterable[Amendment]) -> list[AmendmentChange]:
    return [amendment.change for amendment in amendments]


def rows(version: OpinionVersion, amendments: Sequence[Amendment]) -> list[AmendmentRow]:
    """Return the amendments of one version in their order of call; collisions only between undecided ones."""
    by_pk = {amendment.pk: amendment for amendment in amendments}
    numbers = {amendment.pk: amendment.number or 0 for amendment in amendments}
    waiting = changes_of(amendment for amendment in amendments if amendment.state in A.tagged("undecided"))
    colliding = collisions(version.tree, waiting)
    text = Text(version.tree)
    return [
        row(
            text,
            by_pk[change.key],
            rank=rank,
            collides=sorted(numbers[key] for key in colliding.get(change.key, ())),
        )
        for rank, change in enumerate(in_call_order(version.tree, changes_of(amendments)), start=1)
    ]


def row(text: Text, amendment: Amendment, *, rank: int = 0, collides: Sequence[int] = ()) -> AmendmentRow:
    """Return one amendment with its description; a sub-amendment is described in the new text of its parent."""
    change, parent = amendment.change, amendment.parent
    within = Text(new_text(parent.change)) if parent is not None else text
    return AmendmentRow(
        amendment=amendment,
        description=describe_amendment(within, change, parent=parent.number or 0 if parent is not None else 0),
        place=format_alineas(parent.change if parent is not None else change),
        result=format_result(amendment),
        rank=rank,
        collides=list(collides),
    )


def format_result(amendment: Amendment) -> str:
    """Return « Adopté : 54 voix pour… », « Adopté sans opposition. », or an empty text."""
    if not amendment.is_decided:
        return ""
    return str(WITHOUT_VOTE if amendment.ballot is None else ballot_facts(amendment.ballot)["sentence"])


def of_version(version: OpinionVersion) -> list[Amendment]:
    """Return every amendment that was submitted to this version, by number."""
    amendments = full(Amendment.objects.filter(version=version).exclude(state=A.DRAFT))
    return list(amendments.order_by("number"))


def booklet(version: OpinionVersion) -> list[AmendmentRow]:
    """Return the rows of the booklet: those found admissible, in their order of call, decided ones included."""
    passed = full(Amendment.objects.filter(version=version).passed())
    return rows(version, list(passed.order_by("number")))


def outcomes(version: OpinionVersion) -> list[AmendmentRow]:
    """Return the same rows for texts without any name: no signer is read."""
    passed = Amendment.objects.filter(version=version).passed().select_related("parent", "ballot")
    return rows(version, list(passed.order_by("number")))


def published_amendments(opinions: QuerySet[Any]) -> AmendmentQuerySet:
    """Return what the public pages of these opinions list: the amendments to the text that was tabled last."""
    tabled = OpinionVersion.objects.filter(opinion=OuterRef("version__opinion"), kind=VersionKind.TABLED)
    public = Amendment.objects.public().filter(version__opinion__in=opinions.values("pk"))
    last = public.filter(version=Subquery(tabled.order_by("-number").values("pk")[:1]))
    return last.order_by("version__opinion__adopted_on", "version__opinion_id", "number")


def adopted_changes(version: OpinionVersion) -> list[AmendmentChange]:
    """Return the changes of the adopted amendments, by number."""
    amendments = Amendment.objects.filter(version=version, state=A.ADOPTED).order_by("number")
    return changes_of(amendments)


def rapporteurs(opinion: Opinion, amendment: Amendment | None = None) -> set[int]:
    """Return the persons who give the view: for the opinion, and for the part that the amendment changes.

    A passage outside every recommendation has no known part: the rapporteurs of all parts may give a view.
    """
    parts = OpinionSection.objects.filter(opinion=opinion, removed_at=None, rapporteur__isnull=False)
    if amendment is not None and (nodes := nodes_struck(amendment)):
        struck = Recommendation.objects.filter(opinion=opinion, node_id__in=nodes, section__isnull=False)
        if struck.exists():
            parts = parts.filter(pk__in=struck.values("section"))
    persons = set(parts.values_list("rapporteur", flat=True))
    return persons | ({opinion.rapporteur_id} if opinion.rapporteur_id else set())


def nodes_struck(amendment: Amendment) -> set[UUID]:
    """Return the recommendations that contain the passage; for a sub-amendment, the passage of its parent."""
    change = (amendment.parent or amendment).change
    text = Text(amendment.version.tree)
    nodes = {text.alineas[n].recommendation_id for n in change.alineas if n in text.alineas}
    return {UUID(node) for node in nodes if node}


def drafts_of(user: Any, opinion: Opinion) -> list[Amendment]:
    """Return what the reader has begun, and what they are asked to sign."""
    signs = AmendmentCosigner.objects.filter(amendment=OuterRef("pk"), person=user.person_id, declined_at=None)
    own = full(Amendment.objects.filter(version__opinion=opinion))
    mine = own.filter(Q(author=user.person_id) | Exists(signs))
    return list(mine.order_by("-changed_at", "pk"))


def cosigner_of(user: Any, amendment: Amendment) -> AmendmentCosigner | None:
    """Return the reader's own row among the signers, or None."""
    return next((row for row in amendment.cosigners.all() if row.person_id == user.person_id), None)


def counts(version: OpinionVersion) -> dict[str, int]:
    """Return how many amendments are in each state, without drafts."""
    by_state: dict[str, int] = defaultdict(int)
    for state in Amendment.objects.filter(version=version).exclude(state=A.DRAFT).values_list("state", flat=True):
        by_state[state] += 1
    return dict(by_state)


def people_to_invite(amendment: Amendment) -> QuerySet[Person]:
    """Return the members who may still be asked to sign."""
    asked = [row.person_id for row in amendment.cosigners.all()]
    return sitting_people(amendment.version.opinion).exclude(pk__in=[*asked, amendment.author_id])


@dataclass(frozen=True)
class TextLine:
    """One alinéa of the tabled text: its number, its text, its kind (title, recommendation, plain)."""

    number: int
    text: str
    kind: str
    question: str = ""


def text_lines(version: OpinionVersion) -> list[TextLine]:
    """Return the text alinéa by alinéa; a question of a recommendation precedes the first line of its answer."""
    lines, asked = [], ("", "")
    for alinea in Text(version.tree).alineas.values():
        here = (alinea.recommendation_id or "", alinea.prompt)
        question = str(PROMPTS[alinea.prompt]) if alinea.prompt and here != asked else ""
        asked = here
        kind = {"heading": "title", "recommendationTitle": "recommendation"}.get(alinea.node["type"], "plain")
        lines.append(TextLine(alinea.number, alinea.text, kind, question))
    return lines


def places_after(opinion: Opinion) -> list[tuple[int, str]]:
    """Return where a recommendation may be added: after the last alinéa of each one, or at the end of the text."""
    version = base_version(opinion)
    alineas = list(Text(version.tree).alineas.values()) if version else []
    places: dict[str, tuple[int, str]] = {}
    for alinea in alineas:
        if node := alinea.recommendation_id:
            title = alinea.text if node not in places else places[node][1]
            places[node] = (alinea.number, title)
    return list(places.values()) or [(alinea.number, alinea.text) for alinea in alineas[-1:]]


def is_new_recommendation(amendment: Amendment) -> bool:
    """Return whether it adds a whole recommendation, written with its six questions."""
    return [block["type"] for block in amendment.content] == ["recommendation"]


def shown_passage(opinion: Opinion, first: Any, last: Any, parent: Any) -> list[TextLine]:
    """Return the alinéas that a form names, in the tabled text or in the new text of the parent amendment."""
    version = base_version(opinion)
    if version is None:
        return []
    tree = version.tree
    parent = whole_number(str(parent or ""), otherwise=0)
    if parent and (changed := Amendment.objects.filter(version=version, pk=parent).first()) is not None:
        tree = new_text(changed.change)
    bounds = [whole_number(str(value or "")) for value in (first, last or first)]
    numbers = [value for value in bounds if value >= 0]
    shown = range(numbers[0], numbers[-1] + 1) if numbers else range(1, 9999 if parent else 0)
    alineas = Text(tree).alineas
    return [TextLine(n, alineas[n].text, "plain") for n in shown[:LONGEST_PASSAGE] if n in alineas]


def amendable(user: Any, opinion: Opinion) -> AmendmentQuerySet:
    """Return the amendments that a sub-amendment may change: with new text, not decided, no sub-amendment."""
    rows = Amendment.objects.visible_to(user).filter(
        version__opinion=opinion, parent=None, state__in=A.tagged("waiting")
    )
    return rows.exclude(operation=Operation.DELETE)


def is_of_former_text(amendment: Amendment) -> bool:
    """Return whether another text was tabled since."""
    version = base_version(amendment.version.opinion_id)
    return version is not None and version.pk != amendment.version_id


def is_amendable(amendment: Amendment) -> bool:
    """Return whether a sub-amendment may be proposed to it."""
    return amendment.parent_id is None and amendment.is_waiting and amendment.operation != Operation.DELETE


def listing_of_parent(user: Any, amendment: Amendment) -> list[Amendment]:
    """Return the sub-amendments that the reader may see."""
    return list(full(Amendment.objects.visible_to(user).filter(parent=amendment).passed()).order_by("number"))


def to_view(user: Any, opinion: Opinion) -> list[AmendmentRow]:
    """Return those on which a rapporteur may give a view: without one first, then in their order of call."""
    version = base_version(opinion)
    if version is None:
        return []
    waiting = full(Amendment.objects.visible_to(user).filter(version=version))
    amendment_rows = rows(version, list(waiting.filter(state__in=A.tagged("uncalled"))))
    return sorted(amendment_rows, key=lambda row: (bool(row.amendment.view_stance), row.rank))


def sentences_for_minutes(opinions: Iterable[int]) -> dict[str, list[str]]:
    """Return the lines of the minutes about decided amendments, by opinion, in that order and without names."""
    sentences: dict[str, list[str]] = {}
    decided = Amendment.objects.filter(version__opinion__in=opinions, state__in=[*A.tagged("decided"), A.FELL])
    with_call = decided.filter(checked_at__isnull=False).select_related("ballot", "version", "parent", "fell_because")
    for one in with_call.order_by(Coalesce("decided_at", "ended_at"), "number"):
        place = format_alineas((one.parent or one).change)
        fields = {"number": one.number, "place": place, "result": format_result(one) or format_fall(one)}
        sentence = _("Amendement n°\u00a0%(number)s (%(place)s). %(result)s") % fields
        sentences.setdefault(str(one.version.opinion_id), []).append(sentence)
    return sentences


def format_fall(amendment: Amendment) -> str:
    """Return « Tombé, l’amendement n° 3 étant adopté. », or « Tombé, sans objet. »"""
    because = amendment.fell_because
    if because is not None and because.state == A.ADOPTED:
        return _("Tombé, l’amendement n°\u00a0%(n)s étant adopté.") % {"n": because.number}
    return _("Tombé, sans objet.")


def adopted_amendments(version: OpinionVersion) -> list[Amendment]:
    """Return the adopted amendments of a version, by number."""
    return list(full(Amendment.objects.filter(version=version, state=A.ADOPTED)).order_by("number"))


def next_text(opinion: Opinion) -> OpinionVersion | None:
    """Return the present amended text, made after the tabled one; None while nothing was adopted."""
    base = base_version(opinion)
    if base is None:
        return None
    later = OpinionVersion.objects.filter(opinion=opinion, number__gt=base.number, kind=VersionKind.AMENDED)
    return later.order_by("-number").first()


def has_next_text(opinion: Opinion) -> bool:
    return next_text(opinion) is not None


def compared(old: OpinionVersion, new: OpinionVersion) -> str:
    """Return the changes as HTML, with « ajouté » and « supprimé » in words."""
    return comparing.to_html(comparing.compare(old.tree, new.tree))


def mergeable(amendment: Amendment) -> AmendmentQuerySet:
    """Return the amendments of the same text with which this one may be merged."""
    rows = Amendment.objects.filter(
        version=amendment.version_id,
        parent=amendment.parent_id,
        state__in=A.tagged("pending"),
    )
    return rows.exclude(pk=amendment.pk).order_by("number")


def plain_text(amendment: Amendment) -> str:
    """Return the new text as it would be typed."""
    return amendment.new_text or typed_input.typed_text(amendment.content)


def without_names(rows: Sequence[AmendmentRow], people: Iterable[Person]) -> list[AmendmentRow]:
    """Return the rows for the public: texts typed about the amendment name no member."""
    redactor = Redactor(PrivatePersons(person.first_name, person.last_name) for person in people)
    for row in rows:
        for name in ("reason", "view_text", "check_reason", "end_reason"):
            setattr(row.amendment, name, redactor.redact(getattr(row.amendment, name)))
    return list(rows)


ALIKE = 0.5  # share of the words of both


def likely_place(opinion: Opinion, late: str) -> dict[str, Any]:
    """Return the form of an amendment with these words; a single paragraph replaces the most similar alinéa."""
    text, version = late.strip(), base_version(opinion)
    fields: dict[str, Any] = {"typed": text}
    if version is None or "\n" in text:
        return fields
    numbers = {number: alikeness(text, alinea.text) for number, alinea in Text(version.tree).alineas.items()}
    best = max(numbers, key=lambda number: numbers[number], default=0)
    if numbers.get(best, 0.0) >= ALIKE:
        fields |= {"alinea_from": best, "operation": Operation.REPLACE}
    return fields


def alikeness(first: str, second: str) -> float:
    """Return from 0 to 1 the share of words that two lines have in common, in the same order."""
    matcher = SequenceMatcher(None, first.split(), second.split(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0

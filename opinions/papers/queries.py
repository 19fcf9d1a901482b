"""Facts that the printed opinion and its public page show beside the text; what is missing, what is sealed."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.translation import gettext as _, ngettext

from assembly.documents.actions.renditions import rendition_fingerprint
from assembly.documents.models import Document, Rendition
from assembly.documents.queries import document_by_reference, latest_ready, latest_rendition
from assembly.documents.registry import renderers
from assembly.identity.models import Person
from assembly.institution.models import Assembly
from assembly.institution.queries import main_assembly_key
from assembly.portal.glossary import GLOSSARY
from assembly.speed.queries import CompiledQuery
from assembly.text.french import format_date, format_time
from consultations.hearings.queries import public_hearings
from consultations.models import HearingState
from members.mandates.queries import active_mandates
from members.models import Mandate
from opinions.amendments import queries as amendments
from opinions.models import (
    Amendment,
    AmendmentState,
    MinorityCosigner,
    MinorityPosition,
    Opinion,
    OpinionSection,
    OpinionVersion,
    OpinionVisa,
    OpinionVisaCapacity,
    PartVote,
    PositionState,
    PrintedChapters,
    ServicesRequest,
    Spokesperson,
)
from opinions.opinions.models import OpinionLabel, OpinionQuerySet
from opinions.opinions.queries import sections_of
from opinions.papers import rules
from opinions.versions.queries import (
    last_and_tabled,
    last_version,
    proclaimed_parts,
    recommendations_data,
    standing_tree,
    vote_data,
)
from sessions.models import BallotState, Via


def with_annexes(opinions: OpinionQuerySet) -> QuerySet[Any]:
    """Return each opinion with `annexes` for `annexes_of`, read in the same statement as the opinion."""
    here = OuterRef("pk")
    groups = OpinionSection.objects.filter(opinion=here, removed_at=None, committee__isnull=False).order_by()
    services = ServicesRequest.objects.filter(opinion=here).order_by()
    proposed = Amendment.objects.filter(version__opinion=here).passed().order_by()
    return opinions.annotate(
        annexes=JSONObject(
            main_assembly=Subquery(main_assembly_key()),
            sealed=Subquery(_sealed()),
            groups=ArraySubquery(groups.values("committee").distinct()),
            services=ArraySubquery(services.values("directorate").distinct()),
            proposed=ArraySubquery(proposed.values("pk")),
            spokespersons=ArraySubquery(
                Spokesperson.objects.filter(draw__opinion=here).order_by("rank").values(entry=_name("person"))
            ),
            visas=_visa_entries(),
            minority=_minority_entries(),
        )
    )


def annexes_of(opinion: Opinion) -> Mapping[str, Any]:
    """Return lists of keys to count (`groups`, `services`, `proposed`), and facts about people; see `person_of`."""
    annexes = getattr(opinion, "annexes", None)
    if annexes is None:
        annexes = with_annexes(Opinion.objects.filter(pk=opinion.pk)).values_list("annexes", flat=True).get()
    return annexes


def person_of(name: Mapping[str, str]) -> Person:
    """Return an unsaved person of whom only the name was read."""
    return Person(first_name=name["first_name"], last_name=name["last_name"])


def _sealed() -> QuerySet[Document, Any]:
    """Return the published file of an opinion of the main assembly: its reference, and its facts when sealed."""
    documents = Document.objects.filter(reference__iexact=OuterRef("reference"), published_revision__isnull=False)
    facts = JSONObject(reference="reference", facts="published_revision__report__facts")
    return documents.values(entry=facts)[:1]


def _name(path: str) -> JSONObject:
    return JSONObject(first_name=f"{path}__first_name", last_name=f"{path}__last_name")


def _visa_entries() -> ArraySubquery:
    """Return the visas that are not voided, in the order in which they were given."""
    rows = OpinionVisa.objects.filter(opinion=OuterRef("pk"), voided_at=None).order_by("pk")
    return ArraySubquery(
        rows.values(entry=JSONObject(person=_name("person"), capacity="capacity", given_at="given_at", via="via"))
    )


def _minority_entries() -> ArraySubquery:
    """Return the submitted positions, each with its author and present signers; an account may have no person."""
    signed = MinorityCosigner.objects.filter(
        position=OuterRef("pk"), withdrawn_at=None, user__person__isnull=False
    ).order_by("signed_at", "pk")
    rows = MinorityPosition.objects.filter(opinion=OuterRef("pk"), state=PositionState.SUBMITTED)
    return ArraySubquery(
        rows.order_by("submitted_at", "pk").values(
            entry=JSONObject(
                title="title",
                body="body",
                has_author="author__person",
                author=_name("author__person"),
                signers=ArraySubquery(signed.values(entry=_name("user__person"))),
            )
        )
    )


MOST_SHOWN = 240
type Hearings = list[dict[str, Any]]

CHAPTERS = ("foreword", "genesis", "method", "thanks")


def document_reference(opinion: Opinion, main: int | None = None) -> str:
    """Return `AC2-2026-03`, or the referral's reference before it has one, as all documents of the site print it."""
    return registered_reference(opinion.reference or opinion.referral.reference, opinion.term.assembly, main)


def registered_reference(reference: str, assembly: Assembly, main: int | None = None) -> str:
    """Return a reference; for any assembly but the main one of the site, its name comes before.

    `main` is the key of the main assembly where it is already known.
    """
    main = main or main_assembly_key().get()["pk"]
    return reference if main == assembly.pk else f"{assembly.slug.upper()}-{reference}"


def title_of(opinion: Opinion) -> str:
    """Return « Avis AC2-2026-03 : Bien vieillir », or « Projet : Bien vieillir » before it has a reference."""
    if not opinion.reference:
        return _("Projet : %(title)s") % {"title": opinion.title}
    values = {"label": label_of(opinion), "reference": opinion.reference, "title": opinion.title}
    return _("%(label)s %(reference)s : %(title)s") % values


def label_of(opinion: Opinion) -> str:
    return str(OpinionLabel(opinion.label).label).capitalize()


def _adopted(opinion: Opinion) -> str:
    """Return « Adopté le 28 mars 2026 par l’assemblée réunie en séance plénière. », or an empty text."""
    if opinion.adopted_on is None:
        return ""
    return _("Adopté le %(day)s par l’assemblée réunie en séance plénière.") % {
        "day": format_date(opinion.adopted_on, weekday=False)
    }


def _handover(opinion: Opinion) -> str:
    if opinion.handed_over_on is None:
        return ""
    return _("Remis le %(day)s, %(place)s. Destinataire : %(to)s.") % {
        "day": format_date(opinion.handed_over_on, weekday=False),
        "to": opinion.handed_over_to,
        "place": opinion.handed_over_place,
    }


def chapters_of(opinion: Opinion) -> PrintedChapters:
    """Return the chapters written around the text, or empty ones."""
    return getattr(opinion, "printed_chapters", None) or PrintedChapters(opinion=opinion)


def _chapters(opinion: Opinion) -> dict[str, Any]:
    printed = chapters_of(opinion)
    texts: dict[str, Any] = {name: paragraphs(getattr(printed, name)) for name in CHAPTERS}
    return texts | {"foreword_by": printed.foreword_by, "easy_read": paragraphs(opinion.easy_read)}


def paragraphs(text: str) -> list[str]:
    """Split plain text at its blank lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def _figures(annexes: Mapping[str, Any], hearings: Hearings, recommendation_count: int) -> list[str]:
    """Return what was done, in sentences: groups, hearings, services, amendments, recommendations."""
    counted, services, proposed = (len(annexes[name]) for name in ("groups", "services", "proposed"))
    meetings = sum(row["hearing"].state == HearingState.HELD for row in hearings)
    lines = [
        (counted, ngettext("%(n)s groupe a écrit.", "%(n)s groupes ont écrit.", counted)),
        (meetings, ngettext("%(n)s audition ou visite.", "%(n)s auditions et visites.", meetings)),
        (services, ngettext("%(n)s direction a relu.", "%(n)s directions ont relu.", services)),
        (proposed, ngettext("%(n)s amendement discuté.", "%(n)s amendements discutés.", proposed)),
        (recommendation_count, ngettext("%(n)s préconisation.", "%(n)s préconisations.", recommendation_count)),
    ]
    return [sentence % {"n": count} for count, sentence in lines if count]


def _votes(opinion: Opinion, parts: Sequence[PartVote]) -> list[dict[str, Any]]:
    """Return the vote on the whole, then on each part, each with its sentence."""
    votes = []
    if opinion.ballot is not None and opinion.ballot.state == BallotState.PROCLAIMED:
        votes.append({"label": _("Vote sur l’ensemble"), "is_whole": True} | vote_data(opinion.ballot))
    for part in parts:
        if part.ballot is not None:
            votes.append({"label": part.label, "is_whole": False} | vote_data(part.ballot))
    return votes


def _amendments(base: OpinionVersion | None) -> list[dict[str, Any]]:
    """Return the outcome of each amendment to the tabled text that passed the check, by number, without names."""
    if base is None:
        return []
    return [
        {
            "number": row.amendment.number,
            "sentence": f"{row.description.sentence} {quote_new_text(row.description.html)}".strip(),
            "outcome": row.result or str(AmendmentState(row.amendment.state).label).capitalize(),
        }
        for row in sorted(amendments.outcomes(base), key=lambda row: row.amendment.number or 0)
    ]


def quote_new_text(html: str) -> str:
    """Return the beginning of what an amendment adds, in quotation marks; its booklet has it whole."""
    text = " ".join(unescape(strip_tags(html.replace("</", " </"))).split())
    if not text:
        return ""
    shown = text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN].rsplit(" ", 1)[0] + "…"
    return _("« %(words)s »") % {"words": shown}


def _minority(annexes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": row["title"],
            "paragraphs": paragraphs(row["body"]),
            "signers": [
                person_of(name).public_name for name in ([row["author"]] if row["has_author"] else []) + row["signers"]
            ],
        }
        for row in annexes["minority"]
    ]


def sitting_members(opinion: Opinion) -> QuerySet[Mandate]:
    """Return the mandates that ran on the day of the adoption, or that run today."""
    return active_mandates(opinion.term_id, opinion.adopted_on)


MEMBERS = CompiledQuery(
    lambda term, day: active_mandates(term, day).order_by().values(all=Value(1)).values_list(Count("pk"), flat=True)
)


def _number_of_members(opinion: Opinion) -> int:
    return next(MEMBERS(opinion.term_id, opinion.adopted_on or timezone.localdate()))


def _members(opinion: Opinion) -> list[dict[str, str]]:
    """Return the first name, the initial and the canton of each."""
    return [
        {
            "name": mandate.member.person.public_name,
            "canton": mandate.member.canton.name if mandate.member.canton else "",
        }
        for mandate in sitting_members(opinion)
    ]


def _hearings(hearings: Hearings) -> list[dict[str, Any]]:
    """Return the day, the title and the names that may be given of the hearings that took place."""
    return [
        {
            "day": format_date(row["hearing"].starts_at, weekday=False),
            "title": row["hearing"].title,
            "guests": [", ".join(filter(None, (guest["name"], guest["capacity"]))) for guest in row["guests"]],
        }
        for row in hearings
        if row["hearing"].starts_at <= timezone.now()
    ]


def _visas(annexes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return those who approve in an official capacity, with the moment and whether it was on paper."""
    visas = []
    for row in annexes["visas"]:
        signed_at = datetime.fromisoformat(row["given_at"])
        moment = {"day": format_date(signed_at, weekday=False), "hour": format_time(signed_at)}
        visas.append(
            {
                "name": person_of(row["person"]).full_name,
                "capacity": str(OpinionVisaCapacity(row["capacity"]).label).capitalize(),
                "given_at": signed_at,
                "note": _("Donné sur papier") if row["via"] == Via.PAPER else "",
                "words": _("Visa donné le %(day)s à %(hour)s") % moment,
            }
        )
    return visas


class OpinionFacts(dict[str, Any]):
    """Plain values by name, except `tree`, the text itself. Each is computed when it is first read.

    `version` is the last one unless given; `sealed_facts` are facts that stay as they are.
    """

    def __init__(
        self, opinion: Opinion, version: OpinionVersion | None = None, sealed_facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(sealed_facts or {})
        self.opinion = opinion
        self.asked = version

    def __missing__(self, name: str) -> Any:
        if name not in FACTS:
            raise KeyError(name)
        self[name] = fact = FACTS[name](self)
        return fact

    @cached_property
    def annexes(self) -> Mapping[str, Any]:
        return annexes_of(self.opinion)

    @cached_property
    def public_hearings(self) -> Hearings:
        return public_hearings(self.opinion.referral)

    @cached_property
    def parts(self) -> list[PartVote]:
        return proclaimed_parts(self.opinion)

    @cached_property
    def versions(self) -> tuple[OpinionVersion | None, OpinionVersion | None]:
        """Return the last version, and the one that was tabled."""
        return last_and_tabled(self.opinion)

    @property
    def version(self) -> OpinionVersion | None:
        return self.asked or self.versions[0]


def printed_mark(facts: OpinionFacts) -> str:
    """Return a digest of all that is printed, without the layout: a new release, colour or logo outdates no seal."""
    printed = {name: facts[name] for name in FACTS if name not in UNMARKED}
    rows = [
        {name: fact for name, fact in row.items() if name != "address"} for row in printed["data"]["recommendations"]
    ]
    printed["data"] = {**printed["data"], "recommendations": rows}
    return hashlib.sha256(json.dumps(printed, sort_keys=True, default=str).encode()).hexdigest()


# The text is included by its hash; the glossary is the site's, not the opinion's. Addresses follow from references.
UNMARKED = {"tree", "glossary"}
FACTS: dict[str, Callable[[OpinionFacts], Any]] = {
    "reference": lambda facts: document_reference(facts.opinion, facts.annexes["main_assembly"]),
    "title": lambda facts: facts.opinion.title,
    "label": lambda facts: label_of(facts.opinion),
    "full_title": lambda facts: title_of(facts.opinion),
    "referral": lambda facts: {
        "reference": facts.opinion.referral.reference,
        "title": facts.opinion.referral.title,
    },
    "adopted": lambda facts: _adopted(facts.opinion),
    "handover": lambda facts: _handover(facts.opinion),
    "words": lambda facts: _chapters(facts.opinion),
    "figures": lambda facts: _figures(facts.annexes, facts.public_hearings, len(facts["data"]["recommendations"])),
    "tree": lambda facts: facts.version.tree if facts.version else standing_tree(facts.opinion),
    "text_sha256": lambda facts: facts.version.sha256 if facts.version else "",
    "data": lambda facts: recommendations_data(facts.opinion, facts.version, facts.parts),
    "votes": lambda facts: _votes(facts.opinion, facts.parts),
    "amendments": lambda facts: _amendments(facts.versions[1]),
    "left_out": lambda facts: facts["data"]["left_out"],
    "minority": lambda facts: _minority(facts.annexes),
    "members": lambda facts: _members(facts.opinion),
    "members_count": lambda facts: _number_of_members(facts.opinion),
    "spokespersons": lambda facts: [person_of(name).public_name for name in facts.annexes["spokespersons"]],
    "hearings": lambda facts: _hearings(facts.public_hearings),
    "glossary": lambda facts: [
        {"slug": slug, "word": str(word), "sense": str(sense)} for slug, word, sense in GLOSSARY
    ],
    "visas": lambda facts: _visas(facts.annexes),
}

SEALED_KIND = "opinion"
PRINTED = "printed"


@dataclass(frozen=True)
class DueVisa:
    """One visa that is due: its holder, and the row once given."""

    capacity: OpinionVisaCapacity
    holder: str
    given: OpinionVisa | None


def visas_of(opinion: Opinion) -> list[DueVisa]:
    """Return the visa of the chair, then of the rapporteur where there is one."""
    version = last_version(opinion)
    rows = OpinionVisa.objects.filter(opinion=opinion, voided_at=None, version=version).select_related("person")
    by_capacity = {row.capacity: row for row in rows}
    chair = opinion.tabled_sitting.chair if opinion.tabled_sitting is not None else None
    holders = {OpinionVisaCapacity.CHAIR: chair, OpinionVisaCapacity.RAPPORTEUR: opinion.rapporteur}
    return [
        DueVisa(capacity, person.full_name if person else "", by_capacity.get(capacity))
        for capacity, person in holders.items()
        if person is not None or capacity == OpinionVisaCapacity.CHAIR
    ]


def sealing_of(subject: models.Model, kind: str) -> Rendition | None:
    """Return the last request for the seal, while it is in progress or when it failed."""
    rendition = latest_rendition(subject._meta.label, str(subject.pk), kind)
    return rendition if rendition is not None and not rendition.is_ready else None


def texts_of(opinion: Opinion) -> list[dict[str, Any]]:
    """Return the texts that people write now, with the name of each."""
    if opinion.has_one_text:
        return [{"title": opinion.title, "text": opinion.text}] if opinion.text is not None else []
    return [{"title": row.title, "text": row.text} for row in sections_of(opinion) if row.text is not None]


def my_due_capacity(user: Any, opinion: Opinion) -> OpinionVisaCapacity | None:
    """Return the capacity in which a visa is due from this person, if any."""
    awaited = [visa.capacity for visa in visas_of(opinion) if visa.given is None]
    return next((capacity for capacity in awaited if rules.can_give_visa(user, opinion, capacity)), None)


def public_document(opinion: Opinion, reference: str) -> Document | None:
    """Return the sealed file that anybody may download."""
    document = document_by_reference(reference)
    return document if document is not None and document.published_revision_id is not None else None


def sealed_document(opinion: Opinion) -> Document | None:
    """Return the document in the register, once it has its seal."""
    document = document_by_reference(document_reference(opinion)) if opinion.reference else None
    return document if rules.is_sealed(document) else None


def is_seal_outdated(opinion: Opinion) -> bool:
    """Return whether something printed changed since the seal: a minority position, a chapter, a visa."""
    label = opinion._meta.label
    last = latest_ready(label, str(opinion.pk), SEALED_KIND)
    if last is None:
        return True
    # Read again, because the page may have read its row before somebody wrote.
    standing = renderers[SEALED_KIND].load(str(opinion.pk))
    sealed_mark = last.revision.report.get("facts", {}).get(PRINTED) if last.revision else None
    # A seal from before 2026-11-27 has no mark: its page itself is compared, as it was laid out.
    return (
        not is_current_rendition(last, standing)
        if sealed_mark is None
        else sealed_mark != printed_mark(OpinionFacts(standing))
    )


def is_current_rendition(rendition: Rendition, subject: models.Model) -> bool:
    """Return whether a file about `subject`, made again now, would have the same content."""
    return rendition.fingerprint == rendition_fingerprint(renderers[rendition.kind].source(subject))

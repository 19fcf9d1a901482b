"""Queries of opinions: lists, one dossier, its sections, those that each area shows, whose step is next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from assembly.collab.models import SharedText, SuggestionState
from assembly.collab.queries import open_suggestions as propositions_in
from assembly.identity.models import Person, User
from assembly.institution.models import Committee, CommitteeFunction, Term
from assembly.institution.queries import VisibleRow, main_assembly_key
from assembly.search.models import SearchEntry
from assembly.speed.queries import CompiledQuery, rank_in
from consultations.models import Referral, ReferralDirectorate, ReferralState
from members.mandates.queries import active_mandates
from opinions.models import (
    Amendment,
    AmendmentState,
    Opinion,
    OpinionSection,
    OpinionSettings,
    OpinionVersion,
    OpinionVisa,
    OpinionVisaCapacity,
    Recommendation,
    RecommendationState,
    ServicesCheckState,
    ServicesRequest,
)
from opinions.opinions.models import OpinionQuerySet, OpinionState, SectionState
from opinions.sections.queries import seats_of, seats_today
from sessions.sittings.queries.sittings import sittings_about

LABEL = Opinion._meta.label


def settings_of(term: Term | int) -> OpinionSettings:
    """Return the settings of a term, or the defaults."""
    pk = term if isinstance(term, int) else term.pk
    return OpinionSettings.objects.filter(term=pk).first() or OpinionSettings(term_id=pk)


def listing(user: Any, term: Term) -> OpinionQuerySet:
    """Return the list of the back office, with how many groups have validated."""
    in_plan = Q(sections__removed_at=None)
    return (
        Opinion.objects.visible_to(user)
        .filter(term=term)
        .select_related("referral", "officer__person", "tabled_sitting")
        .annotate(
            rank=rank_in(OpinionState),
            sections_count=Count("sections", filter=in_plan, distinct=True),
            validated_count=Count(
                "sections", filter=in_plan & Q(sections__state=SectionState.VALIDATED), distinct=True
            ),
        )
    )


def dossiers(user: Any) -> QuerySet[Opinion]:
    return Opinion.objects.visible_to(user).select_related(
        "term__assembly",
        "referral",
        "officer__person",
        "rapporteur",
        "tabled_sitting__chair",
        "agenda_item__sitting",
        "ballot",
        "text",
    )


DOSSIER = VisibleRow(dossiers)


def visible_opinion(user: Any, pk: int) -> Opinion:
    """Return one opinion with everything that its frame shows; raise Http404 where the reader sees none.

    Its referral and its sittings belong to its term, and its vote to its item: each is read once and set twice. Joined
    again and again, they took most of the statement's time, above all in planning.
    """
    opinion = DOSSIER(user, pk)
    item, ballot = opinion.agenda_item, opinion.ballot
    if item and ballot and ballot.agenda_item_id == item.pk:
        ballot.agenda_item = item
    for row in (opinion.referral, opinion.tabled_sitting, item.sitting if item else None):
        if row and row.term_id == opinion.term_id:
            row.term = opinion.term
    return opinion


def sections_of(opinion: Opinion) -> list[Any]:
    """Return the present plan, with groups, names, texts, and the number of open suggestions in each."""
    waiting = Count("text__suggestions", filter=Q(text__suggestions__state=SuggestionState.OPEN))
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None).annotate(waiting=waiting)
    people = rows.select_related("committee", "lead", "rapporteur", "text", "validated_by__person")
    sections = list(people.order_by("position", "pk").for_screen())
    for section in sections:
        section.opinion = opinion
    return sections


def removed_sections(opinion: Opinion) -> QuerySet[OpinionSection]:
    """Return the parts taken out of the plan, the latest first."""
    return OpinionSection.objects.filter(opinion=opinion, removed_at__isnull=False).order_by("-removed_at", "pk")


def open_committees(opinion: Opinion) -> QuerySet[Committee]:
    """Return the groups to which a part may be assigned."""
    return Committee.objects.filter(term=opinion.term_id, closed_on=None).order_by("name__alphabetical")


def my_sections(user: Any, opinion: Opinion) -> set[int]:
    """Return the sections whose group the reader sits in today."""
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None)
    seat = seats_of(user.person_id, OuterRef("committee"))
    return set(rows.filter(Exists(seat)).values_list("pk", flat=True))


def leads_of(sections: Iterable[OpinionSection]) -> dict[int, set[int]]:
    """Return the persons who lead the group of each of these sections today, by section, in one statement."""
    rows = list(sections)
    functions = [CommitteeFunction.GROUP_LEAD, CommitteeFunction.CHAIR]
    seats = seats_today().filter(committee__in=[row.committee_id for row in rows], function__in=functions)
    by_committee: dict[int, set[int]] = {}
    for committee, person in seats.values_list("committee", "person"):
        by_committee.setdefault(committee, set()).add(person)
    return {row.pk: by_committee.get(row.committee_id or 0, set()) for row in rows}


def with_leads(sections: list[OpinionSection]) -> list[OpinionSection]:
    """Return the same sections, each with the persons who lead its group (`leads_today`), for a page with a list."""
    leads_by_section = leads_of(sections)
    for row in sections:
        row.leads_today = leads_by_section[row.pk]
    return sections


def leads(section: OpinionSection) -> set[int]:
    """Return the persons who lead the group of one section today."""
    return section.leads_today if hasattr(section, "leads_today") else leads_of([section])[section.pk]


def members_of(sections: list[OpinionSection]) -> list[Person]:
    """Return everybody who sits today in the groups that write, each once."""
    committees = [section.committee_id for section in sections if section.committee_id]
    seats = seats_today().filter(committee__in=committees)
    return list(Person.objects.filter(pk__in=seats.values("person")).order_by("sort_name", "pk"))


def sitting_people(opinion: Opinion) -> QuerySet[Person]:
    """Return the members who sit today, by name."""
    mandates = active_mandates(opinion.term_id).order_by().values("member__person")
    return Person.objects.filter(pk__in=mandates).order_by("sort_name", "pk")


def everybody(opinion: Opinion) -> list[Person]:
    """Return the members who sit today, as a list."""
    return list(sitting_people(opinion))


def live_texts(opinion: Opinion) -> list[SharedText]:
    """Return the texts that people write now: those of the groups, or else the one text."""
    if opinion.has_one_text:
        return [opinion.text] if opinion.text is not None else []
    return [section.text for section in sections_of(opinion) if section.text is not None]


def open_suggestions(text: SharedText) -> int:
    """Count the suggestions to decide, read in the text itself because their table is updated later."""
    return len(propositions_in(text))


def open_referrals(user: Any, term: Term) -> QuerySet[Referral]:
    """Return the referrals that the assembly works on and that have no running opinion."""
    running = Opinion.objects.filter(referral=OuterRef("pk")).exclude(state__in=OpinionState.tagged("ended"))
    rows = Referral.objects.visible_to(user).filter(
        ~Exists(running), term=term, state__in=ReferralState.tagged("open_to_opinion")
    )
    return rows.order_by("reference__alphabetical")


@dataclass(frozen=True)
class OpinionFigures:
    """Counts for the sentence about the state, and names of those whose step is next."""

    sections: int = 0
    validated: int = 0
    waited: list[str] = field(default_factory=list)
    directorates: int = 0
    checks: int = 0
    checks_given: int = 0
    checks_waited: list[str] = field(default_factory=list)
    recommendations: int = 0
    amendments_to_check: int = 0
    amendments_to_call: int = 0
    visas_waited: list[str] = field(default_factory=list)


def figures(opinion: Opinion) -> OpinionFigures:
    """Return the counts in one statement; one more from the adoption to the handover."""
    sections, checks, named, active, states = _counted().get(pk=opinion.pk)
    return OpinionFigures(
        sections=len(sections),
        validated=sum(row["state"] == SectionState.VALIDATED for row in sections),
        waited=[row["name"] for row in sections if row["state"] != SectionState.VALIDATED],
        directorates=len(named),
        checks=len(checks),
        checks_given=sum(row["state"] == ServicesCheckState.VALIDATED for row in checks),
        checks_waited=[row["name"] for row in checks if row["state"] != ServicesCheckState.VALIDATED],
        recommendations=len(active),
        amendments_to_check=states.count(AmendmentState.SUBMITTED),
        amendments_to_call=sum(state in AmendmentState.tagged("waiting") for state in states),
        visas_waited=visas_waited(opinion) if opinion.state == OpinionState.ADOPTED else [],
    )


def _counted() -> QuerySet[Opinion, Any]:
    """Return sections, checks, directorates of the referral, recommendations, states of amendments before the vote."""
    here = OuterRef("pk")
    sections = OpinionSection.objects.filter(opinion=here, removed_at=None).order_by("position", "pk")
    checks = ServicesRequest.objects.filter(opinion=here).exclude(state=ServicesCheckState.CLOSED)
    active = Recommendation.objects.filter(opinion=here, state=RecommendationState.ACTIVE)
    amendments = Amendment.objects.filter(
        version__opinion=here, version__opinion__state__in=OpinionState.tagged("before_vote")
    )
    by_day = checks.order_by("due_on", "directorate__name__alphabetical")
    return Opinion.objects.values_list(
        ArraySubquery(sections.values(entry=JSONObject(name="title", state="state"))),
        ArraySubquery(by_day.values(entry=JSONObject(name="directorate__name", state="state"))),
        ArraySubquery(ReferralDirectorate.objects.filter(referral=OuterRef("referral")).values("pk")),
        ArraySubquery(active.order_by().values("pk")),
        ArraySubquery(amendments.order_by().values("state")),
    )


def visas_waited(opinion: Opinion) -> list[str]:
    """Return the names of those whose visa on the adopted text is missing: the chair of the vote, the rapporteur."""
    last = OpinionVersion.objects.filter(opinion=opinion).order_by("-number").values("pk")[:1]
    rows = OpinionVisa.objects.filter(opinion=opinion, voided_at=None, version__in=last)
    capacities = set(rows.values_list("capacity", flat=True))
    sitting = opinion.tabled_sitting
    holders = {
        OpinionVisaCapacity.CHAIR: sitting.chair if sitting else None,
        OpinionVisaCapacity.RAPPORTEUR: opinion.rapporteur,
    }
    return [person.full_name for capacity, person in holders.items() if person and capacity not in capacities]


def followers(opinion: Opinion) -> list[User]:
    """Return who is informed of what comes back: the officer who follows it."""
    return [opinion.officer] if opinion.officer.is_active else []


def my_opinions(user: Any) -> Any:
    """Return the opinions of the reader, with whether one of the reader's groups writes in each."""
    mine = OpinionSection.objects.filter(
        Exists(seats_of(user.person_id, OuterRef("committee"))), opinion=OuterRef("pk"), removed_at=None
    )
    rows = Opinion.objects.visible_to(user).exclude(state__in=OpinionState.tagged("hidden"))
    return rows.select_related("term", "tabled_sitting", "referral").annotate(is_mine=Exists(mine))


def published_opinions() -> OpinionQuerySet:
    """Return the published opinions of the assembly that the public pages show."""
    return Opinion.objects.public().filter(term__assembly=main_assembly_key())


PUBLISHED = CompiledQuery(lambda reference: published_opinions().filter(reference=reference))


def published_opinion(reference: str) -> Opinion | None:
    """Return the opinion of that reference if anybody may read it; checked at each request."""
    return next(PUBLISHED(reference), None)


def opinions_on(referral: Referral) -> list[Opinion]:
    """Return what anybody may read of the answers to a referral, the latest first."""
    return list(published_opinions().filter(referral=referral).order_by("-adopted_on", "-pk").for_screen())


def public_dossier() -> OpinionQuerySet:
    """Return the published opinions with what their pages and files show, and their public sittings."""
    rows = published_opinions().annotate(held_in=sittings_about(LABEL))
    return rows.select_related(
        "term__assembly",
        "referral",
        "tabled_sitting",
        "ballot",
        "rapporteur",
        "officer__person",
        "printed_chapters__easy_read_file",
    )


S = OpinionState


def submitted_amendments() -> QuerySet[Amendment]:
    """Return those of the outer opinion that the team has to check."""
    return Amendment.objects.filter(version__opinion=OuterRef("pk"), state=AmendmentState.SUBMITTED).order_by()


def number_of(amendments: QuerySet[Amendment]) -> Subquery:
    return Subquery(amendments.values("version__opinion").annotate(n=Count("pk")).values("n"))


def to_check(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return the opinions with amendments to check, and their number (`to_check`)."""
    rows = Opinion.objects.filter(Exists(submitted_amendments()), term=term, state__in=S.tagged("before_vote"))
    return rows.annotate(to_check=number_of(submitted_amendments()))


def for_team(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return the opinions whose next step is the team's, or read by all directorates, but amendments come first."""
    still = ServicesRequest.objects.filter(opinion=OuterRef("pk"), state__in=ServicesCheckState.tagged("open"))
    read = Q(state=S.SERVICES_CHECK) & ~Exists(still)
    checked_first = Q(state__in=S.tagged("before_vote")) & Exists(submitted_amendments())
    acts = [S.OUTLINE, S.GROUP_VALIDATED, S.CONSOLIDATED, S.ADOPTED, S.HANDED_OVER]
    return Opinion.objects.filter(Q(state__in=acts) | read, term=term).exclude(checked_first)


def opinions_to_view(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return the opinions for their rapporteurs, while amendments have no view (`waiting`: how many)."""
    sections = OpinionSection.objects.filter(opinion=OuterRef("pk"), rapporteur=user.person_id, removed_at=None)
    admissible = Amendment.objects.filter(version__opinion=OuterRef("pk"), state=AmendmentState.ADMISSIBLE)
    viewless = admissible.filter(view_stance="").order_by()
    rows = Opinion.objects.filter(Q(rapporteur=user.person_id) | Exists(sections), term=term)
    rows = rows.filter(Exists(viewless), state__in=S.tagged("before_vote"))
    return rows.annotate(waiting=number_of(viewless))


def to_sign(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return adopted opinions, not handed over, without the visa of the reader, who chaired the vote or reports."""
    versions = OpinionVersion.objects.filter(opinion=OuterRef("pk")).order_by("-number")
    visas = OpinionVisa.objects.filter(opinion=OuterRef("pk"), version=OuterRef("last_version"), voided_at=None)
    as_chair = Q(~Exists(visas.filter(capacity=OpinionVisaCapacity.CHAIR)), tabled_sitting__chair=user.person_id)
    as_rapporteur = Q(~Exists(visas.filter(capacity=OpinionVisaCapacity.RAPPORTEUR)), rapporteur=user.person_id)
    rows = Opinion.objects.filter(term=term, state=S.ADOPTED).annotate(
        last_version=Subquery(versions.values("pk")[:1])
    )
    return rows.filter(as_chair | as_rapporteur)


def to_write(user: Any, term: Term | int) -> Any:
    """Return the texts that the reader's own groups write now."""
    seat = seats_of(user.person_id, OuterRef("committee"))
    rows = OpinionSection.objects.filter(
        Exists(seat),
        opinion__term=term,
        opinion__state=S.DRAFTING,
        state=SectionState.DRAFTING,
        removed_at=None,
        text__isnull=False,
    )
    leads = seat.filter(function__in=[CommitteeFunction.GROUP_LEAD, CommitteeFunction.CHAIR])
    is_lead = Exists(leads)
    return rows.annotate(is_lead=is_lead)


def opinion_of_hit(entry: SearchEntry, pk: int | None = None) -> Opinion:
    """Build what the rules of the pages read: whoever sees a hit sees a text that is open to all roles of the term."""
    opinion = Opinion(pk=pk, term_id=entry.term_key, state=OpinionState.TABLED, reference=entry.address_key)
    opinion.published_at = timezone.now() if entry.address_key else None
    return opinion

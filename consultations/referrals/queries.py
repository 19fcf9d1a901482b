"""Queries of referrals: list, dossier, groups and sittings, letter, what members and anybody read, what waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from assembly.institution.models import Committee, CommitteeKind, Directorate, Term
from assembly.institution.queries import VisibleRow, main_assembly_key
from assembly.institution.rules import is_lead
from assembly.tasks.models import Task
from assembly.text.french import alphabetical, format_date
from consultations.models import (
    AdmissibilityCheck,
    BriefingDeposit,
    BriefingDocument,
    BriefingPack,
    DirectorateReview,
    Hearing,
    HearingState,
    Referral,
    ReferralCommittee,
    ReferralDirectorate,
    ThreadMessage,
)
from consultations.referrals.enums import IssueChannel, ReferralOrigin, ReferralState
from consultations.referrals.models import GIVEN, ReferralQuerySet
from consultations.reviews.models import Competence, ReviewKind, ReviewState
from sessions.models import AgendaDocument, AgendaItem, Decision, Sitting, SittingKind, SittingState
from sessions.sittings.queries.sittings import sittings_about

LABEL = Referral._meta.label
PLENARY = "plenary"
BODIES = {
    PLENARY: Q(sitting__kind=SittingKind.PLENARY),
    "copil": Q(sitting__committee__kind=CommitteeKind.STEERING),
    "cotech": Q(sitting__committee__kind=CommitteeKind.TECHNICAL),
    "groups": Q(sitting__committee__isnull=False)
    & ~Q(sitting__committee__kind__in=[CommitteeKind.STEERING, CommitteeKind.TECHNICAL]),
}


@dataclass(frozen=True)
class Work:
    """What was done about one referral."""

    items: list[AgendaItem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    actions: list[Task] = field(default_factory=list)
    papers: list[AgendaDocument] = field(default_factory=list)


def items_about(referral: Referral) -> QuerySet[AgendaItem]:
    """Return the agenda items marked as being about it, with their sub-items."""
    key = str(referral.pk)
    own = Q(topic_type=LABEL, topic_id=key)
    under = Q(parent__topic_type=LABEL, parent__topic_id=key, parent__removed_at=None)
    rows = AgendaItem.objects.filter(own | under, removed_at=None)
    return rows.exclude(sitting__state__in=SittingState.tagged("called_off"))


def latest_first(items: QuerySet[AgendaItem]) -> list[AgendaItem]:
    return list(items.select_related("sitting__committee").order_by("-sitting__starts_at", "position"))


def work_on(referral: Referral, *, body: str = "") -> Work:
    """Return everything about it, the latest first, in four statements."""
    items = items_about(referral)
    if body in BODIES:
        items = items.filter(BODIES[body])
    keys = items.order_by().values("pk")
    papers = AgendaDocument.objects.filter(item__in=keys, removed_at=None).select_related("upload", "sitting")
    return Work(
        items=latest_first(items),
        decisions=list(
            Decision.objects.filter(agenda_item__in=keys, withdrawn_at=None)
            .select_related("sitting__committee")
            .order_by("-sitting__starts_at", "number")
        ),
        actions=list(
            Task.objects.filter(action_item__agenda_item__in=keys)
            .select_related("owner", "action_item__sitting")
            .order_by("state", "due_on", "action_item")
        ),
        papers=list(papers.order_by("-sitting__starts_at", "pk")),
    )


def committees_in_charge(referral: Referral) -> list[ReferralCommittee]:
    """List the groups that work on it, then those that did."""
    rows = ReferralCommittee.objects.filter(referral=referral).select_related("committee")
    return sorted(rows, key=lambda row: (row.ended_at is not None, alphabetical(row.committee.name)))


def free_committees(referral: Referral) -> QuerySet[Committee]:
    """Return the open committees of the term that do not have it yet."""
    assigned = ReferralCommittee.objects.filter(referral=referral, ended_at=None).values("committee")
    return Committee.objects.filter(term=referral.term_id, closed_on=None).exclude(pk__in=assigned)


def receiving_sittings(term: int) -> QuerySet[Sitting]:
    """Return the plenaries that may have received a referral: opened or held."""
    rows = Sitting.objects.filter(term=term, kind=SittingKind.PLENARY)
    return rows.filter(state__in=SittingState.tagged("running", "held"))


def receiving_items(referral: Referral) -> QuerySet[AgendaItem]:
    """Return the items of those plenaries: the ones about it, else any public one."""
    items = AgendaItem.objects.filter(
        sitting__in=receiving_sittings(referral.term_id).values("pk"), removed_at=None, is_internal=False
    )
    linked = items.filter(topic_type=LABEL, topic_id=str(referral.pk))
    choices = linked if linked.exists() else items
    return choices.select_related("sitting").order_by("-sitting__starts_at", "position")


def coming_plenaries(referral: Referral) -> QuerySet[Sitting]:
    """Return the plenaries to come, the nearest first."""
    rows = Sitting.objects.filter(term=referral.term_id, kind=SittingKind.PLENARY)
    return rows.filter(state__in=SittingState.tagged("upcoming")).order_by("starts_at", "pk")


def reception(referral: Referral) -> tuple[str, Sitting | None]:
    """Return the stage of its reception: `held` or `planned` with the plenary, `announce` (one to come) or `none`."""
    items = items_about(referral).select_related("sitting").order_by("sitting__starts_at", "position")
    on_agenda = [item.sitting for item in items.filter(sitting__kind=SittingKind.PLENARY)]
    stages = {"held": SittingState.tagged("running", "held"), "planned": SittingState.tagged("upcoming")}
    for stage, states in stages.items():
        if sitting := next((candidate for candidate in on_agenda if candidate.state in states), None):
            return stage, sitting
    return ("announce", None) if coming_plenaries(referral).exists() else ("none", None)


type AnswerSentence = Callable[[Referral], str]

_providers: list[AnswerSentence] = []


def add_answer_sentence(provider: AnswerSentence) -> None:
    """Register a callable that returns « Le Conseil départemental a donné 9 réponses sur 10. … », or nothing."""
    if provider not in _providers:
        _providers.append(provider)


def council_answer_sentence(referral: Referral) -> str:
    """Return the sentence about the answers owed to this question; empty where no answer is stored here."""
    return next((sentence for provider in _providers if (sentence := provider(referral))), "")


S = ReferralState
R = ReviewState


@dataclass(frozen=True)
class ReviewRequest:
    """One request to a directorate, as the frame of the page needs it."""

    name: str
    state: str
    due_on: date

    @property
    def is_open(self) -> bool:
        return self.state in R.tagged("open")

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()


@dataclass(frozen=True)
class ReferralFigures:
    """Counts of a referral's pages: « 2/4 avis », those still due, the documents, the hearings."""

    requests: list[ReviewRequest] = field(default_factory=list)
    reception: str = ""
    sitting: Sitting | None = None

    @property
    def asked(self) -> int:
        return len(self.requests)

    @property
    def given(self) -> int:
        return sum(request.state in R.tagged("given") for request in self.requests)

    @property
    def awaited(self) -> list[ReviewRequest]:
        return [request for request in self.requests if request.is_open]

    @property
    def late(self) -> list[ReviewRequest]:
        return [request for request in self.requests if request.is_late]


def count_rows(rows: QuerySet[Any], condition: Q | None = None) -> Subquery:
    """Count the rows of the outer referral, as a column: joins would multiply one another."""
    matches = rows.filter(condition) if condition is not None else rows
    counted = matches.order_by().values(matches.model.referral.field.name).annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())


def of_outer_referral(model: Any) -> QuerySet[Any]:
    return model.objects.filter(referral=OuterRef("pk"))


def with_reviews(referrals: ReferralQuerySet) -> ReferralQuerySet:
    """Annotate `review_counts`: how many were `asked`, are `given` and `late`, counted together; None without any."""
    reviews = (
        of_outer_referral(DirectorateReview).exclude(state__in=R.tagged("inactive")).order_by().values("referral")
    )
    counts = JSONObject(
        asked=Count("pk"),
        given=Count("pk", filter=Q(state__in=R.tagged("given"))),
        late=Count("pk", filter=Q(state__in=R.tagged("open"), due_on__lt=timezone.localdate())),
    )
    return referrals.annotate(review_counts=Subquery(reviews.annotate(counts=counts).values("counts")))


def listing(user: Any, term: Term) -> ReferralQuerySet:
    """Return the list of the back office."""
    return with_reviews(Referral.objects.visible_to(user).filter(term=term))


def late_condition(today: date | None = None) -> Q:
    """Build the condition of opinions whose day has passed."""
    return Q(state__in=S.tagged("due"), due_on__lt=today or timezone.localdate())


def dossier(user: Any) -> ReferralQuerySet:
    """Return referrals with all that the frame names and counts; what few of them have is read where it is shown."""
    documents = BriefingDocument.objects.filter(
        pack__referral=OuterRef("pk"), removed_at=None, replaced_by=None
    ).order_by()
    return (
        Referral.objects.visible_to(user)
        .select_related(
            "term__assembly",
            "officer__person",
            "suggested_by__person",
            "issued_by__person",
            "accepted_item__sitting",
            "vote_item__sitting",
            "ballot",
            "briefing",
        )
        .annotate(
            documents_count=Subquery(
                documents.values("pack__referral").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
            ),
            hearings_count=count_rows(of_outer_referral(Hearing).exclude(state=HearingState.CANCELLED)),
            committees_count=count_rows(of_outer_referral(ReferralCommittee).filter(ended_at=None)),
            messages_count=count_rows(of_outer_referral(ThreadMessage).filter(review=None, withdrawn_at=None)),
        )
    )


DOSSIER = VisibleRow(dossier)


def figures(referral: Referral) -> ReferralFigures:
    """Return the requests still open or given, in one statement; for an issued one also where it will be received."""
    rows = DirectorateReview.objects.filter(referral=referral).exclude(state__in=R.tagged("inactive"))
    values = rows.order_by("due_on", "directorate__name__alphabetical").values_list(
        "directorate__name", "state", "due_on"
    )
    where = reception(referral) if referral.state == S.ISSUED else ("", None)
    return ReferralFigures([ReviewRequest(*row) for row in values], *where)


def named_directorates(referral: Referral) -> list[ReferralDirectorate]:
    """List the lead first, then those associated."""
    rows = ReferralDirectorate.objects.filter(referral=referral).select_related("directorate")
    return list(rows.order_by("-is_lead", "directorate__name__alphabetical"))


def open_directorates(term: Term) -> QuerySet[Directorate]:
    return Directorate.objects.filter(assembly=term.assembly_id, closed_on=None).order_by("name__alphabetical")


def followed_by(user: Any, term: Term) -> QuerySet[Referral]:
    """Return the open referrals that `user` follows: they pass to somebody else when an agent leaves."""
    return Referral.objects.filter(term=term, officer=user).exclude(state__in=S.tagged("ended")).order_by("pk")


def given_reviews(user: Any, referral: Referral) -> QuerySet[DirectorateReview]:
    """Return the answers that this reader may see, the most recent last."""
    rows = DirectorateReview.objects.visible_to(user).filter(referral=referral, state__in=R.tagged("given"))
    return rows.select_related("directorate").order_by("validated_at", "pk")


def letter_facts(referral: Referral) -> dict[str, Any]:
    """Return reference, question, frame, calendar, commitment; empty parts are left out."""
    term = referral.term
    named = named_directorates(referral)
    return {
        "reference": f"{referral.reference}-LS",
        "referral": referral.reference,
        "title": referral.title,
        "house": term.assembly.name,
        "authority": term.assembly.authority_name,
        "context": referral.context,
        "question": referral.question,
        "frame": [{"label": label, "text": text} for label, text in referral.texts(*GIVEN)],
        "deliverable": referral.deliverable,
        "support": referral.support_offered,
        "calendar": letter_calendar(referral),
        "directorates": [
            {"name": row.directorate.name, "role": _("pilote") if row.is_lead else _("associée")} for row in named
        ],
        "commitment": commitment(term.answer_days),
        "issued_on": format_date(referral.letter_on, weekday=False) if referral.letter_on else "",
        "signed_by": signed_by(referral),
    }


def letter_calendar(referral: Referral) -> list[dict[str, str]]:
    rows = [
        (_("Début des travaux"), format_date(referral.work_starts_on) if referral.work_starts_on else ""),
        (_("Avis attendu"), format_date(referral.due_on) if referral.due_on else ""),
        (_("Décision que l’avis éclaire"), referral.target_decision),
        (_("Date de cette décision"), format_date(referral.target_decision_on) if referral.target_decision_on else ""),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def commitment(days: int) -> str:
    template = ngettext(
        "Le Conseil départemental répondra à chaque préconisation, avec ses motifs, dans les %(n)s jour qui suit la "
        "remise de l’avis.",
        "Le Conseil départemental répondra à chaque préconisation, avec ses motifs, dans les %(n)s jours qui suivent "
        "la remise de l’avis.",
        days,
    )
    return template % {"n": days}


def signed_by(referral: Referral) -> dict[str, str]:
    """Return who gave the visa; empty on a draft, and on a letter signed on paper."""
    if referral.issued_by is None or referral.issued_at is None or referral.issue_channel != IssueChannel.VISA:
        return {}
    person = referral.issued_by.person
    return {
        "name": person.full_name,
        "capacity": person.capacity or _("pour le président du Conseil départemental"),
        "given_at": referral.issued_at.isoformat(),
    }


def area_referrals(user: Any) -> ReferralQuerySet:
    """Return what the assembly was asked or took up; suggestions have their own pages."""
    issued = Q(origin=ReferralOrigin.PRESIDENT, issued_at__isnull=False)
    own = Q(origin=ReferralOrigin.SELF_REFERRAL)
    rows = Referral.objects.visible_to(user).filter(issued | own)
    return rows.select_related(
        "term__assembly", "merged_into", "accepted_item__sitting", "vote_item__sitting", "ballot"
    )


def my_referrals(user: Any) -> ReferralQuerySet:
    """Return the list of the area: without mere suggestions."""
    issued = Q(origin=ReferralOrigin.PRESIDENT)
    return area_referrals(user).filter(issued | Q(state__in=S.tagged("taken_up", "started")) | Q(ballot__isnull=False))


def with_my_groups(referrals: ReferralQuerySet, person: int | None) -> Any:
    """Annotate `is_mine`: whether one of the reader's own groups works on it."""
    mine = ReferralCommittee.objects.filter(
        referral=OuterRef("pk"),
        ended_at=None,
        committee__memberships__person=person,
        committee__memberships__ends_on=None,
    )
    return referrals.annotate(is_mine=Exists(mine))


def agenda_items_read_by(user: Any, referral: Referral) -> list[AgendaItem]:
    """List the agenda items that this reader may see, once convened, the latest first."""
    seen = Sitting.objects.visible_to(user).exclude(notified_at=None).values("pk")
    return latest_first(items_about(referral).filter(is_internal=False, sitting__in=seen))


def published() -> ReferralQuerySet:
    """Return what anybody may read of the assembly of the public pages."""
    return Referral.objects.public().filter(term__assembly=main_assembly_key())


def published_open_first() -> ReferralQuerySet:
    """Return the same for their list; `is_over`: 0 while the assembly works, 1 while the council answers, then 2."""
    is_over = Case(
        When(state__in=S.tagged("at_work"), then=0),
        When(state__in=[S.HANDED_OVER, S.ANSWERED], then=1),
        default=2,
        output_field=IntegerField(),
    )
    return published().select_related("term").annotate(is_over=is_over)


def public_dossier() -> QuerySet[Any]:
    """Return one with all that its page shows, in one statement: groups by name, public sittings that treated it."""
    groups = Committee.objects.filter(pk__in=on_outer(ReferralCommittee).values("committee"))
    rows = published().select_related("term", "merged_into", "council_view", "ballot", "vote_item__sitting")
    return rows.annotate(
        group_names=ArraySubquery(groups.values("name")),
        held_in=sittings_about(LABEL),
    )


def on_outer(model: Any) -> QuerySet[Any]:
    """Return the rows of the referral two queries above."""
    return model.objects.filter(referral=OuterRef(OuterRef("pk")))


def decisions_read_by(user: Any, referral: Referral) -> list[Decision]:
    """List the decisions about it taken in sittings that this reader may see."""
    seen = Sitting.objects.visible_to(user).filter(state__in=SittingState.tagged("held")).values("pk")
    items = items_about(referral).filter(is_internal=False, sitting__in=seen).values("pk")
    rows = Decision.objects.filter(agenda_item__in=items, withdrawn_at=None).select_related("sitting__committee")
    return list(rows.order_by("-sitting__starts_at", "number"))


LINE_FIELDS = {name: name for name in ("pk", "title", "reference", "state")}


def referrals_of(term: Term | int) -> ReferralQuerySet:
    return Referral.objects.filter(term=term)


def to_move(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the referrals whose next step is the team's."""
    return referrals_of(term).filter(state__in=S.tagged("to_move"))


def late_day() -> Case:
    """Build the day of an opinion that is late."""
    return Case(When(late_condition(), then=F("due_on")))


def late_referrals(user: Any, term: Term | int) -> ReferralQuerySet:
    return referrals_of(term).filter(late_condition())


def to_close(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the answered ones, which the lead closes."""
    rows = referrals_of(term).filter(state=S.ANSWERED)
    return rows if is_lead(user, term) else rows.none()


def studied(user: Any, term: Term | int) -> Any:
    """Return those between short list and vote that await no directorate; `is_admissible`: it was decided."""
    decided = AdmissibilityCheck.objects.filter(referral=OuterRef("pk"), is_fair=True)
    decided = decided.exclude(within_powers=Competence.NO)
    waits = Q(state=S.ADMISSIBILITY_CHECK, is_admissible=False) & Exists(
        DirectorateReview.objects.filter(referral=OuterRef("pk"), kind=ReviewKind.ADMISSIBILITY).open()
    )
    rows = referrals_of(term).filter(origin=ReferralOrigin.SELF_REFERRAL, state__in=S.tagged("studied"))
    return rows.annotate(is_admissible=Exists(decided)).exclude(waits)


def admissible(user: Any, term: Term | int) -> Any:
    """Return those that need the council's view."""
    return studied(user, term).filter(state=S.ADMISSIBILITY_CHECK, is_admissible=True)


def with_deposits(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the referrals with files that nobody described."""
    return referrals_of(term).filter(Exists(BriefingDeposit.objects.filter(pack__referral=OuterRef("pk"))))


def to_release(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the referrals at work whose pack has papers and no opening day."""
    full = BriefingPack.objects.filter(
        referral=OuterRef("pk"),
        released_at=None,
        release_at=None,
        documents__isnull=False,
        documents__removed_at=None,
        documents__replaced_by=None,
    )
    return referrals_of(term).filter(Exists(full), state__in=[S.ACCEPTED, S.ADOPTED, S.IN_PROGRESS])


def hearings_to_note(user: Any, term: Term | int) -> QuerySet[Hearing]:
    """Return those past without a result, or held without a report."""
    to_note = Q(state=HearingState.PLANNED, starts_at__lt=timezone.now()) | Q(state=HearingState.HELD, report="")
    return Hearing.objects.filter(to_note, referral__term=term)


def waiting_for_office(user: Any, term: Term | int) -> QuerySet[Referral]:
    """Return what the president's office may issue."""
    return referrals_of(term).filter(state=S.INTERNAL_REVIEW)


def work_ahead() -> Case:
    """Build the day when the works begin, while it is to come."""
    return Case(When(work_starts_on__gt=timezone.localdate(), then=F("work_starts_on")))

"""What bodies did about a referral: items, decisions, actions, papers of sittings, an app below this one."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from assembly.institution.enums import CommitteeKind
from assembly.institution.models import Committee
from assembly.text.alphabetical import alphabetical
from consultations.models import Referral, ReferralCommittee
from sessions.enums import SittingKind, SittingState
from sessions.models import ActionItem, AgendaDocument, AgendaItem, Decision, Sitting

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
    actions: list[ActionItem] = field(default_factory=list)
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
            ActionItem.objects.filter(agenda_item__in=keys)
            .select_related("owner", "sitting__committee")
            .order_by("state", "due_on", "pk")
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

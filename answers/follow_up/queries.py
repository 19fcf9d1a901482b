"""Follow-ups as each area reads them, whose turn it is, commitments."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Count, DateField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from answers.cases.models import answering
from answers.cases.queries import BoardChoices, published_of
from answers.follow_up.models import FOLLOWED_VALUES, FollowUpQuerySet, FollowUpState
from answers.follow_up.rules import follow_up_seats, late_days
from answers.models import Answer, AnswerCase, FollowUp, FollowUpHearing, FollowUpRemark, Milestone, ProgressUpdate
from assembly.documents.models import Upload
from assembly.identity.models import User
from assembly.institution.models import Directorate, Role, Term
from assembly.institution.rules import directorates_of
from assembly.speed.queries import CompiledQuery, pad_keys, rank_in
from assembly.text.french import alphabetical, format_date, local_day
from consultations.reviews.queries import agents_of, contacts_of
from opinions.models import Opinion
from opinions.opinions.queries import published_opinions


def update_writers_of(follow_up: FollowUp) -> list[User]:
    """Return the contacts of the directorate in charge of a promise; its approvers where nobody else writes."""
    return contacts_of(follow_up.directorate_id) if follow_up.directorate_id else []


def approvers_in_charge(follow_up: FollowUp) -> list[User]:
    return agents_of(follow_up.directorate_id, [Role.DIR_APPROVER]) if follow_up.directorate_id else []


@dataclass(frozen=True)
class MilestoneSummary:
    """A milestone as it stands, with its former wordings, the last one first."""

    standing: Milestone
    former: list[Milestone]
    today: date

    @property
    def is_late(self) -> bool:
        one = self.standing
        return one.reached_on is None and not one.is_dropped and one.planned_on < self.today

    @property
    def first_planned_on(self) -> date | None:
        """Return the day that was promised first, if it is another."""
        first = self.former[-1].planned_on if self.former else self.standing.planned_on
        return first if first != self.standing.planned_on else None

    @property
    def days(self) -> str:
        """Return « 3 mars 2027, prévue le 1er février 2027 »: day reached, day promised, first promise."""
        one = self.standing
        parts = [format_date(one.reached_on, weekday=False)] if one.reached_on else []
        if one.reached_on != one.planned_on:
            parts.append(_("prévue le %(day)s") % {"day": format_date(one.planned_on, weekday=False)})
        if self.first_planned_on:
            parts.append(_("d’abord le %(day)s") % {"day": format_date(self.first_planned_on, weekday=False)})
        return ", ".join(parts)

    @property
    def reason(self) -> str:
        """Return the last reason that was given."""
        return next((one.reason for one in [self.standing, *self.former] if one.reason), "")


@dataclass(frozen=True)
class FollowUpSummary:
    """A follow-up with its updates, the last first, and its milestones in the order of their days."""

    follow_up: FollowUp
    updates: list[ProgressUpdate]
    milestones: list[MilestoneSummary]
    today: date

    @cached_property
    def standing_updates(self) -> list[ProgressUpdate]:
        """Return the updates that were not withdrawn."""
        return [one for one in self.updates if one.withdrawn_at is None]

    @property
    def latest(self) -> ProgressUpdate | None:
        return self.standing_updates[0] if self.standing_updates else None

    @property
    def earlier(self) -> list[ProgressUpdate]:
        """Return the updates before the latest, with the withdrawn ones in their place."""
        return [one for one in self.updates if one is not self.latest]

    @property
    def is_late(self) -> bool:
        return late_days(self.follow_up, self.today) > 0

    @property
    def due_sentence(self) -> str:
        """Return « Prochain point attendu le 3 mars 2027. », or since when it is missing, or when it was closed."""
        row = self.follow_up
        if row.ended_on:
            return _("Suivi clos le %(day)s.") % {"day": format_date(row.ended_on, weekday=False)}
        day = format_date(row.update_due_on, weekday=False)
        late = late_days(row, self.today)
        if not late:
            return _("Prochain point attendu le %(day)s.") % {"day": day}
        template = ngettext(
            "Un point était attendu le %(day)s : il manque depuis %(n)s jour.",
            "Un point était attendu le %(day)s : il manque depuis %(n)s jours.",
            late,
        )
        return template % {"day": day, "n": late}


def standing_milestones(follow_up: FollowUp) -> list[Milestone]:
    """Return the last wording of each milestone, in the order of their numbers."""
    rows = Milestone.objects.filter(follow_up=follow_up).order_by("number", "-version").distinct("number")
    return list(rows)


def milestone_summaries(rows: Iterable[Milestone], today: date) -> list[MilestoneSummary]:
    """Return the milestones by day; `rows` are all wordings, by number, the last one first."""
    milestones = []
    for _number, versions in groupby(rows, key=lambda one: one.number):
        standing, *former = versions
        milestones.append(MilestoneSummary(standing, former, today))
    return sorted(
        milestones, key=lambda one: (one.standing.reached_on or one.standing.planned_on, one.standing.number)
    )


def updates_of(rows: tuple[int, ...]) -> QuerySet[ProgressUpdate]:
    updates = ProgressUpdate.objects.filter(follow_up__in=rows).select_related("document", "photo", "directorate")
    return updates.order_by("-number").for_screen()


FOLLOW_UPS = CompiledQuery(
    lambda cases: FollowUp.objects.filter(case__in=cases).select_related("directorate").for_screen()
)
UPDATES = CompiledQuery(updates_of)
MILESTONES = CompiledQuery(
    lambda rows: Milestone.objects.filter(follow_up__in=rows).order_by("follow_up", "number", "-version")
)


def follow_up_summaries(cases: Iterable[AnswerCase | int]) -> dict[int, FollowUpSummary]:
    """Return the follow-ups by the key of their case, with three queries, or one where nothing is followed up."""
    case_keys = [case if isinstance(case, int) else case.pk for case in cases]
    rows = list(FOLLOW_UPS(pad_keys(case_keys))) if case_keys else []
    if not rows:
        return {}
    updates: dict[int, list[ProgressUpdate]] = defaultdict(list)
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    keys = pad_keys([row.pk for row in rows])
    for update in UPDATES(keys):
        updates[update.follow_up_id].append(update)
    for one in MILESTONES(keys):
        milestones[one.follow_up_id].append(one)
    today = timezone.localdate()
    return {
        row.case_id: FollowUpSummary(row, updates[row.pk], milestone_summaries(milestones[row.pk], today), today)
        for row in rows
    }


S = FollowUpState
SOON = 30  # days before its due day, an update is listed as a task


def with_latest(rows: FollowUpQuerySet) -> FollowUpQuerySet:
    """Annotate each follow-up with the moment and the text of its last update."""
    last = ProgressUpdate.objects.not_withdrawn().filter(follow_up=OuterRef("pk")).order_by("-number")
    return rows.with_dossier().annotate(
        last_at=Subquery(last.values("at")[:1]), last_text=Subquery(last.values("text")[:1])
    )


def follow_ups_for_list(user: Any, term: Term) -> FollowUpQuerySet:
    return with_latest(FollowUp.objects.visible_to(user).of_terms([term.pk])).annotate(rank=rank_in(FollowUpState))


def list_choices(rows: FollowUpQuerySet) -> BoardChoices:
    """Return the options of the filters: only what some of these follow-ups have."""
    named = Q(pk__in=rows.values("case__recommendation__opinion")) | Q(pk__in=rows.values("case__whole_of"))
    opinions = Opinion.objects.filter(named).order_by("reference__alphabetical", "pk")
    counts = rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    themes = rows.exclude(case__recommendation=None).exclude(case__recommendation__theme="")
    return BoardChoices(
        opinions=[
            (pk, f"{ref} {title}".strip()) for pk, ref, title in opinions.values_list("pk", "reference", "title")
        ],
        directorates=list(
            Directorate.objects.filter(pk__in=rows.values("directorate"))
            .order_by("name__alphabetical")
            .values_list("pk", "name")
        ),
        themes=sorted(set(themes.order_by().values_list("case__recommendation__theme", flat=True)), key=alphabetical),
        sections=[],
        states=dict(counts),
    )


def follow_ups_for_directorate(user: Any) -> FollowUpQuerySet:
    """Return the follow-ups of the reader’s directorates; for the elected, all that they may read."""
    directorates = directorates_of(user)
    rows = FollowUp.objects.visible_to(user)
    return with_latest(rows.filter(directorate__in=directorates) if directorates else rows)


def owed_updates(user: Any, term: Term | int) -> FollowUpQuerySet:
    """Return the follow-ups for which the reader’s directorate owes an update within thirty days."""
    rows = FollowUp.objects.of_terms([term]).open().filter(directorate__in=directorates_of(user))
    # Computed in SQL, because today is the only day that the compiled lists take as a parameter.
    near = ExpressionWrapper(F("update_due_on") - Value(SOON), output_field=DateField())
    return rows.annotate(near=near).filter(near__lte=timezone.localdate(), reported_at=None)


def follow_ups_sentence(term: Term) -> str:
    """Return « 3 suites réalisées sur 8, 2 en cours, 1 point d’étape en retard. », empty before a first promise."""
    late = Q(ended_on=None, update_due_on__lt=timezone.localdate())
    counts = FollowUp.objects.of_terms([term.pk]).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=S.DONE)),
        going=Count("pk", filter=Q(state=S.IN_PROGRESS)),
        late=Count("pk", filter=late),
    )
    if not counts["all"]:
        return ""
    done = ngettext("%(done)s réalisée sur %(all)s", "%(done)s réalisées sur %(all)s", counts["done"])
    late_label = ngettext("%(late)s point d’étape en retard", "%(late)s points d’étape en retard", counts["late"])
    parts = [
        done % counts,
        _("%(going)s en cours") % counts,
        late_label % counts if counts["late"] else _("tout est à jour"),
    ]
    return f"{', '.join(parts)}."


def update_condition(asked: str) -> Q:
    today = timezone.localdate()
    is_open = Q(state__in=S.tagged("open"))
    return {
        "retard": is_open & Q(update_due_on__lt=today),
        "30": is_open & Q(update_due_on__range=(today, today + timedelta(days=30))),
        "verifier": is_open & Q(reported_at__isnull=False),
        "personne": is_open & Q(directorate=None),
        "audition": Q(pk__in=FollowUpHearing.objects.filter(heard_on=None).values("follow_up")),
    }[asked]


@dataclass(frozen=True)
class CommitteeNotes:
    """Remarks and hearings of one follow-up, the latest first."""

    remarks: list[FollowUpRemark]
    hearings: list[FollowUpHearing]

    def __bool__(self) -> bool:
        return bool(self.remarks or self.hearings)


def committee_notes(follow_up: FollowUp) -> CommitteeNotes:
    """Return the remarks and hearings of a follow-up, with two queries."""
    return CommitteeNotes(
        list(FollowUpRemark.objects.filter(follow_up=follow_up).select_related("by__person")),
        list(FollowUpHearing.objects.filter(follow_up=follow_up)),
    )


def hearings_to_record(follow_up: FollowUp) -> list[FollowUpHearing]:
    return list(FollowUpHearing.objects.filter(follow_up=follow_up, heard_on=None).order_by("pk"))


def follow_ups_for_committee(user: Any) -> FollowUpQuerySet:
    """Return the follow-ups of published opinions of the terms in whose follow-up committee the reader sits today."""
    seats = follow_up_seats(user)
    opinions = Opinion.objects.public().filter(term__in=seats.values("committee__term"))
    return with_latest(FollowUp.objects.filter(answering(opinions.values("pk"), "case__")))


@dataclass(frozen=True)
class ThreadLink:
    label: str
    url: str


def update_links(update: ProgressUpdate, *, with_photo: bool = True) -> list[ThreadLink]:
    """Return the links to the proof of an update; where the photo itself is shown, no link leads to it."""
    photo = update.photo if with_photo else None
    return [
        *file_link(update.document, _("Le document")),
        *file_link(photo, _("La photo : %(words)s") % {"words": update.photo_description}),
        *([ThreadLink(update.link, update.link)] if update.link else []),
    ]


def file_link(file: Upload | None, label: str) -> list[ThreadLink]:
    return (
        [ThreadLink(label, reverse("documents:upload", args=[file.public_id]))] if file and file.is_available else []
    )


@dataclass(frozen=True)
class Commitment:
    """One promise; `answer` is the last published version that promises something, even if a later one does not."""

    follow_up: FollowUp
    answer: Answer
    summary: FollowUpSummary

    @property
    def text(self) -> str:
        """Return the text of the promise: what is planned, else what is retained, else the whole answer."""
        return self.answer.action or self.answer.retained or self.answer.body

    @property
    def theme(self) -> str:
        row = self.follow_up.case.recommendation
        return row.theme if row else ""

    @property
    def address(self) -> str:
        """Return the address of its thread, which never changes."""
        return reverse("answers:thread", args=[self.follow_up.case.reference])

    @cached_property
    def by_when(self) -> tuple[date, str] | None:
        """Return the last promised day with its milestone, or the day when a study is reviewed, or None."""
        milestones = [one.standing for one in self.summary.milestones if not one.standing.is_dropped]
        if milestones:
            last = max(milestones, key=lambda one: one.planned_on)
            return last.planned_on, last.label
        return (self.answer.review_on, "") if self.answer.review_on else None

    @property
    def is_overdue(self) -> bool:
        """Return whether the promised day has passed and nobody closed the follow-up."""
        is_open, by_when = self.follow_up.is_open, self.by_when
        return is_open and by_when is not None and by_when[0] < self.summary.today

    @property
    def last_update_on(self) -> date | None:
        return local_day(self.summary.latest.at) if self.summary.latest else None

    @property
    def last_text(self) -> str:
        return self.summary.latest.text if self.summary.latest else ""

    @property
    def directorate_name(self) -> str:
        return self.follow_up.directorate.name if self.follow_up.directorate else ""

    @property
    def proofs(self) -> list[str]:
        """Return the addresses of the proof in the last update."""
        links = update_links(self.summary.latest) if self.summary.latest else []
        return [settings.SITE_URL + link.url if link.url.startswith("/") else link.url for link in links]

    @property
    def state_label(self) -> str:
        return capfirst(self.follow_up.get_state_display())


def public_follow_ups() -> FollowUpQuerySet:
    """Return the follow-ups of every published opinion of the assembly shown on the public pages."""
    return FollowUp.objects.filter(answering(published_opinions().values("pk"), "case__"))


def follow_ups_of(term: Term) -> FollowUpQuerySet:
    """Return the follow-ups of a term; they belong to published opinions."""
    return FollowUp.objects.of_terms([term.pk])


def commitments_of(rows: Iterable[FollowUp]) -> list[Commitment]:
    """Build the commitments of follow-ups read `with_dossier`, in their order, with four queries."""
    follow_ups = list(rows)
    histories = follow_up_summaries([row.case_id for row in follow_ups])
    versions = published_of([row.case for row in follow_ups])
    return [
        Commitment(row, last_promise(versions[row.case_id]), histories[row.case_id])
        for row in follow_ups
        if versions[row.case_id]
    ]


def last_promise(versions: list[Answer]) -> Answer:
    return next((one for one in versions if one.value in FOLLOWED_VALUES), versions[0])

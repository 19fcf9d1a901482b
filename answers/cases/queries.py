"""Answer cases as each area reads them, whose turn it is, the published versions and their figures."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DurationField, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from answers.cases.enums import VALUE_BADGES, AnswerCaseState, AnswerValue
from answers.cases.models import CONTENT, AnswerCaseQuerySet, answered_by, answering, in_terms, label_of
from answers.cases.rules import can_give_visa
from answers.follow_up.models import FollowUpState
from answers.follow_up.rules import seats_on_committee
from answers.models import Answer, AnswerCase, AnswerConflictCopy, FollowUpHearing, ProgressUpdate, RatingTotal
from assembly.audit.lines import JournalLine, journal_lines
from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.indicators.counting import Median
from assembly.institution.models import Directorate, Role, RoleAssignment, Term
from assembly.institution.queries import ReaderQuery
from assembly.institution.rules import directorates_of, term_ids
from assembly.speed.queries import CompiledQuery, pad_keys, rank_in
from assembly.text.french import format_date, format_number
from consultations.models import Referral, ReferralState
from consultations.reviews.queries import agents_of, contacts_of, gives_visa
from opinions.amendments import queries as amending
from opinions.checks.queries import notes_on
from opinions.models import Opinion, OpinionSection, OpinionState, Recommendation, ServiceNote
from opinions.opinions.models import OpinionQuerySet
from opinions.opinions.queries import published_opinions
from opinions.versions.queries import proclaimed_parts, vote_data
from sessions.models import BallotState


def writers_of(case: AnswerCase) -> list[User]:
    """Return the contacts of the lead directorate, then of those that help; approvers where nobody else writes."""
    directorates = [case.directorate_id, *case.associated.order_by("pk").values_list("pk", flat=True)]
    return [user for directorate in directorates if directorate for user in contacts_of(directorate)]


def signers_of(case: AnswerCase) -> list[User]:
    """Return the approvers of the lead directorate, and those who hold a delegation of one today."""
    if case.directorate_id is None:
        return []
    return [user for user in agents_of(case.directorate_id) if can_give_visa(user, case)]


def approvers_of(case: AnswerCase) -> list[User]:
    return agents_of(case.directorate_id, [Role.DIR_APPROVER]) if case.directorate_id else []


def sponsors_of(case: AnswerCase) -> list[User]:
    """Return the elected who arbitrate."""
    return holders_of(case, Role.SPONSOR)


def holders_of(case: AnswerCase, role: Role) -> list[User]:
    assignments = RoleAssignment.objects.filter(term=case.opinion.term_id, role=role, ended_at=None)
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).select_related("person")
    return list(people.order_by("person__sort_name", "pk"))


def leads_of(case: AnswerCase) -> list[User]:
    """Return the users who publish answers."""
    return holders_of(case, Role.LEAD)


def waited_people(case: AnswerCase) -> list[User]:
    """Return those whose turn it is, except the back office and the president’s office, which have their lists."""
    turns = {"assigned": writers_of, "submitted": signers_of, "arbitration": sponsors_of}
    get_users = turns.get(case.state)
    return get_users(case) if get_users else []


def unpublished_answer(case: AnswerCase) -> Answer | None:
    """Return the version that is written, signed or decided now; None for a case without one."""
    return Answer.objects.in_hand().filter(case=case).first()


def versions_of(cases: tuple[int, ...]) -> QuerySet[Answer]:
    rows = Answer.objects.published().filter(case__in=cases).select_related("document", "rating_total")
    return rows.order_by("-number").for_screen()


VERSIONS = CompiledQuery(versions_of)


def published_of(cases: Iterable[AnswerCase]) -> dict[int, list[Answer]]:
    """Return every published version of each case, the last one first."""
    versions: dict[int, list[Answer]] = defaultdict(list)
    keys = [case.pk for case in cases]
    for answer in VERSIONS(pad_keys(keys)) if keys else ():
        versions[answer.case_id].append(answer)
    return versions


def total_of(answer: Answer) -> RatingTotal | None:
    """Return the published total, if `rating_total` was read with the answer."""
    return getattr(answer, "rating_total", None)


def rating_sentence(total: RatingTotal) -> str:
    """Return « 10 membres l’ont notée : clarté 3,8 sur 5, fidélité 2,9 sur 5. »."""
    template = ngettext(
        "%(n)s membre l’a notée : clarté %(clarity)s sur 5, fidélité %(fidelity)s sur 5.",
        "%(n)s membres l’ont notée : clarté %(clarity)s sur 5, fidélité %(fidelity)s sur 5.",
        total.count,
    )
    means = {name: format_number(getattr(total, name) / total.count, 1) for name in ("clarity", "fidelity")}
    return template % {"n": total.count, **means}


S = AnswerCaseState


def cases_to_write(user: Any, term: Term | int) -> AnswerCaseQuerySet:
    """Return the cases that the reader’s directorates write, leading or associated."""
    return AnswerCase.objects.of_terms([term]).of_directorates(directorates_of(user)).filter(state=S.ASSIGNED)


def cases_to_sign(user: Any, term: Term | int) -> AnswerCaseQuerySet:
    return AnswerCase.objects.of_terms([term]).filter(gives_visa(user), state=S.SUBMITTED)


def cases_to_arbitrate(user: Any, term: Term | int) -> AnswerCaseQuerySet:
    return _cases_for_role(user, term, Role.SPONSOR, S.ARBITRATION)


def cases_to_decide(user: Any, term: Term | int) -> AnswerCaseQuerySet:
    return _cases_for_role(user, term, Role.PRESIDENT, S.VALIDATED)


def _cases_for_role(user: Any, term: Term | int, role: Role, state: AnswerCaseState) -> AnswerCaseQuerySet:
    terms = term_ids(user, role) & {term if isinstance(term, int) else term.pk}
    return AnswerCase.objects.of_terms(terms).filter(state=state)


def pending_condition(user: Any) -> Q:
    """Return the condition for cases whose next step is the reader’s, whatever the term."""
    return (
        Q(state=S.ASSIGNED) & answered_by(directorates_of(user))
        | Q(state=S.SUBMITTED) & gives_visa(user)
        | Q(state=S.ARBITRATION) & in_terms(term_ids(user, Role.SPONSOR))
        | Q(state=S.VALIDATED) & in_terms(term_ids(user, Role.PRESIDENT))
    )


def cases_in_area(user: Any) -> AnswerCaseQuerySet:
    """Return every case that the reader sees in this area, each with its versions, the last one first."""
    versions = Prefetch("answers", Answer.objects.not_abandoned().order_by("-number"), to_attr="versions")
    seen = AnswerCase.objects.visible_to(user).exclude(state__in=S.tagged("unasked"))
    return seen.with_dossier().prefetch_related(versions)


def opinions_of(user: Any) -> Any:
    """Return the opinions of the cases that the reader sees, for the filter."""
    return _opinions_with(AnswerCase.objects.visible_to(user))


def opinions_in_hand(user: Any) -> Any:
    """Return the opinions of which the reader’s directorates write an answer now."""
    return _opinions_with(AnswerCase.objects.of_directorates(directorates_of(user)).filter(state=S.ASSIGNED))


def _opinions_with(cases: AnswerCaseQuerySet) -> Any:
    named = Q(pk__in=cases.values("recommendation__opinion")) | Q(pk__in=cases.values("whole_of"))
    return Opinion.objects.filter(named).order_by("-adopted_on", "-pk")


def directorates_asked(user: Any) -> Any:
    seen = AnswerCase.objects.visible_to(user)
    return Directorate.objects.filter(pk__in=seen.values("directorate")).order_by("name__alphabetical")


def filter_cases(rows: AnswerCaseQuerySet, user: Any, chosen: dict[str, Any]) -> AnswerCaseQuerySet:
    """Return the rows that match the filter; without a state, those whose next step is the reader’s.

    `chosen`: the cleaned data of the filter.
    """
    state = chosen.get("etat")
    if not state:
        rows = rows.filter(pending_condition(user))
    elif state != "tout":
        rows = rows.filter(state=state)
    if chosen.get("avis"):
        rows = rows.of_opinion(chosen["avis"])
    if chosen.get("direction"):
        rows = rows.filter(directorate=chosen["direction"])
    if chosen.get("valeur"):
        last = Answer.objects.not_abandoned().order_by("case_id", "-number").distinct("case_id").values("pk")
        answers = Answer.objects.filter(pk__in=last, value=chosen["valeur"])
        rows = rows.filter(pk__in=answers.values("case"))
    return rows


@dataclass(frozen=True)
class AnswerSidebar:
    """Material to read next to the answer: notes of the services, amendments and their outcomes, votes."""

    notes: list[ServiceNote]
    amendments: list[amending.AmendmentRow]
    votes: list[dict[str, Any]]


def sidebar(case: AnswerCase) -> AnswerSidebar:
    """Return the notes, the amendments to this recommendation without names, the vote on it, then on the whole."""
    opinion, row = case.opinion, case.recommendation
    base = amending.base_version(opinion)
    outcomes = sorted(amending.outcomes(base), key=lambda one: one.amendment.number or 0) if base else []
    votes = [
        vote_data(part.ballot)
        for part in proclaimed_parts(opinion)
        if row is not None and part.recommendation_id == row.pk and part.ballot is not None
    ]
    if opinion.ballot is not None and opinion.ballot.state == BallotState.PROCLAIMED:
        votes.append(vote_data(opinion.ballot) | {"is_whole": True})
    return AnswerSidebar(
        notes=notes_on(opinion).get(row.pk, []) if row is not None else [],
        amendments=[
            one for one in outcomes if row is not None and row.node_id in amending.nodes_struck(one.amendment)
        ],
        votes=votes,
    )


def conflict_texts(case: AnswerCase, user: Any) -> list[list[tuple[str, str]]]:
    """Return the reader’s losing texts of edit conflicts, each as labels and texts."""
    rows = AnswerConflictCopy.objects.filter(case=case, by=user)
    return [content_lines(row.content) for row in rows]


def content_lines(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return labels and texts besides the value, in the order of the form; `content` is by column."""
    lines = []
    for name in CONTENT[1:]:
        field: Any = Answer._meta.get_field(name)
        value = field.to_python(content.get(name) or None)
        display = capfirst(dict(field.choices).get(value, "")) if field.choices else value
        if display:
            text = format_date(display, weekday=False) if isinstance(display, date) else str(display)
            lines.append((label_of(name), text))
    return lines


def answer_lines(answer: Answer | None) -> list[tuple[str, str]]:
    return content_lines({name: getattr(answer, name) for name in CONTENT}) if answer else []


def case_history(case: AnswerCase) -> list[JournalLine]:
    """Return the journal lines up to now: submitted, sent back, signed, arbitrated, with the reasons."""
    rows = Entry.objects.filter(
        subject_type=AnswerCase._meta.label,
        subject_id=str(case.pk),
    ).exclude(event_type="answer.saved")
    return list(journal_lines(rows.select_related("detail").order_by("-pk")[:30]))[::-1]


REASON_LABELS = {
    "answer.returned": gettext_lazy("À reprendre"),
    "answer.sent_back": gettext_lazy("À reprendre"),
    "answer.reopened": gettext_lazy("À reprendre"),
    "answer.reassigned": gettext_lazy("Pourquoi elle est confiée à d’autres directions"),
    "answer.revised": gettext_lazy("Pourquoi elle est révisée"),
}


def reason_label(case: AnswerCase) -> str:
    """Return the label of the reason on a case in hand: « À reprendre » only if it was sent back."""
    if not case.reason:
        return ""
    rows = Entry.objects.filter(
        subject_type=AnswerCase._meta.label,
        subject_id=str(case.pk),
        event_type__in=REASON_LABELS,
    )
    last = rows.order_by("-pk").values_list("event_type", flat=True).first()
    return str(REASON_LABELS.get(last or "", REASON_LABELS["answer.returned"]))


@dataclass(frozen=True)
class Scoreboard:
    """Numbers of answers owed (`asked`), given at least once, and unanswered and late; median of the days taken."""

    asked: int
    answered: int
    late: int
    median_days: float | None

    @property
    def median_whole(self) -> int:
        """Return the median as pages show it: in whole days, rounded up."""
        return math.ceil(self.median_days or 0)


def counted(cases: AnswerCaseQuerySet, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    """Return one row about all of these cases, without cancelled ones, for `scored`."""
    unanswered = Q(answered_on=None)
    return (
        cases.standing()
        .order_by()
        .values(all=Value(1))
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=~unanswered),
            late=Count("pk", filter=unanswered & Q(due_on__lt=today)),
            median=Median(F("answered_on") - F("opened_on"), filter=~unanswered, output_field=DurationField()),
        )
        .values_list("asked", "answered", "late", "median")
    )


def scored(rows: Iterable[tuple[Any, ...]]) -> Scoreboard:
    ((asked, answered, late, median),) = rows
    return Scoreboard(asked, answered, late, None if median is None else median / timedelta(days=1))


def scoreboard(cases: AnswerCaseQuerySet, today: date) -> Scoreboard:
    """Return the score of these cases on that day in Paris."""
    return scored(counted(cases, today))


UPDATE_DUE = "follow_up__update_due_on"


def cases_for_board(user: Any, term: Term) -> AnswerCaseQuerySet:
    """Return the cases of the term, each with the value of its last version and the number of helping directorates."""
    last = Answer.objects.not_abandoned().filter(case=OuterRef("pk")).order_by("-number")
    helping = AnswerCase.associated.through.objects.filter(answercase=OuterRef("pk")).order_by()
    rows = AnswerCase.objects.visible_to(user).of_terms([term.pk]).with_dossier()
    return rows.annotate(
        rank=rank_in(AnswerCaseState),
        last_value=Subquery(last.values("value")[:1]),
        helping=Subquery(helping.values("answercase").annotate(n=Count("pk")).values("n")),  # type: ignore[misc]  # -- n: annotated
    )


@dataclass(frozen=True)
class BoardChoices:
    """Options of the filters of the board: only what some case of the term has, with one query each."""

    opinions: list[tuple[int, str]]
    directorates: list[tuple[int, str]]
    themes: list[str]
    sections: list[tuple[int, str]]
    states: dict[str, int]


def board_choices(term: Term) -> BoardChoices:
    """Return the options for the team, which sees every case of its term."""
    cases = AnswerCase.objects.of_terms([term.pk])
    owed = Recommendation.objects.filter(opinion__term=term, answer_case__isnull=False)
    named = Q(pk__in=owed.values("opinion")) | Q(answer_case__isnull=False)
    opinions = Opinion.objects.filter(term=term).filter(named).order_by("reference__alphabetical", "pk")
    helping = AnswerCase.associated.through.objects.filter(answercase__in=cases)
    condition = Q(pk__in=cases.values("directorate")) | Q(pk__in=helping.values("directorate"))
    sections = OpinionSection.objects.filter(pk__in=owed.values("section")).order_by("opinion", "position", "pk")
    counts = cases.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    return BoardChoices(
        opinions=[
            (pk, f"{ref} {title}".strip()) for pk, ref, title in opinions.values_list("pk", "reference", "title")
        ],
        directorates=list(
            Directorate.objects.filter(condition).order_by("name__alphabetical").values_list("pk", "name")
        ),
        themes=list(owed.exclude(theme="").order_by("theme__alphabetical").values_list("theme", flat=True).distinct()),
        sections=list(sections.values_list("pk", "title")),
        states=dict(counts),
    )


SOON = {"7": 7, "30": 30, "60": 60}


def due_condition(asked: str) -> Q:
    """Return the condition of cases not answered yet that are late, or due within so many days."""
    today = timezone.localdate()
    owed = Q(state__in=AnswerCaseState.tagged("owed"), answered_on=None)
    if asked == "retard":
        return owed & Q(due_on__lt=today)
    return owed & Q(due_on__range=(today, today + timedelta(days=SOON[asked])))


def pending_by_opinion(user: Any, term: int) -> Any:
    """Return the opinions of the term with answers: how many are pending for each task, and the first due day.

    One pass over the cases: with one query per opinion, a table without statistics yet took minutes.
    """
    today = timezone.localdate()
    open_one = Q(follow_up__state__in=FollowUpState.tagged("open"))
    in_hand = Q(state__in=S.tagged("undecided"))
    counted: dict[str, tuple[Any, str]] = {
        "to_assign": (Q(state=S.AWAITING), "due_on"),
        "to_remind": (in_hand & Q(answered_on=None, due_on__lt=today), "due_on"),
        "to_publish": (Q(state=S.DECIDED), "due_on"),
        "to_entrust": (open_one & Q(follow_up__directorate=None), UPDATE_DUE),
        "late_updates": (
            open_one & Q(follow_up__directorate__isnull=False, follow_up__update_due_on__lt=today),
            UPDATE_DUE,
        ),
        "said_done": (open_one & Q(follow_up__reported_at__isnull=False), ""),
        "hearings_asked": (Exists(FollowUpHearing.objects.filter(follow_up=OuterRef("follow_up"), heard_on=None)), ""),
    }
    cases = AnswerCase.objects.of_terms([term]).values(
        opinion=Coalesce("recommendation__opinion", "whole_of"),
        reference=Coalesce("recommendation__opinion__reference", "whole_of__reference"),
        title=Coalesce("recommendation__opinion__title", "whole_of__title"),
    )
    numbers = {name: Count("pk", filter=condition) for name, (condition, _day) in counted.items()}
    days = {f"{name}_due": Min(day, filter=condition) for name, (condition, day) in counted.items() if day}
    return cases.annotate(**numbers, **days).order_by("opinion")


PENDING_BY_OPINION: ReaderQuery[dict[str, Any]] = ReaderQuery(pending_by_opinion)


def _counted(user: Any, term: int) -> QuerySet[Any, tuple[Any, ...]]:
    return counted(AnswerCase.objects.visible_to(user).of_terms([term]), timezone.localdate())


COUNTED = ReaderQuery(_counted)


def scoreboard_sentence(user: Any, term: Term) -> str:
    """Return « 3 réponses données sur 10, en 42 jours de délai médian ; 1 en retard. ».

    The text is empty before the first handover.
    """
    score = scored(COUNTED(user, term))
    if not score.asked:
        return ""
    template = ngettext(
        "%(given)s réponse donnée sur %(asked)s", "%(given)s réponses données sur %(asked)s", score.answered
    )
    parts = [template % {"given": score.answered, "asked": score.asked}]
    if score.median_days is not None:
        template = ngettext("délai médian : %(days)s jour", "délai médian : %(days)s jours", round(score.median_days))
        parts.append(template % {"days": format_number(score.median_days, 0)})
    parts.append(_("%(n)s en retard") % {"n": score.late} if score.late else _("aucune en retard"))
    return f"{', '.join(parts)}."


def with_answers(opinions: OpinionQuerySet) -> OpinionQuerySet:
    """Annotate each opinion with its referral, the numbers of answers owed and given, and the next due day."""
    cases = AnswerCase.objects.of_opinion(OuterRef("pk")).standing().order_by().values(all=Value(1))
    counts = cases.annotate(
        owed=Count("pk"), given=Count("answered_on"), due_on=Min("due_on", filter=Q(answered_on=None))
    )
    answers = counts.values(summary=JSONObject(owed="owed", given="given", due_on="due_on"))
    return opinions.select_related("referral").annotate(answers=Subquery(answers))


def council_answer(opinion: Any, *, in_area: bool = False) -> str:
    """Return the sentence about what the council did with it, or by which day it must answer.

    `opinion` comes from `with_answers`. The state of an unpublished referral is stated only with `in_area`.
    """
    owed, answered = opinion.answers["owed"], opinion.answers["given"]
    due_on = date.fromisoformat(due) if (due := opinion.answers["due_on"]) else None
    referral = opinion.referral
    is_known = (in_area or referral.published_at) and referral.state in ReferralState.tagged("answered")
    if is_known or (owed and answered == owed):
        return _("Le Conseil départemental a répondu.")
    if due_on is None:
        return _("On attend la réponse du Conseil départemental.")
    is_late = due_on < timezone.localdate()
    day = {"day": format_date(due_on, weekday=False)}
    if not answered:
        sentence = (
            _("La réponse du Conseil départemental était attendue le %(day)s.")
            if is_late
            else _("Le Conseil départemental doit répondre avant le %(day)s.")
        )
        return sentence % day
    count_sentence = ngettext(
        "Le Conseil départemental a donné %(given)s réponse sur %(owed)s.",
        "Le Conseil départemental a donné %(given)s réponses sur %(owed)s.",
        answered,
    ) % {"given": answered, "owed": owed}
    left = (
        ngettext("La dernière était attendue le %(day)s.", "La suivante était attendue le %(day)s.", owed - answered)
        if is_late
        else ngettext(
            "La dernière est attendue avant le %(day)s.", "La suivante est attendue avant le %(day)s.", owed - answered
        )
    )
    return f"{count_sentence} {left % day}"


def answer_to_referral(referral: Referral) -> str:
    """Return the sentence for the opinion on this referral; empty where the council owes nothing here."""
    opinions = Opinion.objects.filter(referral=referral, state__in=OpinionState.tagged("handed"))
    opinion: Any = with_answers(opinions).order_by("-handed_over_on", "-pk").first()
    return council_answer(opinion, in_area=True) if opinion and opinion.answers["owed"] else ""


PUBLIC = CompiledQuery(
    lambda: counted(AnswerCase.objects.of_opinions(published_opinions().values("pk")), timezone.localdate())
)


def public_scoreboard() -> Scoreboard:
    """Return the score of all that the assembly of the public pages published and handed over."""
    return scored(PUBLIC())


SHOWN = 3


@dataclass(frozen=True)
class ChangedProposal:
    """A proposal whose answer was published, or with a newer update (`version` is None)."""

    title: str
    url: str
    state_badge: str
    label: str
    at: datetime
    version: int | None


def latest_changes(assembly: int, person: int) -> QuerySet[AnswerCase, tuple[Any, ...]]:
    public = Opinion.objects.public().filter(term__assembly=assembly).values("pk")
    answers = Answer.objects.standing().filter(answering(public, "case__")).order_by("-published_at", "-pk")
    updates = (
        ProgressUpdate.objects.not_withdrawn().filter(answering(public, "follow_up__case__")).order_by("-at", "-pk")
    )
    return counted(AnswerCase.objects.of_opinions(public), timezone.localdate()).annotate(
        answers=ArraySubquery(answers.values(entry=_row("case__", "published_at", "value", version="number"))[:SHOWN]),
        updates=ArraySubquery(updates.values(entry=_row("follow_up__case__", "at", "state"))[:SHOWN]),
        is_on_committee=Exists(seats_on_committee(person)),
    )


def _row(prefix: str, at: str, state: str, **more: str) -> JSONObject:
    return JSONObject(
        reference=Coalesce(f"{prefix}recommendation__reference", f"{prefix}whole_of__reference"),
        title=Coalesce(f"{prefix}recommendation__title", f"{prefix}whole_of__title"),
        at=at,
        state_value=state,
        **more,
    )


LATEST_CHANGES = CompiledQuery(latest_changes)


def our_answers(assembly: int, person: int) -> tuple[Scoreboard, list[ChangedProposal], bool]:
    """Return the score, the last changes, latest first, and whether the reader sits in a follow-up committee."""
    ((*score, answers, updates, is_on_committee),) = LATEST_CHANGES(assembly, person)
    changes = [_changed_proposal(row, AnswerValue(row["state_value"])) for row in answers]
    changes += [_changed_proposal(row, FollowUpState(row["state_value"])) for row in updates]
    changes.sort(key=lambda one: one.at, reverse=True)
    return scored([tuple(score)]), changes[:SHOWN], is_on_committee


def _changed_proposal(row: dict[str, Any], state: AnswerValue | FollowUpState) -> ChangedProposal:
    page, at = reverse("answers:thread", args=[row["reference"]]), datetime.fromisoformat(row["at"])
    badge = state.badge if isinstance(state, FollowUpState) else VALUE_BADGES[state]
    return ChangedProposal(row["title"], page, badge, str(state.label), at, row.get("version"))

"""Queries of the area of those who write and decide: cases whose next step is the reader’s, and one whole case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from answers.cases.models import AnswerCaseQuerySet, answered_by, in_terms
from answers.enums import AnswerCaseState
from answers.models import Answer, AnswerCase, AnswerConflictCopy
from answers.models.answer import CONTENT, label_of
from assembly.audit.lines import JournalLine, journal_lines
from assembly.audit.models import Entry
from assembly.institution.enums import Role
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorates_of, term_ids
from assembly.text.french import format_date
from consultations.reviews.queries import gives_visa
from opinions.amendments import queries as amending
from opinions.checks.queries import notes_on
from opinions.models import Opinion, ServiceNote
from opinions.versions.queries import proclaimed_parts, vote_data
from sessions.decisions.enums import BallotState

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

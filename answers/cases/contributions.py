"""Contributions of answer cases: menus, to-do lines, mails, names, indicators, audit events, receivers.

Each receiver of a signal of a lower app is one call to an action.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.dispatch import receiver
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from answers.cases import mails, queries
from answers.cases.actions import cases
from answers.cases.enums import AnswerEventKind
from answers.cases.lists import ANSWERS
from answers.cases.models import answering
from answers.cases.queries import approvers_of, waited_people
from answers.follow_up import actions as follow_up
from answers.follow_up.queries import owed_updates
from answers.models import Answer, AnswerCase, AnswerValue, FollowUp, FollowUpState
from answers.progress.queries import reports_due, reports_to_seal_again
from answers.publication import queries as publication_queries
from assembly.audit.registry import Key, NamedSubject, add_audit_events, add_namer
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, add_calendar_source, deadline
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.indicators.counting import DaysBetween, end_of, one_if
from assembly.indicators.registry import Breakdown, Cells, Facts, Indicator, RowLines, Theme, Unit, add_indicators
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry, anywhere, open_area
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Directorate, Role, Term
from assembly.institution.rules import can_enter_directorate_area, directorates_of, is_lead, is_team
from assembly.institution.signals import directorate_closed
from assembly.institution.todo import add_to_do
from assembly.lists import Column, add_list
from assembly.notifications.registry import add_messages
from assembly.text.french import Label, format_date
from consultations.digest.queries import DeskTarget, add_desk_target
from consultations.models import DeskEvent
from consultations.referrals.workflow.by_origin import REFERRAL
from opinions.adoption.signals import handover_corrected, handover_taken_back, opinion_handed_over
from opinions.models import Opinion
from opinions.opinions.workflow import OPINION


def answer_document_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may read it: anybody once the answer is published, before that readers of the case."""
    rows = Answer.objects.filter(document=upload)
    return rows.published().exists() or rows.filter(case__in=AnswerCase.objects.visible_to(user)).exists()


OPINION_FIELDS = {name: name for name in ("pk", "reference", "title")}


def line_of(
    row: dict[str, Any], label: str, *, route: str = "answers:desk", is_expected: bool = False, **filters: str
) -> todo.ToDo:
    address = f"{reverse(route)}?{urlencode({'avis': row['opinion'], **filters})}"
    detail = gettext("%(reference)s, %(title)s") % row
    return todo.ToDo(label % row, address, detail, is_expected=is_expected)


def assign_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Confier %(n)s réponse à une direction", "Confier %(n)s réponses à des directions", row["n"])
    return line_of(row, label, etat="awaiting")


def late_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("%(n)s réponse en retard", "%(n)s réponses en retard", row["n"])
    return line_of(row, label, is_expected=True, delai="retard")


def publish_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Publier %(n)s réponse décidée", "Publier %(n)s réponses décidées", row["n"])
    return line_of(row, label, etat="decided")


def seal_line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:desk-table", args=[row["pk"]])
    return todo.ToDo(gettext("Sceller le tableau des réponses"), address, gettext("%(reference)s, %(title)s") % row)


def entrust_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Confier le suivi de %(n)s réponse", "Confier le suivi de %(n)s réponses", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="personne")


def late_update_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("%(n)s point d’étape en retard", "%(n)s points d’étape en retard", row["n"])
    return line_of(row, label, route="answers:follow-ups", is_expected=True, point="retard")


def hearing_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Organiser %(n)s audition demandée", "Organiser %(n)s auditions demandées", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="audition")


def close_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Vérifier %(n)s suite dite réalisée", "Vérifier %(n)s suites dites réalisées", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="verifier")


def report_line(row: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(gettext("Faire le bilan des suites données"), reverse("answers:progress-reports"), row["name"])


def seal_again_line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:desk-progress-report", args=[row["pk"]])
    return todo.ToDo(gettext("Sceller de nouveau un bilan : un point en est retiré"), address, row["reference"])


ASKED_OF_TEAM = {
    "to_assign": assign_line,
    "to_remind": late_line,
    "to_entrust": entrust_line,
    "late_updates": late_update_line,
    "hearings_asked": hearing_line,
}
ASKED_OF_LEAD = ASKED_OF_TEAM | {"to_publish": publish_line, "said_done": close_line}
TEAM = todo.PendingGroups(queries.PENDING_BY_OPINION, ASKED_OF_TEAM)
LEAD = todo.PendingGroups(queries.PENDING_BY_OPINION, ASKED_OF_LEAD)
SEALS = todo.PendingLists(
    todo.PendingRows(publication_queries.tables_to_seal, OPINION_FIELDS, seal_line),
    todo.PendingRows(reports_due, {"name": "name"}, report_line, due="report_due_on"),
    todo.PendingRows(reports_to_seal_again, {"pk": "pk", "reference": "reference"}, seal_again_line),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingGroups | todo.PendingLists]:
    """Return the pending lines: one per opinion and kind, however many answers are pending."""
    if is_lead(user, term):
        return [LEAD, SEALS]
    return [TEAM] if is_team(user, term) else []


CASE = {
    "pk": "pk",
    "reference": Coalesce("recommendation__reference", "whole_of__reference"),
    "title": Coalesce("recommendation__title", "whole_of__title"),
}


def answers_due(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the day on which each answer is due: for the team, and for the directorate that owes it."""
    is_of_team = is_team(user, term)
    rows = AnswerCase.objects.visible_to(user).of_terms([term.pk]).owed().filter(answered_on=None)
    # Under other names than the columns: an annotation may not have the name of a field.
    columns = {f"case_{name}": F(value) if isinstance(value, str) else value for name, value in CASE.items()}
    cases: QuerySet[Any, Any] = rows.filter(due_on__range=(first, last))
    own = directorates_of(user)
    for case in cases.values("due_on", "directorate", **columns):
        users = [user.pk] if case["directorate"] in own else []
        page = reverse("answers:desk-case" if is_of_team else "answers:directorate-case", args=[case["case_pk"]])
        title = gettext("Réponse attendue : %(case_reference)s %(case_title)s") % case
        yield deadline(f"answer-{case['case_pk']}", title, page, case["due_on"], users)


def lines_of(rows: Any, label: Label, slug: str = "") -> todo.PendingRows:
    """Return the cases whose next step is the reader’s; `slug` names its page, else the page of the case opens."""

    def line(case: dict[str, Any]) -> todo.ToDo:
        route = (
            ("answers:directorate-step", [case["pk"], slug]) if slug else ("answers:directorate-case", [case["pk"]])
        )
        return todo.ToDo(label % case, reverse(route[0], args=route[1]), gettext("%(reference)s, réponse") % case)

    return todo.PendingRows(rows, CASE, line, due="due_on", sort_field="title")


FOLLOW_UP = {
    "pk": "pk",
    "reference": Coalesce("case__recommendation__reference", "case__whole_of__reference"),
    "title": Coalesce("case__recommendation__title", "case__whole_of__title"),
}


def update_line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:directorate-follow-up-step", args=[row["pk"], "point"])
    return todo.ToDo(
        gettext("Faire le point : %(title)s") % row, address, gettext("%(reference)s, suite donnée") % row
    )


LISTS = todo.PendingLists(
    lines_of(queries.cases_to_write, _("Répondre : %(title)s")),
    lines_of(queries.cases_to_sign, _("À viser, réponse : %(title)s"), "viser"),
    lines_of(queries.cases_to_arbitrate, _("À arbitrer : %(title)s")),
    lines_of(queries.cases_to_decide, _("À décider : %(title)s")),
    todo.PendingRows(owed_updates, FOLLOW_UP, update_line, due="update_due_on", sort_field="title"),
)


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LISTS]


def case_of(event: DeskEvent) -> AnswerCase:
    return AnswerCase.objects.with_dossier().get(pk=event.target_id or 0)


def is_obsolete(event: DeskEvent) -> bool:
    """Return whether the turn has passed to somebody else, or the answer was given."""
    case = case_of(event)
    if case.answered_on is not None:
        return True
    turn = waited_people(case)
    if event.kind == AnswerEventKind.LATE and turn:
        turn = [*turn, *approvers_of(case)]
    return event.user not in turn


def line(event: DeskEvent) -> tuple[str, str, str]:
    """Return the title (« AC2-2026-03-P07 – Un guichet »), the due day and the address; never text of an answer."""
    case = case_of(event)
    is_late = event.kind == AnswerEventKind.LATE
    sentence = gettext("C’était attendu le %(day)s.") if is_late else gettext("Attendue le %(day)s.")
    detail = sentence % {"day": format_date(case.due_on)}
    return f"{case.reference} – {case.title}", detail, reverse("answers:directorate-case", args=[case.pk])


LABEL = AnswerCase._meta.label


def named_answers(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of the cases that the journal mentions, with one query, or none if there are none."""
    if LABEL not in keys_by_label:
        return {}
    rows = AnswerCase.objects.visible_to(reader).filter(pk__in=keys_by_label[LABEL]).with_dossier()
    return {
        (LABEL, str(row.pk)): NamedSubject(
            gettext("Réponse"), row.title, row.reference, reverse("answers:desk-case", args=[row.pk])
        )
        for row in rows
    }


open_area(r"/espace/(reponses|suites)/", {Role.MEMBER})
add_desk_line(MenuHeading.ANSWERS, _("Réponses"), "answers:desk", ANSWERS.can_open, order=36)
add_menu_entry(
    "directorate",
    _("Réponses"),
    "answers:directorate-list",
    anywhere(can_enter_directorate_area),
    order=30,
    icon="chat-left-text",
)
add_calendar_source(CalendarKind.DEADLINE, answers_due)
add_to_do("desk", desk_lines)
add_to_do("directorate", directorate_lines)
add_messages(
    mails.AnswerAssigned,
    mails.AnswerToSign,
    mails.AnswerSentBack,
    mails.AnswerToArbitrate,
    mails.AnswerReminded,
    mails.AnswersDecided,
    mails.AnswersToPublish,
)
add_desk_target("answers.AnswerCase", DeskTarget(AnswerEventKind, is_obsolete, line))

add_upload_rules(answer_document_is_visible)
add_namer(named_answers)
add_audit_events(
    {
        "answer.escalated": _("a signalé le retard au directeur ou à la directrice"),
        "answer.cases_opened": _("a ouvert les réponses attendues"),
        "answer.ratings_counted": _("a compté les notes des membres sur une réponse"),
        "answer.saved": _("a enregistré une réponse en cours"),
        "answer.table_sealing_asked": _("a demandé le cachet du tableau des réponses"),
        "answer.table_sealed": _("a scellé et publié le tableau des réponses"),
    }
)
add_list(ANSWERS)

OFFICES = frozenset({Role.SPONSOR, Role.PRESIDENT})
READERS = OFFICES | DIRECTORATE_ROLES
OPENERS = OFFICES | TEAM_ROLES


def answers_of(term: Term, path: str = "") -> Q:
    return answering(Opinion.objects.filter(term=term).values("pk"), path)


def answered(term: Term, day: date) -> QuerySet[AnswerCase]:
    return AnswerCase.objects.standing().filter(answers_of(term), answered_on__lte=day)


def judged(term: Term, day: date) -> QuerySet[AnswerCase]:
    """Return the answers given by that day, or due before it: whether they were in time is known."""
    known = Q(answered_on__lte=day) | Q(due_on__lt=day)
    return AnswerCase.objects.standing().filter(answers_of(term), known, opened_on__lte=day)


def last_published(term: Term, day: date) -> QuerySet[Answer]:
    """Return the last version of each case that was public at the end of that day."""
    later = Answer.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"), published_at__lt=end_of(day))
    rows = Answer.objects.filter(answers_of(term, "case__"), published_at__lt=end_of(day))
    return rows.exclude(Exists(later))


def follow_ups(term: Term, day: date) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(answers_of(term, "case__"), opened_on__lte=day)


def directorate_cells(term: Term) -> Cells:
    rows = Directorate.objects.filter(assembly=term.assembly_id).values_list("pk", "name")
    return {str(pk): name for pk, name in rows} | {"": _("pas encore confiée")}


def by_directorate(path: str = "") -> Breakdown:
    return Breakdown(
        "direction",
        _("direction"),
        lambda term, day: f"{path}directorate_id",
        directorate_cells,
        facts=Facts.DATED,
        open_cells=lambda user: [str(pk) for pk in directorates_of(user)],
    )


def case_address(case: int) -> str:
    return reverse("answers:desk-case", args=[case])


def case_columns(path: str = "") -> list[Column]:
    return [
        Column(_("Proposition"), f"{path}title", key="titre"),
        Column(_("Référence"), f"{path}reference", key="reference"),
    ]


RELATED = ("recommendation__opinion", "whole_of", "directorate")
CASE_LINES = RowLines(
    [
        *case_columns(),
        Column(_("Direction"), lambda row: row.directorate.name if row.directorate else "", key="direction"),
        Column(_("Remise le"), "opened_on", key="remise", order=["opened_on"]),
        Column(_("Attendue le"), "due_on", key="attendue", order=["due_on"]),
        Column(_("Répondu le"), "answered_on", key="repondu", order=["answered_on"]),
    ],
    lambda row: case_address(row.pk),
    related=RELATED,
    directorate_url=lambda row: reverse("answers:directorate-case", args=[row.pk]),
)
ANSWER_LINES = RowLines(
    [
        *case_columns("case."),
        Column(_("Réponse"), "get_value_display", key="reponse", order=["value"]),
        Column(_("Publiée le"), "published_at", key="date", order=["published_at"]),
    ],
    lambda row: case_address(row.case_id),
    lambda rows, user: rows.filter(case__in=AnswerCase.objects.visible_to(user).order_by().values("pk")),
    related=tuple(f"case__{name}" for name in RELATED),
    directorate_url=lambda row: reverse("answers:directorate-case", args=[row.case_id]),
)
FOLLOW_UP_LINES = RowLines(
    [
        *case_columns("case."),
        Column(_("Direction"), lambda row: row.directorate.name if row.directorate else "", key="direction"),
        Column(_("État"), "get_state_display", key="etat", order=["state"]),
        Column(_("Close le"), "ended_on", key="date", order=["ended_on"]),
    ],
    lambda row: reverse("answers:desk-follow-up", args=[row.case_id]),
    related=("directorate", *(f"case__{name}" for name in RELATED)),
    directorate_url=lambda row: reverse("answers:directorate-case", args=[row.case_id]),
)
BY_VALUE = Breakdown(
    "reponse", _("réponse"), lambda term, day: "value", lambda term: {str(one): one.label for one in AnswerValue}
)
SOURCE = _("Réponses dans Hémicycle")
NO_ANSWER = _("Aucune réponse n’est encore donnée.")
COMMON: dict[str, Any] = {"is_public": True, "readers": READERS, "openers": OPENERS, "owner": Role.OFFICER}


add_indicators(
    Indicator(
        "reponses-a-temps",
        _("Réponses données à temps"),
        _("Part des réponses données avant la date attendue, parmi celles qui sont données ou en retard."),
        _("réponses à temps ÷ (réponses données + réponses en retard)"),
        Theme.ANSWERS,
        Unit.PERCENT,
        SOURCE,
        _("Aucune réponse n’est donnée, ni en retard."),
        facts=Facts.DATED,
        rows=judged,
        lines=CASE_LINES,
        part=lambda day: one_if(Q(answered_on__lte=day) & Q(answered_on__lte=F("due_on"))),
        base=lambda day: Value(1),
        breakdowns=(by_directorate(),),
        target=Decimal(100),
        order=10,
        **COMMON,
    ),
    Indicator(
        "delai-de-reponse",
        _("Délai de réponse"),
        _("La moitié des réponses ont été données en moins de jours que ce nombre, l’autre moitié en plus."),
        _("médiane (jour de la réponse − jour de la remise)"),
        Theme.ANSWERS,
        Unit.DAYS,
        SOURCE,
        NO_ANSWER,
        facts=Facts.DATED,
        rows=answered,
        lines=CASE_LINES,
        part=lambda day: DaysBetween(F("opened_on"), F("answered_on")),
        is_median=True,
        breakdowns=(by_directorate(),),
        at_most=Decimal(180),
        order=20,
        **COMMON,
    ),
    Indicator(
        "reponses-publiees",
        _("Réponses publiées"),
        _("Propositions auxquelles le Conseil a répondu, selon sa dernière réponse : acceptée, à l’étude, refusée…"),
        _("nombre de propositions par réponse"),
        Theme.ANSWERS,
        Unit.NUMBER,
        SOURCE,
        NO_ANSWER,
        rows=last_published,
        lines=ANSWER_LINES,
        breakdowns=(BY_VALUE,),
        order=30,
        **COMMON,
    ),
    Indicator(
        "suites-realisees",
        _("Suites réalisées"),
        _("Part de ce que le Conseil a promis et qui est fait, preuve à l’appui."),
        _("suites réalisées ÷ suites suivies"),
        Theme.ANSWERS,
        Unit.PERCENT,
        _("Suites données dans Hémicycle"),
        _("Aucune suite n’est encore suivie."),
        facts=Facts.DATED,
        rows=follow_ups,
        lines=FOLLOW_UP_LINES,
        part=lambda day: one_if(Q(state=FollowUpState.DONE, ended_on__lte=day)),
        base=lambda day: Value(1),
        breakdowns=(by_directorate(),),
        order=40,
        **COMMON,
    ),
)

OPINION.add_guard("take_handover_back", cases.check_nothing_answered)
REFERRAL.add_guard("answer", cases.check_not_written_here)


@receiver(opinion_handed_over)
def open_cases(sender: Any, *, opinion: Any, on: Any, by: Any, **_: Any) -> None:
    """Open the answer cases: an answer is owed from that day on."""
    cases.open_answers(opinion, on=on, by=by)


@receiver(handover_corrected)
def redate_cases(sender: Any, *, opinion: Any, on: Any, by: Any, **_: Any) -> None:
    """Move the start of the clocks to the corrected day."""
    cases.redate_cases(opinion, on=on, by=by)


@receiver(handover_taken_back)
def close_cases(sender: Any, *, opinion: Any, by: Any, **_: Any) -> None:
    """Cancel the answer cases: nothing is owed."""
    cases.close_cases(opinion, by=by)


@receiver(directorate_closed)
def pass_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Pass the answers of a closed directorate to its successor."""
    cases.pass_cases_to_successor(directorate, by=by)


@receiver(directorate_closed)
def pass_follow_ups_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Pass the follow-ups of a closed directorate to its successor."""
    follow_up.pass_follow_ups_to_successor(directorate, by=by)

"""Contributions of answer cases: menus, to-do lines, mails, the daily mail, files, names, audit events."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from answers.cases import queries as cases
from answers.cases.mails import (
    AnswerAssigned,
    AnswerReminded,
    AnswersDecided,
    AnswerSentBack,
    AnswersToPublish,
    AnswerToArbitrate,
    AnswerToSign,
)
from answers.documents.papers import answer_document_is_visible
from answers.enums import AnswerEventKind
from answers.lists import ANSWERS
from answers.models import AnswerCase
from answers.publication.documents import SealedAnswerTable
from answers.queries import desk
from answers.queries.follow_up_desk import owed_updates
from answers.queries.people import approvers_of, waited_people
from answers.queries.progress import reports_due, reports_to_seal_again
from assembly.audit.registry import Key, NamedSubject, add_audit_events, add_namer
from assembly.documents.registry import add_documents, add_upload_rules
from assembly.institution import todo
from assembly.institution.areas import open_area
from assembly.institution.enums import Role
from assembly.institution.menu import add_menu_entry, anywhere
from assembly.institution.models import Term
from assembly.institution.rules import can_enter_directorate_area, is_lead, is_team
from assembly.institution.todo import add_to_do
from assembly.lists import add_list
from assembly.notifications.registry import add_messages
from assembly.text.french import Label, format_date
from consultations.digest.queries import DeskTarget, add_desk_target
from consultations.models import DeskEvent

OPINION = {name: name for name in ("pk", "reference", "title")}


def line_of(row: dict[str, Any], label: str, *, route: str = "answers:desk", **filters: str) -> todo.ToDo:
    address = f"{reverse(route)}?{urlencode({'avis': row['opinion'], **filters})}"
    return todo.ToDo(label % row, address, gettext("%(reference)s, %(title)s") % row)


def assign_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Confier %(n)s réponse à une direction", "Confier %(n)s réponses à des directions", row["n"])
    return line_of(row, label, etat="awaiting")


def late_line(row: dict[str, Any]) -> todo.ToDo:
    label = ngettext("Relancer : %(n)s réponse en retard", "Relancer : %(n)s réponses en retard", row["n"])
    return line_of(row, label, delai="retard")


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
    label = ngettext("Relancer : %(n)s point d’étape en retard", "Relancer : %(n)s points d’étape en retard", row["n"])
    return line_of(row, label, route="answers:follow-ups", point="retard")


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
TEAM = todo.PendingGroups(desk.PENDING_BY_OPINION, ASKED_OF_TEAM)
LEAD = todo.PendingGroups(desk.PENDING_BY_OPINION, ASKED_OF_LEAD)
SEALS = todo.PendingLists(
    todo.PendingRows(desk.tables_to_seal, OPINION, seal_line),
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
    lines_of(cases.cases_to_write, _("Répondre : %(title)s")),
    lines_of(cases.cases_to_sign, _("À viser, réponse : %(title)s"), "viser"),
    lines_of(cases.cases_to_arbitrate, _("À arbitrer : %(title)s")),
    lines_of(cases.cases_to_decide, _("À décider : %(title)s")),
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
add_menu_entry("desk", _("Travaux"), _("Réponses"), "answers:desk", ANSWERS.can_open, order=36, icon="check2-all")
add_menu_entry(
    "directorate",
    "",
    _("Réponses"),
    "answers:directorate-list",
    anywhere(can_enter_directorate_area),
    order=30,
    icon="chat-left-text",
)
add_to_do("desk", desk_lines)
add_to_do("directorate", directorate_lines)
add_messages(
    AnswerAssigned, AnswerToSign, AnswerSentBack, AnswerToArbitrate, AnswerReminded, AnswersDecided, AnswersToPublish
)
add_desk_target("answers.AnswerCase", DeskTarget(AnswerEventKind, is_obsolete, line))
add_documents(SealedAnswerTable)
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

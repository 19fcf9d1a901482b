"""List of the answers owed, in the back office."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from answers.cases import forms, mails
from answers.cases.actions import cases, deciding
from answers.cases.models import answered_by
from answers.cases.queries import BoardChoices, board_choices, cases_for_board, due_condition, scoreboard_sentence
from answers.cases.rules import can_see_desk, clock_of
from answers.cases.workflow import ANSWER
from answers.models import AnswerCase, AnswerCaseState, AnswerValue
from answers.pages import EVERY, by_board, counted_rows, counted_states, day_cell, noted
from assembly.dossiers.pages import step_applies, step_check
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.lists import Column, Empty, Filter, List, PageLink, Unmatched, any_word_in, reference_cell, state_cell
from assembly.lists.filters import FilterForm
from assembly.lists.selection import BulkAct, Selection
from assembly.text.french import due, format_date, in_days
from assembly.web.pagination import LONG_PAGE
from assembly.web.templatetags.ui import state
from assembly.web.values import NOTHING

# Answers owed


def answer_value_label(case: Any) -> str:
    return str(AnswerValue(case.last_value).label) if case.last_value else ""


def case_note(case: AnswerCase) -> Any:
    theme = case.recommendation.theme if case.recommendation else ""
    return format_html("{}{}", reference_cell(case), f", {theme}" if theme else "")


def directorate_cell(case: Any) -> Any:
    helping = ngettext("et %(n)s associée", "et %(n)s associées", case.helping or 0) % {"n": case.helping}
    return noted(case.directorate.name if case.directorate else NOTHING, helping if case.helping else "")


def case_due_cell(case: AnswerCase) -> Any:
    if case.answered_on:
        return day_cell(_("Répondu le"), case.answered_on)
    clock, day = clock_of(case, timezone.localdate()), format_date(case.due_on, weekday=False)
    if clock.is_late:
        return format_html("{} {}", day, state("late", due(case.due_on)))
    return noted(day, "" if clock.is_stopped else in_days(case.due_on))


def selection_of(term: Term) -> Selection[AnswerCase]:
    """Return the bulk actions of the board; the directorates offered are those of the assembly."""
    return Selection(
        "answers:desk-chosen",
        lambda n: ngettext("%(n)s réponse choisie", "%(n)s réponses choisies", n) % {"n": n},
        {
            "confier": BulkAct(
                _("Confier à une direction"),
                action=assign,
                success_message=lambda n: (
                    ngettext("%(n)s réponse est confiée.", "%(n)s réponses sont confiées.", n) % {"n": n}
                ),
                check=lambda user, case: ANSWER.check(user, case, "assign"),
                applies=step_applies(ANSWER, "assign"),
                form=lambda data: forms.ManyDirectoratesForm(data, term=term),
                consequences=(_("Les directions choisies sont prévenues, par un seul message."),),
                then=lambda rows, user: mails.notify_writers(mails.ASSIGNED, rows, by=user),
            ),
            "relancer": BulkAct(
                _("Relancer"),
                action=lambda case, user, data: ANSWER.transition(case, "remind", by=user),
                success_message=lambda n: (
                    ngettext("%(n)s réponse est relancée.", "%(n)s réponses sont relancées.", n) % {"n": n}
                ),
                check=step_check(ANSWER, "remind"),
                applies=step_applies(ANSWER, "remind"),
                consequences=(_("Chaque direction reçoit un seul message."),),
                then=lambda rows, user: mails.send_reminders(rows, by=user),
            ),
            "deliberation": BulkAct(
                _("Noter la délibération"),
                action=lambda case, user, data: deciding.record_decision_without_mail(case, by=user, **data),
                success_message=lambda n: (
                    ngettext("%(n)s réponse est décidée.", "%(n)s réponses sont décidées.", n) % {"n": n}
                ),
                check=lambda user, case: ANSWER.check(user, case, "record_decision"),
                applies=step_applies(ANSWER, "record_decision"),
                form=forms.CouncilDecisionForm,
                then=lambda rows, user: mails.notify_decided(rows, by=user),
            ),
            "publier": BulkAct(
                _("Publier"),
                action=lambda case, user, data: deciding.publish(case, by=user),
                success_message=lambda n: (
                    ngettext("%(n)s réponse est publiée.", "%(n)s réponses sont publiées.", n) % {"n": n}
                ),
                check=step_check(ANSWER, "publish"),
                applies=step_applies(ANSWER, "publish"),
                consequences=(_("Tout le monde pourra les lire. Une réponse publiée ne change plus."),),
            ),
        },
        name=lambda case: f"{case.reference} {case.title}",
        first=cases.lock_referrals,
    )


def assign(case: AnswerCase, user: User, data: dict[str, Any]) -> None:
    cases.assign_without_mail(case, data["directorate"], associated=data["associated"], due_on=data["due_on"], by=user)


def parts_of(choices: BoardChoices) -> list[tuple[Any, Any]]:
    """Return themes and parts of the opinion, each as a group."""
    parts: list[tuple[Any, Any]] = []
    if choices.themes:
        parts.append((_("Thèmes"), [(f"t-{theme}", theme) for theme in choices.themes]))
    if choices.sections:
        parts.append((_("Parties de l’avis"), [(f"p-{pk}", title) for pk, title in choices.sections]))
    return parts


def in_part(value: str) -> Q:
    kind, _dash, part = value.partition("-")
    return Q(recommendation__theme=part) if kind == "t" else Q(recommendation__section=part)


def table_to_link(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the opinion chosen, or the only one: the page links to its sealed table."""
    opinions = form.source.opinions
    chosen = form.used.get("avis", str(opinions[0][0]) if len(opinions) == 1 else "")
    table = next((row for row in opinions if str(row[0]) == chosen), None)
    return {"table": table, **counted_rows(user, term, form)}


ANSWERS = List(
    _("Réponses du Conseil départemental"),
    [
        Column(_("Référence"), "reference"),
        Column(_("Préconisation"), "title", "titre", ["recommendation__number"], note=case_note),
        Column(_("Avis"), "opinion.reference"),
        Column(
            _("Direction pilote"),
            lambda case: case.directorate.name if case.directorate else "",
            key="direction",
            order=["directorate__name__alphabetical"],
            cell=directorate_cell,
        ),
        # The value of an answer that is not published yet is shown on the board only.
        Column(
            _("Réponse"),
            answer_value_label,
            key="reponse",
            cell=lambda case: capfirst(answer_value_label(case)),
            is_shared=False,
        ),
        Column(
            _("État"),
            "get_state_display",
            key="etat",
            order=["rank"],
            cell=lambda case: noted(state_cell(case), _("en révision") if case.is_revised else ""),
        ),
        Column(_("Remis le"), "opened_on"),
        Column(_("Attendue le"), "due_on", key="date", order=["due_on"], cell=case_due_cell),
        Column(_("Répondu le"), "answered_on"),
        Column(_("Jours de retard"), lambda case: clock_of(case, timezone.localdate()).late),
    ],
    default="date",
    size=LONG_PAGE,
    key="answers",
    route="answers:desk",
    export="answers:desk-export",
    row_route="answers:desk-case",
    can_open=can_see_desk,
    rows=cases_for_board,
    counted=ngettext_lazy("%(n)s réponse", "%(n)s réponses", "n"),
    lead=scoreboard_sentence,
    filter_source=board_choices,
    filters=[
        Filter("etat", _("État"), "state", counted_states(AnswerCaseState), _("Tous les états")),
        Filter(
            "delai",
            _("Délai"),
            choices=[
                ("retard", _("En retard")),
                ("7", _("Dans les 7 jours")),
                ("30", _("Dans les 30 jours")),
                ("60", _("Dans les 60 jours")),
            ],
            every=EVERY,
            where=due_condition,
        ),
        by_board("direction", _("Direction"), "directorates", lambda value: answered_by([value]), _("Toutes")),
        by_board("avis", _("Avis"), "opinions", lambda value: Q(recommendation__opinion=value) | Q(whole_of=value)),
        Filter("partie", _("Thème ou partie"), choices=parts_of, every=EVERY, where=in_part),
    ],
    search=any_word_in("recommendation__title", "recommendation__reference", "whole_of__title", "whole_of__reference"),
    selection=lambda user, term: selection_of(term),
    more=table_to_link,
    empty=Empty(
        _("Aucune réponse attendue"),
        _("Les réponses attendues s’ouvrent ici quand un avis est remis au président."),
        button=PageLink(_("Voir les avis"), "opinions:list"),
    ),
    unmatched=Unmatched(_("Aucune réponse ne correspond")),
    template="answers/cases/desk_board.html",
    for_directorates=True,
)

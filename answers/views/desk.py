"""Board of the answers: every case of the term by state and by days left, and bulk actions."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from answers.actions import cases, deciding
from answers.enums import AnswerValue
from answers.forms import desk as forms
from answers.models import AnswerCase
from answers.notifications import cases as news
from answers.queries.desk import board_choices, cases_for_board, scoreboard_sentence
from answers.rules.cases import can_see_desk
from answers.rules.clocks import clock_of
from answers.workflows import ANSWER
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.web.lists import Column, List
from assembly.web.pagination import LONG_PAGE
from assembly.web.selection import BulkAct, Selection


def value_label(case: Any) -> str:
    return str(AnswerValue(case.last_value).label) if case.last_value else ""


def late_days(case: AnswerCase) -> int:
    return clock_of(case, timezone.localdate()).late


LIST = List(
    gettext_lazy("Réponses du Conseil départemental"),
    [
        Column(gettext_lazy("Référence"), "reference"),
        Column(gettext_lazy("Préconisation"), "title", key="titre", order=["recommendation__number"]),
        Column(gettext_lazy("Avis"), "opinion.reference"),
        Column(
            gettext_lazy("Direction pilote"),
            lambda case: case.directorate.name if case.directorate else "",
            key="direction",
            order=["directorate__name__alphabetical"],
        ),
        Column(gettext_lazy("Réponse"), value_label, key="reponse"),
        Column(gettext_lazy("État"), "get_state_display", key="etat", order=["rank"]),
        Column(gettext_lazy("Remis le"), "opened_on"),
        Column(gettext_lazy("Attendue le"), "due_on", key="date", order=["due_on"]),
        Column(gettext_lazy("Répondu le"), "answered_on"),
        Column(gettext_lazy("Jours de retard"), late_days),
    ],
    default="date",
    export="answers:desk-export",
    size=LONG_PAGE,
)
PROVED = frozenset({"publier", "deliberation"})  # bulk actions that need a recent proof of identity


def selection_of(term: Term) -> Selection[AnswerCase]:
    """Return the bulk actions of the board; the directorates offered are those of the assembly."""
    return Selection(
        "answers:desk-chosen",
        lambda n: ngettext("%(n)s réponse choisie", "%(n)s réponses choisies", n) % {"n": n},
        {
            "confier": BulkAct(
                gettext_lazy("Confier à une direction"),
                action=assign,
                success_message=lambda n: (
                    ngettext("%(n)s réponse est confiée.", "%(n)s réponses sont confiées.", n) % {"n": n}
                ),
                check=lambda user, case: ANSWER.check(user, case, "assign"),
                form=lambda data: forms.ManyDirectoratesForm(data, term=term),
                consequences=(gettext_lazy("Les directions choisies sont prévenues, par un seul message."),),
                then=lambda rows, user: news.notify_writers(news.ASSIGNED, rows, by=user),
            ),
            "relancer": BulkAct(
                gettext_lazy("Relancer"),
                action=lambda case, user, data: ANSWER.transition(case, "remind", by=user),
                success_message=lambda n: (
                    ngettext("%(n)s réponse est relancée.", "%(n)s réponses sont relancées.", n) % {"n": n}
                ),
                check=partial(check_ready, "remind"),
                consequences=(gettext_lazy("Chaque direction reçoit un seul message."),),
                then=lambda rows, user: news.send_reminders(rows, by=user),
            ),
            "deliberation": BulkAct(
                gettext_lazy("Noter la délibération"),
                action=lambda case, user, data: deciding.record_decision_without_mail(case, by=user, **data),
                success_message=lambda n: (
                    ngettext("%(n)s réponse est décidée.", "%(n)s réponses sont décidées.", n) % {"n": n}
                ),
                check=lambda user, case: ANSWER.check(user, case, "record_decision"),
                form=forms.CouncilDecisionForm,
                then=lambda rows, user: news.notify_decided(rows, by=user),
            ),
            "publier": BulkAct(
                gettext_lazy("Publier"),
                action=lambda case, user, data: deciding.publish(case, by=user),
                success_message=lambda n: (
                    ngettext("%(n)s réponse est publiée.", "%(n)s réponses sont publiées.", n) % {"n": n}
                ),
                check=partial(check_ready, "publish"),
                consequences=(gettext_lazy("Tout le monde pourra les lire. Une réponse publiée ne change plus."),),
            ),
        },
        name=lambda case: f"{case.reference} {case.title}",
        first=cases.lock_referrals,
    )


def assign(case: AnswerCase, user: User, data: dict[str, Any]) -> None:
    cases.assign_without_mail(case, data["directorate"], associated=data["associated"], due_on=data["due_on"], by=user)


def check_ready(step_name: str, user: User, case: AnswerCase) -> None:
    ANSWER.check(user, case, step_name)
    for error in ANSWER.missing(case, step_name):
        raise error


@require_safe
def board(request: UserRequest) -> HttpResponse:
    """List every answer owed in the term, the most urgent first."""
    term = working_term(request, can_see_desk)
    choices = board_choices(term)
    form = forms.AnswerFilterForm(request.GET, choices=choices)
    today, count = timezone.localdate(), None if form.is_used else sum(choices.states.values())
    shown = LIST.page(request, cases_for_board(request.user, term).filter(form.condition()).for_screen(), count)
    chosen = str(form.cleaned_data.get("avis", "")) or str(
        choices.opinions[0][0] if len(choices.opinions) == 1 else ""
    )
    context = {
        "term": term,
        "table": next((row for row in choices.opinions if str(row[0]) == chosen), None),
        "form": form,
        "list": shown,
        "rows": [(case, clock_of(case, today), value_label(case)) for case in shown.page],
        "score": scoreboard_sentence(request.user, term),
        "selection": selection_of(term),
    }
    return render(request, "answers/desk_board.html", context)


@require_safe
def export(request: UserRequest) -> HttpResponse:
    """Export the list as it is filtered, all of its pages."""
    term = working_term(request, can_see_desk)
    form = forms.AnswerFilterForm(request.GET, choices=board_choices(term))
    rows = cases_for_board(request.user, term).filter(form.condition())
    return LIST.file(request, rows.for_screen(), form, term.name)


@require_http_methods(["GET", "HEAD", "POST"])
def chosen(request: UserRequest) -> HttpResponse:
    """Take one bulk action; those that decide or publish need a recent proof of identity."""
    view = PROVED_CHOSEN if request.POST.get("acte") in PROVED else answer_chosen
    return view(request)


def answer_chosen(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_desk)
    rows = AnswerCase.objects.visible_to(request.user).of_terms([term.pk]).with_dossier()
    return selection_of(term).answer(request, rows, back=reverse("answers:desk"))


PROVED_CHOSEN = recently_authenticated_to_write(answer_chosen)

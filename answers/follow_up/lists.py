"""List of the follow-ups, in the back office."""

from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from answers.cases.queries import BoardChoices
from answers.follow_up.queries import (
    follow_ups_for_list,
    follow_ups_of,
    follow_ups_sentence,
    list_choices,
    update_condition,
)
from answers.follow_up.rules import can_see_follow_ups, late_days
from answers.models import FollowUp, FollowUpState
from answers.pages import EVERY, by_board, counted_rows, counted_states, day_cell, noted
from assembly.lists import Column, Empty, Filter, List, PageLink, Unmatched, any_word_in, reference_cell, state_cell
from assembly.lists.filters import FilterForm
from assembly.text.french import due, format_date, in_days
from assembly.web.pagination import LONG_PAGE
from assembly.web.templatetags.ui import state
from assembly.web.values import NOTHING

# Follow-ups


def update_late_days(row: FollowUp) -> int:
    return late_days(row, timezone.localdate())


def last_update_cell(row: Any) -> Any:
    if not row.last_at:
        return NOTHING
    return noted(format_date(row.last_at, weekday=False), Truncator(row.last_text).chars(120))


def update_due_cell(row: FollowUp) -> Any:
    if not row.update_due_on:
        return day_cell(_("Close le"), row.ended_on)
    day = format_date(row.update_due_on, weekday=False)
    if update_late_days(row):
        return format_html("{} {}", day, state("late", due(row.update_due_on)))
    return noted(day, in_days(row.update_due_on))


FOLLOW_UP_FILTERS = [
    Filter("etat", _("État"), "state", counted_states(FollowUpState), _("Tous les états")),
    Filter(
        "point",
        _("Point"),
        choices=[
            ("retard", _("Point en retard")),
            ("30", _("Point attendu dans les 30 jours")),
            ("verifier", _("Dites réalisées, à vérifier")),
            ("personne", _("Sans direction")),
            ("audition", _("Audition demandée")),
        ],
        every=EVERY,
        where=update_condition,
    ),
    by_board("direction", _("Direction"), "directorates", lambda value: Q(directorate=value), _("Toutes")),
    by_board(
        "avis", _("Avis"), "opinions", lambda value: Q(case__recommendation__opinion=value) | Q(case__whole_of=value)
    ),
    Filter(
        "theme",
        _("Thème"),
        "case__recommendation__theme",
        lambda choices: [(theme, theme) for theme in choices.themes],
        EVERY,
    ),
]
FOLLOW_UP_SEARCH = any_word_in(
    "case__recommendation__title", "case__recommendation__reference", "case__whole_of__title"
)


def commitment_filters(asked: QueryDict, choices: BoardChoices) -> FilterForm:
    """Return the filters of « Engagements », without the one that only the back office uses."""
    filters = [each for each in FOLLOW_UP_FILTERS if each.key != "point"]
    return FilterForm(asked, filters, choices, lambda text: FOLLOW_UP_SEARCH(text, None, None), _("Chercher"))


FOLLOW_UPS = List(
    _("Suites données"),
    [
        Column(_("Référence"), "case.reference"),
        Column(
            _("Préconisation"),
            "case.title",
            key="titre",
            order=["case__recommendation__number"],
            note=lambda row: reference_cell(row.case),
        ),
        Column(_("Avis"), "case.opinion.reference"),
        Column(
            _("Direction"),
            lambda row: row.directorate.name if row.directorate else "",
            key="direction",
            order=["directorate__name__alphabetical"],
        ),
        Column(
            _("État"),
            "get_state_display",
            key="etat",
            order=["rank"],
            cell=lambda row: noted(state_cell(row), _("dite réalisée, à vérifier") if row.reported_at else ""),
        ),
        Column(_("Dernier point"), "last_at", key="dernier", cell=last_update_cell),
        Column(_("Prochain point"), "update_due_on", "date", ["update_due_on"], cell=update_due_cell),
        Column(_("Jours de retard du point"), update_late_days),
        Column(_("Ce que dit le dernier point"), "last_text"),
        Column(_("Service chargé"), "service"),
        Column(_("Ligne de budget"), "budget_line"),
        Column(_("Suivie depuis le"), "opened_on"),
        Column(_("Close le"), "ended_on"),
        Column(_("Motif"), "reason"),
    ],
    default="date",
    size=LONG_PAGE,
    key="follow-ups",
    route="answers:follow-ups",
    export="answers:follow-ups-export",
    row_route="answers:desk-follow-up",
    row_key="case_id",
    can_open=can_see_follow_ups,
    rows=follow_ups_for_list,
    counted=ngettext_lazy("%(n)s suite donnée", "%(n)s suites données", "n"),
    lead=lambda user, term: follow_ups_sentence(term),
    filter_source=lambda term: list_choices(follow_ups_of(term)),
    filters=FOLLOW_UP_FILTERS,
    search=FOLLOW_UP_SEARCH,
    more=counted_rows,
    buttons=[PageLink(_("Engagements"), "answers:commitments"), PageLink(_("Bilans"), "answers:progress-reports")],
    empty=Empty(
        _("Aucune suite donnée"),
        _("Chaque réponse acceptée, à l’étude ou transmise est suivie ici dès sa publication."),
        button=PageLink(_("Voir les réponses"), "answers:desk"),
    ),
    unmatched=Unmatched(_("Aucune suite donnée ne correspond")),
    for_directorates=True,
)

"""Views of the list of a register: filters, columns, pages, board, files, acts upon many rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers.bulk_steps import bulk_step
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.lists.selection import BulkAct, Selection
from assembly.saved_views.queries import views_of
from assembly.web.forms import StyledForm, text_box
from assembly.workflow import Step
from consultations.referrals.forms import OfficerChoice
from mission.registers import actions
from mission.registers.declaration import Register
from mission.registers.forms import choices_in
from mission.registers.pages import address, step_pages, term_of

BOARD = "tableau"
CARDS = 25  # at most, of one state; the list shows all rows


@dataclass(frozen=True)
class Lane:
    """State on the board: its first cards, and how many rows it has."""

    state: str
    label: str
    state_badge: str
    cards: list[Any]

    @property
    def count(self) -> int:
        return self.cards[0].lane_count if self.cards else 0


def lanes(register: Register, user: Any, rows: QuerySet[Any], ordering: Iterable[str]) -> list[Lane]:
    """Return all states in one statement; each card has the steps that the user may take."""
    placed = rows.annotate(
        lane_place=Window(RowNumber(), partition_by="state", order_by=[*ordering, "pk"]),
        lane_count=Window(Count("pk"), partition_by="state"),
    ).filter(lane_place__lte=CARDS)
    by_state: dict[str, list[Any]] = {state: [] for state in register.states}
    pages = step_pages(register.key)
    apart = [step.slug for step in register.steps if step.danger or step.target is None]
    for row in placed.for_screen():
        row.step_links = [
            (pages.url(row, slug), pages.pages[slug].label) for slug in pages.offered(user, row, without=apart)
        ]
        by_state[row.state].append(row)
    for cards in by_state.values():
        cards.sort(key=lambda row: row.lane_place)
    return [Lane(state.value, str(state.label), state.badge, by_state[state]) for state in register.states]


@require_safe
def row_list(request: UserRequest, register: Register) -> HttpResponse:
    """Show the list, or with `?vue=tableau` the board of the same rows."""
    term, user, listing = term_of(request, register), request.user, register.listing
    if request.GET.get("vue") == BOARD:
        form = listing.form(user, term, request.GET)
        rows = listing.filtered_rows(user, term, form)
        board = lanes(register, user, rows, listing.ordering(request).ordering)
        shown = listing.shown_table(user, term, request.GET)
        count = sum(lane.count for lane in board)
        context = listing.frame(request, term, form, shown, count) | {"lanes": board}
        context["hidden"].append(("vue", BOARD))
    else:
        context = listing.context(request, term)
        context["selection"] = selection_of(register, term, user)
        rows = listing.filtered_rows(user, term, context["form"])
    has_totals = register.totals and context["count"]
    context |= {
        "register": register,
        "can_add": True,
        "views": views_of(listing, user, term),
        "totals": list(register.totals(rows)) if has_totals else [],  # type: ignore[misc]  # -- checked on the line above
    }
    return render(request, listing.template, context)


@require_safe
def row_export(request: UserRequest, register: Register) -> HttpResponse:
    """Export exactly the rows of the list, on all pages; with the columns chosen, else with all of them."""
    return register.listing.file_of(request, term_of(request, register))


class WhyForm(StyledForm):
    reason = text_box(gettext_lazy("Pourquoi ?"), 1000, 3)


class DayForm(StyledForm):
    due_on = forms.DateField(label=gettext_lazy("Échéance"), required=False)


class InChargeForm(StyledForm):
    owner = OfficerChoice(label=gettext_lazy("Suivi par"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = choices  # type: ignore[attr-defined]  # -- a ModelChoiceField


def is_plain(step: Step[Any]) -> bool:
    """Return whether many rows may take the step at once, without a page of its own."""
    return step.target is not None and not (step.danger or step.fresh or step.action or step.form)


def selection_of(register: Register, term: Term, user: Any) -> Selection[Any]:
    """Return what a list offers to do with the rows ticked on it."""

    def success_message(n: int) -> str:
        return _("C’est fait\u00a0: %(rows)s.") % {"rows": register.count(n)}

    def written(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return actions.edit(register, row, by=user, values=data, version=row.version)

    acts = {
        step.slug: bulk_step(
            register.workflow,
            step.name,
            step.label,
            success_message,
            WhyForm if step.needs_reason else None,
        )
        for step in register.steps
        if is_plain(step)
    }
    if "owner" in register.field_names:
        team = choices_in(User.objects.all(), term, user)
        acts["confier"] = BulkAct(
            gettext_lazy("Confier"),
            written,
            success_message,
            register.check_write,
            lambda data: InChargeForm(data, choices=team),
        )
    if "due_on" in register.field_names:
        acts["echeance"] = BulkAct(
            gettext_lazy("Changer l’échéance"), written, success_message, register.check_write, DayForm
        )
    return Selection(
        f"mission:{register.key}-chosen", lambda n: _("Choix\u00a0: %(rows)s") % {"rows": register.count(n)}, acts
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rows_chosen(request: UserRequest, register: Register) -> HttpResponse:
    """Apply an act to the rows ticked; the right and the state of each row are checked."""
    term = term_of(request, register)
    rows = register.visible_to(request.user).select_related("owner__person")
    return selection_of(register, term, request.user).answer(request, rows, back=address(register))

"""The grid in which an officer enters a pile of claims received on paper, for one sitting."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.institution.pages import working_term
from assembly.web.forms import attach_refusal, posted, whole_number
from sessions.expenses import actions, queries
from sessions.expenses.forms import PaperClaimForm, PaperPileForm
from sessions.expenses.rules import can_see_expenses, format_rate
from sessions.models import Sitting, SittingKind

ROWS = 12


def grid_of(data: QueryDict | None, sitting: Sitting) -> list[PaperClaimForm]:
    """Return the rows of the grid, with the people who may still claim for the sitting.

    Whoever was chosen stays in their row: a colleague may have entered the same claim since, which the action says.
    """
    chosen = [whole_number(data.get(f"l{number}-invitee", "")) for number in range(ROWS)] if data else []
    open_rows = queries.without_claim(sitting.invitees.all()).values("pk")
    rows = sitting.invitees.filter(Q(pk__in=open_rows) | Q(pk__in=chosen)).order_by("person__sort_name", "pk")
    rows = rows.select_related("sitting__term__assembly", "person")
    invitees, rates = {row.pk: row for row in rows}, list(queries.rates_of_sitting(sitting))
    return [PaperClaimForm(data, prefix=f"l{number}", invitees=invitees, rates=rates) for number in range(ROWS)]


def enter_rows(rows: list[PaperClaimForm], common: PaperPileForm, request: UserRequest) -> list[PaperClaimForm]:
    """Enter each claim by itself; return the rows in error."""
    left = []
    for row in rows:
        if row.is_valid():
            try:
                actions.enter_from_paper(
                    row.cleaned_data["invitee"],
                    lines=row.cleaned_data["lines"],
                    by=request.user,
                    **common.cleaned_data,
                )
            except ValidationError as refused:
                attach_refusal(row, refused)
        if not row.is_valid():
            left.append(row)
    return left


@require_http_methods(["GET", "HEAD", "POST"])
def paper_grid(request: UserRequest) -> HttpResponse:
    """Enter several claims of one sitting; rows in error stay with their message, the others are saved."""
    term = working_term(request, can_see_expenses)
    sittings = list(queries.sittings_to_claim(term))
    asked = whole_number(request.GET.get("seance", ""))
    plenaries = [each for each in sittings if each.kind == SittingKind.PLENARY]  # a pile comes after a plenary
    sitting = next((each for each in sittings if each.pk == asked), next(iter([*plenaries, *sittings]), None))
    if (
        request.method == "POST" and "seance" in request.GET
    ):  # what was typed is of this sitting, even if nobody may claim for it any more
        sitting = get_object_or_404(Sitting.objects.filter(term=term), pk=asked)
    context: dict[str, Any] = {"sittings": sittings, "sitting": sitting}
    if sitting is None:
        return render(request, "sessions/expenses/paper.html", context)
    common, status = PaperPileForm(posted(request)), 200
    rows = grid_of(posted(request), sitting)
    if request.method == "POST":
        typed = [row for row in rows if row.has_changed()]
        left = enter_rows(typed, common, request) if common.is_valid() else typed
        if entered := len(typed) - len(left):
            text = ngettext("%(n)s demande part au contrôle.", "%(n)s demandes partent au contrôle.", entered)
            messages.success(request, text % {"n": entered})
        elif not typed:
            messages.warning(request, _("Écrivez au moins une demande."))
        if typed and not left:
            return redirect(f"{request.path}?seance={sitting.pk}")
        rows, status = left or grid_of(None, sitting), 422
    heads = [(rate, format_rate(rate), PaperClaimForm.columns_of(rate).values()) for rate in rows[0].rates]
    context |= {"common": common, "rows": rows, "heads": heads}
    return render(request, "sessions/expenses/paper.html", context, status=status)

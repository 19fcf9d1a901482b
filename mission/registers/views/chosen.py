"""One act upon several rows of a register: its steps, another person in charge, another day."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.ui.forms import StyledForm, text_box
from assembly.ui.selection import BulkAct, Selection
from mission.registers import actions
from mission.registers.declaration import Register
from mission.registers.forms import UserChoice, choices_in
from mission.registers.moves import Move
from mission.registers.views.access import address, term_of


class WhyForm(StyledForm):
    reason = text_box(gettext_lazy("Pourquoi ?"), 1000, 3)


class DayForm(StyledForm):
    due_on = forms.DateField(label=gettext_lazy("Échéance"), required=False)


class InChargeForm(StyledForm):
    owner = UserChoice(label=gettext_lazy("Suivi par"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = choices  # type: ignore[attr-defined]  # -- a model choice


def done_with(register: Register) -> Callable[[int], str]:
    return lambda n: _("C’est fait\u00a0: %(rows)s.") % {"rows": register.count(n)}


def step_act(register: Register, move: Move) -> BulkAct[Any]:
    """A step of each row ticked, with its own right, state and guards."""

    def check(user: Any, row: Any) -> None:
        register.workflow.check(user, row, move.verb)
        for lack in register.workflow.missing(row, move.verb):
            raise lack

    def run(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return register.workflow.transition(row, move.verb, by=user, reason=data.get("reason", ""))

    return BulkAct(move.label, run, done_with(register), check, WhyForm if move.reason else None)


def selection_of(register: Register, term: Term, user: Any) -> Selection[Any]:
    """What a list offers to do with the rows ticked on it."""

    def written(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return actions.edit(register, row, by=user, values=data, version=row.version)

    def may_write(user: Any, row: Any) -> None:
        if not register.can_write(user, row):
            raise PermissionDenied

    done = done_with(register)
    acts = {move.slug: step_act(register, move) for move in register.moves if move.is_plain}
    if "owner" in register.field_names:
        team = choices_in(User.objects.all(), term, user)
        acts["confier"] = BulkAct(
            gettext_lazy("Confier"), written, done, may_write, lambda data: InChargeForm(data, choices=team)
        )
    if "due_on" in register.field_names:
        acts["echeance"] = BulkAct(gettext_lazy("Changer l’échéance"), written, done, may_write, DayForm)
    return Selection(
        f"mission:{register.key}-chosen", lambda n: _("Choix\u00a0: %(rows)s") % {"rows": register.count(n)}, acts
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rows_chosen(request: UserRequest, register: Register) -> HttpResponse:
    """Each row is asked its own right and state."""
    term = term_of(request, register)
    if not register.can_add(request.user, term):
        raise PermissionDenied
    rows = register.visible_to(request.user).select_related("owner__person")
    return selection_of(register, term, request.user).answer(request, rows, back=address(register))

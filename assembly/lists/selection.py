"""Bulk acts on rows ticked in a list: a question with their count, then the action of each row.

    SELECTION = Selection(
        "tasks:chosen",
        lambda n: ngettext("%(n)s tâche choisie", "%(n)s tâches choisies", n) % {"n": n},
        {"faites": BulkAct(_("Noter comme fait"), action=…, success_message=lambda n: …)},
    )

The list includes `ui/selection.html` and, in each row, `{% tick row.pk row.name %}`; both work without script. With it
the bar appears with the first tick, and each button says to how many of the ticked rows its act applies. The page that
the buttons open is `answer`: keys in the address, rows on the screen, one POST, then the list again. Only rows of the
page that was shown can be ticked.

404 for a key that this reader does not see, and nothing is done; 403 where the reader may change no row; 422 for a
form in error. A row that an action refuses stays as it was and is listed by name, the others are done; 409 where none
was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.text.french import Label
from assembly.web.errors import StateConflict
from assembly.web.forms import local_address, posted, whole_number
from assembly.web.pagination import LONG_PAGE

REFUSALS = (PermissionDenied, StateConflict, ValidationError)


@dataclass(frozen=True)
class BulkAct[Row: Model]:
    """Act on several rows.

    `label`: the verb of its button. `action(row, user, data)`: the action of one row. `success_message(n)`: for
    so many. `check(user, row)`: raises what `action` would, before the question. `applies(user, row)`: whether the bar
    offers the act for this row, from what the list has loaded. `form`: what is entered once for all. `consequences`:
    what follows, for all rows or for each (then each sentence is shown once). `then(rows, user)`: runs once for all
    rows that were done, in the same transaction: one mail for all.
    """

    label: Label
    action: Callable[[Row, Any, dict[str, Any]], object]
    success_message: Callable[[int], str]
    check: Callable[[Any, Row], object] = lambda user, row: None
    applies: Callable[[Any, Row], bool] = lambda user, row: True
    form: Callable[[QueryDict | None], BaseForm] | None = None
    consequences: Sequence[Label] | Callable[[Row], Iterable[Label]] = ()
    then: Callable[[Sequence[Row], Any], object] = lambda rows, user: None

    def consequences_of(self, rows: Iterable[Row]) -> list[Label]:
        """Return what follows for these rows."""
        consequences: Any = self.consequences
        if not callable(consequences):
            return list(consequences)
        return list(dict.fromkeys(sentence for row in rows for sentence in consequences(row)))


@dataclass(frozen=True)
class BulkPage:
    """Page that takes several rows: the keys of the ticked ones in its address (`ligne`), and `retour`."""

    label: Label
    route: str
    args: Sequence[object] = ()
    applies: Callable[[Any, Any], bool] = lambda user, row: True

    @property
    def url(self) -> str:
        return reverse(self.route, args=self.args)


@dataclass
class Outcome[Row: Model]:
    """Rows that an act changed, or would change, and those that refused it, with the reason."""

    done: list[Row] = field(default_factory=list)
    refused: list[tuple[Row, Exception]] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Sequence[Row], attempt: Callable[[Row], object]) -> "Outcome[Row]":
        """Run the act on each row; the writes of a row that refuses are undone, the others stay."""
        outcome = cls()
        for row in rows:
            try:
                with transaction.atomic():
                    attempt(row)
            except REFUSALS as refusal:
                outcome.refused.append((row, refusal))
            else:
                outcome.done.append(row)
        return outcome

    @property
    def open(self) -> list[Row]:
        """Return the rows that the same act may still change, with other values in its form."""
        return self.done + [row for row, refusal in self.refused if isinstance(refusal, ValidationError)]

    @property
    def is_forbidden(self) -> bool:
        return not self.done and all(isinstance(refusal, PermissionDenied) for _row, refusal in self.refused)


def refusal_message(refusal: Exception) -> str:
    match refusal:
        case ValidationError():
            return " ".join(refusal.messages)
        case StateConflict() if hasattr(refusal.obj, "get_state_display"):
            return _("l’état a changé entre-temps (%(state)s).") % {"state": refusal.obj.get_state_display()}
        case StateConflict():
            return _("l’état a changé entre-temps.")
    return _("vous n’avez pas ce droit ici.")


class Selection[Row: Model]:
    """Selection of rows on a list.

    `route`: the name of the page of the question, where an act has one. `count(n)`: « 12 tâches choisies ». `acts`:
    by their name in the address. `name(row)`: the name of a row. `first(rows)`: locks the parents of the rows before
    them (docs/locks.md).
    """

    def __init__(
        self,
        route: str,
        count: Callable[[int], str],
        acts: Mapping[str, BulkAct[Row] | BulkPage],
        name: Callable[[Row], str] = str,
        first: Callable[[Sequence[Row]], object] = lambda rows: None,
    ) -> None:
        self.route, self.count, self.acts, self.name, self.first = route, count, acts, name, first

    @property
    def counts(self) -> list[str]:
        """Return the texts for none, one and two, from which the script writes that of any number."""
        return [self.count(n) for n in range(3)]

    def offered(self, rows: Iterable[Row], user: Any) -> list[tuple[str, BulkAct[Row] | BulkPage, list[Any]]]:
        """Return each act with its name and the keys of the rows on the page to which it applies."""
        shown = list(rows)
        return [(name, act, [row.pk for row in shown if act.applies(user, row)]) for name, act in self.acts.items()]

    def answer(self, request: HttpRequest, rows: QuerySet[Row], *, back: str) -> HttpResponse:
        """Show the question (GET), then run the act on each of `rows` that was ticked.

        `back`: the address of the list, where the form does not send that of its page.
        """
        asked = request.POST if request.method == "POST" else request.GET
        keys = {whole_number(key) for key in asked.getlist("ligne")}
        back = local_address(request, asked.get("retour", "")) or back
        if not keys:
            messages.warning(request, _("Cochez d’abord les lignes concernées."))
            return redirect(back)
        act = self.acts.get(asked.get("acte", ""))
        if not isinstance(act, BulkAct) or len(keys) > LONG_PAGE:
            raise Http404
        form = act.form(posted(request)) if act.form else None
        user: Any = request.user
        if request.method == "POST" and (form is None or form.is_valid()):
            data = form.cleaned_data if form else {}
            self.first(chosen(rows, keys))
            outcome = Outcome.of(chosen(rows, keys, is_locked=True), lambda row: act.action(row, user, data))
            if outcome.done:
                act.then(outcome.done, user)
                return self.redirect_after(request, act, outcome, back)
        else:
            outcome = Outcome.of(chosen(rows, keys), lambda row: act.check(user, row))
        return self.question_page(request, act, form, outcome, back)

    def redirect_after(
        self, request: HttpRequest, act: BulkAct[Row], outcome: Outcome[Row], back: str
    ) -> HttpResponse:
        messages.success(request, act.success_message(len(outcome.done)))
        if refusals := self.refusal_lines(outcome):
            messages.warning(request, _("Rien n’a changé pour : %(rows)s") % {"rows": " ".join(refusals)})
        return redirect(back)

    def question_page(
        self, request: HttpRequest, act: BulkAct[Row], form: BaseForm | None, outcome: Outcome[Row], back: str
    ) -> HttpResponse:
        if outcome.is_forbidden:
            raise PermissionDenied
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
        context = {
            "act": act,
            "key": next(key for key, each in self.acts.items() if each is act),
            "title": self.count(len(outcome.open) or len(outcome.refused)),
            "rows": [(row.pk, self.name(row)) for row in outcome.open],
            "refused": self.refusal_lines(outcome),
            "consequences": act.consequences_of(outcome.open),
            "form": form if outcome.open else None,
            "back": back,
        }
        return render(
            request, "ui/bulk_confirmation.html", context, status=status if outcome.open else HTTPStatus.CONFLICT
        )

    def refusal_lines(self, outcome: Outcome[Row]) -> list[str]:
        return [f"{self.name(row)}\u00a0: {refusal_message(refusal)}" for row, refusal in outcome.refused]


def chosen[Row: Model](rows: QuerySet[Row], keys: set[int], *, is_locked: bool = False) -> list[Row]:
    """Return the rows of these keys, in the order of the keys (docs/locks.md); raise Http404 if one is missing."""
    if is_locked:
        every = rows.model._base_manager.filter(pk__in=keys).order_by("pk")
        list(every.select_for_update(of=("self",), no_key=True).values_list("pk"))
    matches = list(rows.filter(pk__in=keys).order_by("pk"))
    if len(matches) < len(keys):
        raise Http404
    return matches

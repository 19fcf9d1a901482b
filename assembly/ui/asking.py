"""A question before an act that has no step of its own: GET asks, with what follows in figures, POST acts.

    @asks_first(lambda request, pk: Question(_("Retirer ce rôle ?"), _("Retirer"), back=…, lines=[…]))
    def role_end(request, pk): …

The page that leads there shows `ui/ask.html`, which opens the question as a dialog.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assembly.ui.words import Label


@dataclass(frozen=True)
class Question:
    """`title`: with the number in it where there is one. `label`: the verb. `back`: where giving up leads. `lines`:
    what follows, for how many. `danger`: it cannot be taken back. `about`: the row, from which the page takes its
    term."""

    title: Label
    label: Label
    back: str
    lines: Sequence[Label] = ()
    danger: bool = False
    about: Model | None = None


def ask(request: HttpRequest, question: Question, fields: Sequence[tuple[str, object]] = ()) -> HttpResponse:
    """The page of the question. It sends to the address at which it is asked."""
    context = {"question": question, "action": request.get_full_path(), "fields": fields, "row": question.about}
    return render(request, "ui/asked.html", context)


def asks_first[**Arguments](
    question: Callable[Arguments, Question],
) -> Callable[[Callable[Arguments, HttpResponse]], Callable[Arguments, HttpResponse]]:
    """`question` takes what the view takes, and raises what the view would raise before it acts: 404, 403, 409."""

    def wrap(view: Callable[Arguments, HttpResponse]) -> Callable[Arguments, HttpResponse]:
        @wraps(view)
        def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            request = args[0]
            if not isinstance(request, HttpRequest) or request.method == "POST":
                return view(*args, **kwargs)
            return ask(request, question(*args, **kwargs))

        run.is_question = True  # type: ignore[attr-defined]  # -- read by the filter of that name, through any wrapper
        return require_http_methods(["GET", "HEAD", "POST"])(run)

    return wrap

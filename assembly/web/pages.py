"""Confirmation page before an act that is no step of a workflow: GET shows it with the consequences, POST acts.

    @confirm_first(lambda request, pk: Question(_("Retirer ce rôle ?"), _("Retirer"), back=…, consequences=[…]))
    def role_end(request, pk): …

The page that links there includes `ui/confirm_link.html`, which opens the question as a dialog.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assembly.text.french import Label


@dataclass(frozen=True)
class Question:
    """Content of a confirmation page.

    `title`: with the number in it where there is one. `label`: the verb of the button. `back`: the address for giving
    up. `consequences`: what follows, with how many rows they concern. `danger`: the act cannot be undone. `about`: the
    row from which the page takes its term.
    """

    title: Label
    label: Label
    back: str
    consequences: Sequence[Label] = ()
    danger: bool = False
    about: Model | None = None


def confirmation_page(
    request: HttpRequest, question: Question, fields: Sequence[tuple[str, object]] = ()
) -> HttpResponse:
    """Render the page of the question; its form posts to the address of the page itself."""
    context = {"question": question, "action": request.get_full_path(), "fields": fields, "row": question.about}
    return render(request, "ui/confirmation.html", context)


def confirm_first[**Arguments](
    question: Callable[Arguments, Question],
) -> Callable[[Callable[Arguments, HttpResponse]], Callable[Arguments, HttpResponse]]:
    """Show a question before the view acts.

    `question` takes the arguments of the view, and raises what the view would raise before it acts: 404, 403, 409.
    """

    def wrap(view: Callable[Arguments, HttpResponse]) -> Callable[Arguments, HttpResponse]:
        @wraps(view)
        def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            request = args[0]
            if not isinstance(request, HttpRequest) or request.method == "POST":
                return view(*args, **kwargs)
            return confirmation_page(request, question(*args, **kwargs))

        run.is_question = True  # type: ignore[attr-defined]  # -- read by the filter of that name, through any wrapper
        return require_http_methods(["GET", "HEAD", "POST"])(run)

    return wrap

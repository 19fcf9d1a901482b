"""Pages that are no step of a workflow: a form and its one action, and the question before an act.

`form_page` answers 200 for the form, 422 for a form in error or a refusal of the action (a ValidationError), 409 for a
versioned save that came too late, a redirect for success. The view checks the right (403) and the state (409) before.

`confirm_first` shows a page with the consequences on GET; POST acts:

    @confirm_first(lambda request, pk: Question(_("Retirer ce rôle ?"), _("Retirer"), back=…, consequences=[…]))
    def role_end(request, pk): …

The page that links there includes `ui/confirm_link.html`, which opens the question as a dialog.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assembly.text.french import Label
from assembly.web.errors import EditConflict
from assembly.web.versioned import Difference, attempt

type Context = Mapping[str, Any]


def form_page[T](
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], T],
    *,
    template: str,
    to: str | Callable[[T], str],
    success_message: Label | Callable[[T], str] = "",
    context: Context | Callable[[], Context] | None = None,
    field: str | None = None,
    compare: Callable[[EditConflict], Sequence[Difference]] | None = None,
) -> HttpResponse:
    """Show `form` (made with `posted(request)`), or run `act(form.cleaned_data)` and show the message.

    `to`: the address of the redirect; a function takes what the action returned, as does `success_message`. `context`:
    variables of `template` besides `form`; a function is only called where the page is shown. `field`: where a refusal
    of the action is shown, if its code names none. `compare`: for a versioned save (`assembly.web.versioned`).
    """
    tried = attempt(form, lambda version: act(form.cleaned_data), compare=compare, field=field)
    if not tried.is_saved:
        shown = context() if callable(context) else context or {}
        return render(request, template, {"form": form, **shown}, status=tried.status)
    result: Any = tried.saved
    if message := success_message(result) if callable(success_message) else success_message:
        messages.success(request, str(message))
    return redirect(to(result) if callable(to) else to)


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

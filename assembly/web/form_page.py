"""Page of a form and its one action: the answer of every page that is no step of a workflow.

200 for the form, 422 for a form in error or a refusal of the action (a ValidationError), 409 for a versioned save that
came too late, a redirect for success. The view checks the right (403) and the state (409) before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

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

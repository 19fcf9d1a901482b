"""Decision on several answers at once by the president’s office, each as it was read: all of them or none."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from answers.cases.actions import deciding
from answers.models import AnswerCase
from answers.views.directorate_steps import read_answer
from answers.workflows import ANSWER
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.enums import Role
from assembly.institution.rules import has_role
from assembly.text.untrusted_input import whole_number
from assembly.web.pagination import LONG_PAGE


def chosen_cases(request: UserRequest) -> list[AnswerCase]:
    """Return the ticked cases, in the order of the page; raise 404 if the reader does not see one of them."""
    params = request.POST if request.method == "POST" else request.GET
    keys = {whole_number(key) for key in params.getlist("ligne")}
    rows = AnswerCase.objects.visible_to(request.user).with_dossier().filter(pk__in=keys)
    cases = list(rows.order_by("due_on", "pk"))
    if len(cases) < len(keys) or len(keys) > LONG_PAGE:
        raise Http404
    return cases


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def directorate_decide(request: UserRequest) -> HttpResponse:
    """Show the answers, then decide them; one that changed meanwhile stops them all and is named."""
    if not has_role(request.user, Role.PRESIDENT):
        raise PermissionDenied
    cases = chosen_cases(request)
    if not cases:
        messages.warning(request, _("Cochez d’abord les réponses à décider."))
        return redirect("answers:directorate-list")
    for case in cases:
        ANSWER.check(request.user, case, "decide")
    refused: list[str] = []
    status = 200
    if request.method == "POST":
        pairs = [(case, whole_number(request.POST.get(f"version-{case.pk}", ""))) for case in cases]
        try:
            count = deciding.decide_all(pairs, by=request.user)
        except ValidationError as error:
            refused, status = error.messages, 409 if getattr(error, "code", None) == "changed" else 422
        else:
            message = ngettext("%(n)s réponse est décidée.", "%(n)s réponses sont décidées.", count) % {"n": count}
            messages.success(request, message)
            return redirect("answers:directorate-list")
    title = ngettext("Décider cette réponse ?", "Décider ces %(n)s réponses ?", len(cases)) % {"n": len(cases)}
    context = {"title": title, "answers": [read_answer(case) for case in cases], "refused": refused}
    return render(request, "answers/cases/directorate_decide.html", context, status=status)

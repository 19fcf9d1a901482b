"""Rating of an answer by a member, for clarity and fidelity."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from answers.actions import ratings as actions
from answers.models import Answer, AnswerCase
from answers.queries.ratings import my_rating
from answers.rules.ratings import is_assembly_member
from answers.voice.forms import RatingForm
from assembly.identity.http import UserRequest
from assembly.web.errors import StateConflict
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable


@repeatable("its key would tell who rated; the last rating stands")
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for both marks in one form, which also explains the pseudonym and how and when ratings are published."""
    case = AnswerCase.objects.with_dossier().filter(answers__pk=pk, answers__published_at__isnull=False).first()
    if case is None or not is_assembly_member(request.user, case):
        raise Http404
    answer = case.answers.get(pk=pk)
    answer.case = case
    if not Answer.objects.standing().filter(pk=pk).exists():
        raise StateConflict(answer, "rate")
    own = my_rating(request.user, answer)
    initial = {"clarity": own.clarity, "fidelity": own.fidelity} if own else {}
    back = reverse("answers:thread", args=[case.reference])
    return form_page(
        request,
        RatingForm(posted(request), initial=initial),
        lambda data: actions.rate(answer, **data, by=request.user),
        template="answers/voice/rate.html",
        context={"answer": answer, "case": case, "own": own, "back": back},
        success_message=_("Votre note est gardée. Vous pouvez la changer tant que cette réponse tient."),
        to=back,
    )

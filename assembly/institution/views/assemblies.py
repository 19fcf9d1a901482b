"""Views of terms and territory: the term a person works in, the steps of each term, the list of cantons."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import queries, rules
from assembly.institution.actions import terms as actions
from assembly.institution.current_term import led_assembly
from assembly.institution.enums import Role, TermState
from assembly.institution.forms import NewTermForm
from assembly.institution.models import Term
from assembly.institution.page_term import CHOSEN, without_term
from assembly.institution.workflow import TERM
from assembly.text.untrusted_input import local_address
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.path import PathStep, path_of


@require_POST
def term_choose(request: UserRequest) -> HttpResponse:
    """Store the term chosen in the switcher, and redirect to the page it was chosen from."""
    asked = request.POST.get("term", "")
    if asked not in {str(term.pk) for term in queries.current_terms(request.user)}:
        raise Http404
    request.session[CHOSEN] = int(asked)
    back = without_term(local_address(request, request.POST.get("next", "")))
    return redirect(back or "portal:area")


@require_safe
def term_list(request: UserRequest) -> HttpResponse:
    terms = [
        {"term": term, "mine": rules.is_lead(request.user, term)}
        for term in Term.objects.filter(assembly=led_assembly(request))
    ]
    return render(request, "institution/term_list.html", {"terms": terms})


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def term_create(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    return form_page(
        request,
        NewTermForm(posted(request)),
        lambda data: actions.create(assembly, by=request.user, **data),
        template="institution/term_form.html",
        success_message=_("La mandature est créée. Vous en êtes responsable."),
        to=lambda term: reverse("institution:term", args=[term.pk]),
    )


def led_term(request: UserRequest, pk: int) -> Term:
    return get_object_or_404(Term.objects.filter(pk__in=rules.term_ids(request.user, Role.LEAD)), pk=pk)


def _path(term: Term) -> list[PathStep]:
    return path_of([(label.capitalize(), "") for label in TermState.labels], TermState.values.index(term.state))


@require_safe
def term_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of the term, its next steps and their conditions."""
    term = led_term(request, pk)
    context = {
        "term": term,
        "steps": STEPS.links(request, term),
        "path": _path(term),
    }
    return render(request, "institution/term.html", context)


def state_sentence(term: Term) -> str:
    return _("C’est noté : la mandature est maintenant « %(state)s ».") % {"state": term.get_state_display()}


def seats_sentence(term: Term) -> str:
    return ngettext("%(n)s siège est à pourvoir.", "%(n)s sièges sont à pourvoir.", term.seats) % {"n": term.seats}


STEPS = StepPages(
    TERM,
    name="institution:term-step",
    fetch=led_term,
    back=lambda request, term: reverse("institution:term", args=[term.pk]),
    eyebrow=lambda term: term.name,
)
STEPS.bind("success_message", dict.fromkeys(STEPS.pages, state_sentence))
STEPS.bind(
    "consequences",
    {
        "recruit": lambda term: [seats_sentence(term), _("L’appel s’ouvre au public par sa propre page.")],
        "draw": lambda term: [seats_sentence(term)],
    },
)

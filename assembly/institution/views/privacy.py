"""Views of the data protection officer in the back office: `/bureau/donnees/`."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity import actions as identity
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.personal_data import registry
from assembly.identity.queries import stored_about
from assembly.institution import queries, rules
from assembly.institution.actions import privacy as actions
from assembly.institution.forms import ErasureAnswerForm, ErasureNoteForm
from assembly.text.french import of_name
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.pagination import keyset_page

MOST_PEOPLE = 20


@require_safe
def erasure_list(request: UserRequest) -> HttpResponse:
    """Show the requests, people for whom one can be recorded, and what retention will erase tonight."""
    if not rules.can_answer_erasure(request.user):
        raise PermissionDenied
    query = request.GET.get("q", "").strip()[:80]
    due = identity.count_due()
    context = {
        "page": keyset_page(queries.erasures_for(request.user), request, ordering=("-asked_at", "-pk")),
        "query": query,
        "people": queries.people_known_to(request.user, query)[:MOST_PEOPLE] if query else [],
        "due": [(rule.label, due[rule.key]) for rule in registry.retentions.values()],
    }
    return render(request, "institution/erasure_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def erasure_note(request: UserRequest, pk: int) -> HttpResponse:
    """Record a request that came by letter or telephone."""
    person = get_object_or_404(queries.people_known_to(request.user, ""), pk=pk)
    return form_page(
        request,
        ErasureNoteForm(posted(request)),
        lambda data: actions.note(person, by=request.user, **data),
        template="institution/erasure_note.html",
        context={"person": person},
        success_message=_("La demande est notée."),
        to=lambda asked: reverse("institution:erasure", args=[asked.pk]),
    )


@require_safe
def erasure(request: UserRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(queries.erasures_for(request.user), pk=pk)
    context = {"asked": asked, "kinds": stored_about(asked.person), "form": ErasureAnswerForm()}
    return render(request, "institution/erasure.html", context)


def _erasure_question(request: UserRequest, pk: int) -> Question:
    asked = get_object_or_404(queries.erasures_for(request.user), pk=pk)
    if not rules.can_answer_erasure(request.user) or request.user.person_id == asked.person_id:
        raise PermissionDenied
    kinds = [f"{kind['name'].capitalize()}\u00a0: {kind['count']}" for kind in stored_about(asked.person)]
    lines = [_("Les noms, adresses et textes libres s’effacent, l’accès se ferme. C’est sans retour."), *kinds]
    title = _("Effacer les données %(of_name)s ?") % {"of_name": of_name(asked.person.full_name)}
    return Question(title, _("Effacer maintenant"), reverse("institution:erasure", args=[pk]), lines, danger=True)


@confirm_first(_erasure_question)
@recently_authenticated
def erasure_fulfil(request: UserRequest, pk: int) -> HttpResponse:
    actions.fulfil(get_object_or_404(queries.erasures_for(request.user), pk=pk), by=request.user)
    messages.success(request, _("Les données de la personne sont effacées."))
    return redirect("institution:erasure", pk)


@require_POST
@recently_authenticated
def erasure_refuse(request: UserRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(queries.erasures_for(request.user), pk=pk)
    return form_page(
        request,
        ErasureAnswerForm(request.POST),
        lambda data: actions.refuse(asked, by=request.user, **data),
        template="institution/erasure.html",
        context=lambda: {"asked": asked, "kinds": stored_about(asked.person)},
        success_message=_("La réponse est donnée. La personne la lit sur sa page."),
        to=reverse("institution:erasure", args=[pk]),
    )

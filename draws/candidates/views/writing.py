"""What the team writes to candidates about their candidature: the text, what each will read, a trial, the departure.

No draft is stored: the pages hand the text and the frozen candidates, signed, from one to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assembly.correspondence.registry import TICKED
from assembly.correspondence.rules import ASK_PROOF_ABOVE
from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.institution.models import Term
from assembly.institution.pages import working_term
from assembly.web.forms import whole_number
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from draws.calls.rules import can_see_candidates
from draws.candidates import actions
from draws.candidates.forms import CandidateTextForm, SendCandidateTextForm
from draws.candidates.lists import CANDIDATES
from draws.candidates.models import CandidateQuerySet
from draws.candidates.queries import reachable

FROZEN = Signer(salt="draws.candidates.writing")


@dataclass(frozen=True)
class Writing:
    """Candidates of an address: the filters of the list, or the ticked rows; how many of them no mail may reach."""

    term: Term
    query: QueryDict
    rows: CandidateQuerySet
    unreachable: int
    name: str

    @property
    def address(self) -> str:
        """Return the address parameters that stand for the same candidates."""
        return self.query.urlencode()

    @property
    def back(self) -> str:
        ticked = TICKED in self.query
        return CANDIDATES.url if ticked or not self.address else f"{CANDIDATES.url}?{self.address}"


def writing_of(request: UserRequest, keys: list[int] | None = None) -> Writing:
    """Return the candidates of the address, or those that were frozen under these keys."""
    term, query = working_term(request, can_see_candidates), request.GET
    form = CANDIDATES.form(request.user, term, query)
    rows: Any = CANDIDATES.filtered_rows(request.user, term, form)
    name = CANDIDATES.title_with(form)
    if ticked := query.getlist(TICKED):
        rows = CANDIDATES.rows(request.user, term).filter(pk__in={whole_number(key) for key in ticked})
        name = _("%(list)s, lignes choisies") % {"list": CANDIDATES.title}
    if keys is not None:
        rows = CANDIDATES.rows(request.user, term).filter(pk__in=keys)
    reached = reachable(rows).order_by("number")
    return Writing(term, query, reached, rows.count() - reached.count(), name)


def frozen_keys(data: Mapping[str, Any]) -> list[int] | None:
    """Return the keys of the candidates that a page froze; raise Http404 for altered ones."""
    if not data.get("people"):
        return None
    try:
        keys: list[int] = FROZEN.unsign_object(data["people"])
    except BadSignature as altered:
        raise Http404 from altered
    return keys


@repeatable("it shows what would leave and writes nothing")
@require_http_methods(["GET", "HEAD", "POST"])
def candidates_write(request: UserRequest) -> HttpResponse:
    """Ask for the text, then show what each candidate would read."""
    sent = request.POST if request.method == "POST" else None
    form = CandidateTextForm(sent)
    if sent is not None and "corriger" not in sent and form.is_valid():
        return preview_page(request, SendCandidateTextForm(initial={"text": form.cleaned_data["text"]}))
    status = 422 if sent is not None and not form.is_valid() else 200
    writing = writing_of(request)
    context = {"form": form, "writing": writing, "count": writing.rows.count()}
    return render(request, "draws/candidates/write.html", context, status=status)


def writing_context(request: UserRequest, form: SendCandidateTextForm) -> dict[str, Any]:
    """Return what the page shows before the departure: how many, who they are, what one of them would read."""
    writing = writing_of(request, frozen_keys(request.POST))
    keys = list(writing.rows.values_list("pk", flat=True))
    place = min(max(whole_number(request.POST.get("personne", "")), 1), max(len(keys), 1))
    return {
        "form": form,
        "text": form["text"].value(),
        "writing": writing,
        "people": FROZEN.sign_object(keys, compress=True),
        "count": len(keys),
        "person": writing.rows[place - 1 : place].first() if keys else None,
        "place": place,
        "before": place - 1,
        "after": place + 1 if place < len(keys) else 0,
    }


def preview_page(request: UserRequest, form: SendCandidateTextForm) -> HttpResponse:
    return render(request, "draws/candidates/write_check.html", writing_context(request, form))


@repeatable("a second trial to oneself harms nobody; the relay is waited for without a connection")
@require_POST
def candidates_write_trial(request: UserRequest) -> HttpResponse:
    """Send what the first candidate would read to the reader alone, without the personal link."""
    form = CandidateTextForm(request.POST)
    writing = writing_of(request, frozen_keys(request.POST))
    first = writing.rows.first()
    if not form.is_valid() or first is None:
        return redirect(f"{reverse('draws:candidates-write')}?{writing.address}")
    if actions.send_text_trial(first, form.cleaned_data["text"], by=request.user):
        messages.success(request, _("Un essai est parti à %(email)s.") % {"email": request.user.email})
    else:
        messages.error(
            request, _("Le serveur de courriel n’a pas pris le message. Prévenez l’administration technique.")
        )
    return preview_page(request, SendCandidateTextForm(initial={"text": form.cleaned_data["text"]}))


def send_to_candidates(request: UserRequest) -> HttpResponse:
    form = SendCandidateTextForm(request.POST)
    writing = writing_of(request, frozen_keys(request.POST) or [])
    return form_page(
        request,
        form,
        lambda data: actions.write_to_candidates(
            writing.term, list(writing.rows), data["text"], send_at=data["send_at"], by=request.user
        ),
        template="draws/candidates/write_check.html",
        context=lambda: writing_context(request, form),
        success_message=lambda n: (
            ngettext("%(n)s courriel est en cours d’envoi.", "%(n)s courriels sont en cours d’envoi.", n) % {"n": n}
        ),
        to=writing.back,
    )


SEND_WITH_PROOF = recently_authenticated_to_write(send_to_candidates)


@require_POST
def candidates_write_send(request: UserRequest) -> HttpResponse:
    """Send to the candidates whom the page froze; to many, with a recent proof of identity."""
    view = SEND_WITH_PROOF if len(frozen_keys(request.POST) or []) > ASK_PROOF_ABOVE else send_to_candidates
    return view(request)

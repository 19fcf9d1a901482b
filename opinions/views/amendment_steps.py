"""Each step of an amendment in the bureau as a page: a question, sometimes a form, then one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.ui.forms import posted
from assembly.workflow import StateConflict
from opinions.actions import amendment_check, amendment_debate
from opinions.forms.amendments import MergeForm, RapporteurViewForm, ReasonForm
from opinions.models import Amendment
from opinions.queries import amendments as queries
from opinions.rules import amendments as rules
from opinions.rules.opinions import can_see_desk
from sessions.forms.decisions import CountForm, refuse
from sessions.models import Ballot
from sessions.views.decisions import led_here

Run = Callable[[Amendment, User, Any], Any]


@dataclass(frozen=True)
class Step:
    """`verb` asks the rules; `form` makes the page's form; `run` gets the amendment, who acts and the form.

    What `decides` leads back to the order of call, if one came from it.
    """

    verb: str
    label: Any
    title: Any
    run: Run
    done: Any
    form: Callable[[Amendment, Any, User], Any] | None = None
    lines: tuple[Any, ...] = ()
    is_first: bool = False
    decides: bool = False
    danger: bool = False

    def may(self, user: User, amendment: Amendment) -> bool:
        return is_team(user, amendment.version.opinion.term_id) and rules.can_take(user, amendment, self.verb)


def reason_form(amendment: Amendment, data: Any, user: User) -> ReasonForm:
    return ReasonForm(data)


def view_form(amendment: Amendment, data: Any, user: User) -> RapporteurViewForm:
    return RapporteurViewForm(data, initial={"stance": amendment.view_stance, "text": amendment.view_text})


def merge_form(amendment: Amendment, data: Any, user: User) -> MergeForm:
    return MergeForm(data, others=queries.mergeable(amendment))


def count_form(amendment: Amendment, data: Any, user: User) -> CountForm:
    """The sheet of any vote; the ballot itself is made when its numbers are right."""
    item = amendment.version.opinion.agenda_item
    if item is None:
        raise StateConflict(amendment, "adopt")
    sheet = Ballot(agenda_item=item)
    return CountForm(data, ballot=sheet, initial=CountForm.initial_for(sheet, user.person.full_name)).tell_present()


def give_view(amendment: Amendment, by: User, form: Any) -> None:
    amendment_check.give_view(amendment, by=by, **form.cleaned_data)


def with_reason(act: Callable[..., Any]) -> Run:
    return lambda amendment, by, form: act(amendment, reason=form.cleaned_data["reason"], by=by)


def merge(amendment: Amendment, by: User, form: Any) -> None:
    data = form.cleaned_data
    amendment_check.merge(amendment, data["into"], reason=data["reason"], by=by)


def vote(amendment: Amendment, by: User, form: Any) -> None:
    amendment_debate.vote(amendment, form.count(), by=by, **form.facts())


STEPS: Mapping[str, Step] = {
    "recevable": Step(
        "admit",
        _("Déclarer recevable"),
        _("Cet amendement est-il recevable ?"),
        lambda amendment, by, form: amendment_check.admit(amendment, by=by),
        _("L’amendement est recevable."),
        lines=(_("Seule la forme compte : déposé à temps, sur un passage du texte, dans le sujet."),),
        is_first=True,
    ),
    "irrecevable": Step(
        "refuse",
        _("Déclarer irrecevable"),
        _("Pourquoi cet amendement n’est-il pas recevable ?"),
        with_reason(amendment_check.refuse),
        _("L’amendement est irrecevable ; son auteur lira pourquoi."),
        reason_form,
        danger=True,
    ),
    "reprendre": Step(
        "check_again",
        _("Reprendre la vérification"),
        _("Vérifier de nouveau ?"),
        lambda amendment, by, form: amendment_check.check_again(amendment, by=by),
        _("La vérification est à refaire."),
        lines=(_("La réponse donnée et l’avis du rapporteur sont effacés."),),
    ),
    "avis": Step(
        "give_view",
        _("Noter l’avis du rapporteur"),
        _("Que dit le rapporteur ?"),
        give_view,
        _("L’avis du rapporteur est noté."),
        view_form,
        lines=(_("Il sera montré comme noté par l’équipe."),),
    ),
    "appeler": Step(
        "call",
        _("Appeler"),
        _("La présidence appelle cet amendement ?"),
        lambda amendment, by, form: amendment_debate.call(amendment, by=by),
        _("L’amendement est en discussion."),
        is_first=True,
    ),
    "voter": Step(
        "adopt",
        _("Noter le vote"),
        _("Combien de voix ?"),
        vote,
        _("Le vote est noté."),
        count_form,
        lines=(_("Deux personnes comptent les mains levées. Le résultat s’écrit dans le compte rendu."),),
        is_first=True,
        decides=True,
    ),
    "sans-opposition": Step(
        "adopt",
        _("Adopté sans opposition"),
        _("Personne ne s’oppose à cet amendement ?"),
        lambda amendment, by, form: amendment_debate.consent(amendment, by=by),
        _("L’amendement est adopté sans opposition."),
        lines=(_("La présidence a demandé qui est contre ; personne n’a levé la main."),),
        decides=True,
    ),
    "corriger": Step(
        "correct",
        _("Corriger le résultat"),
        _("Pourquoi corriger le résultat ?"),
        with_reason(amendment_debate.correct),
        _("L’amendement est de nouveau en discussion."),
        reason_form,
        lines=(_("Le texte amendé est refait. Ce qui est tombé peut être rétabli par la responsable de la mission."),),
        danger=True,
    ),
    "tomber": Step(
        "fall",
        _("Noter qu’il tombe"),
        _("Pourquoi cet amendement n’a-t-il plus d’objet ?"),
        with_reason(amendment_debate.fall),
        _("L’amendement est tombé."),
        reason_form,
    ),
    "retablir": Step(
        "restore",
        _("Rétablir"),
        _("Pourquoi rétablir cet amendement ?"),
        with_reason(amendment_debate.restore),
        _("L’amendement est de nouveau à appeler."),
        reason_form,
        is_first=True,
    ),
    "fusionner": Step(
        "merge",
        _("Fusionner avec un autre"),
        _("Avec quel amendement le fusionner ?"),
        merge,
        _("Les deux amendements n’en font plus qu’un."),
        merge_form,
        lines=(_("Son auteur et ses cosignataires signent l’autre."),),
    ),
}


def way(request: UserRequest) -> str:
    """What keeps the way back in an address, if one came from the order of call."""
    back = led_here(request)
    return way_back(back) if back else ""


def way_back(address: str) -> str:
    return f"?{urlencode({'retour': address}, safe='/')}"


def page_of(request: UserRequest, amendment: Amendment) -> str:
    return reverse("opinions:amendment", args=[amendment.pk]) + way(request)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    if slug not in STEPS:
        raise Http404
    amendment = get_object_or_404(queries.dossier(request.user), pk=pk)
    found = STEPS[slug]
    if not is_team(request.user, amendment.version.opinion.term_id):
        raise PermissionDenied if can_see_desk(request.user, amendment.version.opinion.term_id) else Http404
    if not rules.holds_right(request.user, amendment, found.verb):
        raise PermissionDenied
    if not found.may(request.user, amendment):
        raise StateConflict(amendment, found.verb)
    return step_page(request, amendment, found)


def step_page(request: UserRequest, amendment: Amendment, found: Step) -> HttpResponse:
    form = found.form(amendment, posted(request), request.user) if found.form else None
    error = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            found.run(amendment, request.user, form)
        except ValidationError as refused:
            error = refuse(form, refused)
        else:
            messages.success(request, found.done)
            return redirect((found.decides and led_here(request)) or page_of(request, amendment))
    context = {
        "amendment": amendment,
        "opinion": amendment.version.opinion,
        "found": found,
        "form": form,
        "error": error,
        "back": page_of(request, amendment),
    }
    return render(request, "opinions/amendment_step.html", context, status=422 if request.method == "POST" else 200)

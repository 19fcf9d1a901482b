"""What the team writes for a member: corrections, and what came from paper or telephone, « au nom de »."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.ui.forms import posted
from members import queries, rules
from members.actions import agreements, data
from members.forms import CorrectionForm, ImageReceivedForm, NeedReceivedForm, ReceivedForm, contact_initial
from members.models import AccommodationNeed, Mandate, NameChangeRequest
from members.views.mandates import mandate_for


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_correct(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    form = CorrectionForm(posted(request), term=mandate.term, initial=member_initial(mandate))
    if form.is_bound and form.is_valid():
        person, member = form.split()
        try:
            received = form.cleaned_data["received"]
            done = data.correct(mandate, by=request.user, person=person, member=member, channel=received)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Les corrections sont notées.") if done else _("Rien n’a changé."))
            return redirect("members:member-page", mandate.pk)
    login = User.objects.filter(person=mandate.member.person_id).values_list("email", flat=True).first()
    return render(request, "members/member_correct.html", {"mandate": mandate, "form": form, "login": login})


def member_initial(mandate: Mandate) -> dict[str, object]:
    member = mandate.member
    person = member.person
    own = {name: getattr(member, name) for name in ("civility", "gender", "birth_year", "canton")}
    return {"first_name": person.first_name, "last_name": person.last_name, **own, **contact_initial(person)}


@require_http_methods(["GET", "HEAD", "POST"])
def member_charter(request: UserRequest, pk: int) -> HttpResponse:
    """Note that the charter was accepted on paper or by telephone."""
    mandate = mandate_for(request, pk)
    version = queries.charter_in_force(mandate.term_id)
    if version is None or not rules.can_manage(request.user, mandate.term_id):
        raise PermissionDenied
    form = ReceivedForm(posted(request))
    if form.is_bound and form.is_valid():
        on, channel = form.cleaned_data["on"], form.cleaned_data["received"]
        agreements.accept_charter(mandate.member, version, by=request.user, on=on, channel=channel)
        messages.success(request, _("L’acceptation de la charte est notée."))
        return redirect("members:member-page", mandate.pk)
    return render(request, "members/member_charter.html", {"mandate": mandate, "form": form, "version": version})


@require_http_methods(["GET", "HEAD", "POST"])
def member_image(request: UserRequest, pk: int) -> HttpResponse:
    """Note answers on the use of the image, from paper or telephone."""
    mandate = mandate_for(request, pk)
    known = queries.image_answers(mandate.member)
    initial = {use: "oui" if row.is_given else "non" for use, row in known.items() if row}
    form = ImageReceivedForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        on, channel = form.cleaned_data["on"], form.cleaned_data["received"]
        agreements.decide_image(
            mandate.member, form.answers(), by=request.user, term=mandate.term, on=on, channel=channel
        )
        messages.success(request, _("Les réponses sont notées."))
        return redirect("members:member-page", mandate.pk)
    return render(request, "members/member_image.html", {"mandate": mandate, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def member_need(request: UserRequest, pk: int) -> HttpResponse:
    """Note a measure to arrange."""
    mandate = mandate_for(request, pk)
    form = NeedReceivedForm(posted(request))
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("kind", "measure")}
        channel = form.cleaned_data["received"]
        try:
            agreements.record_need(mandate.member, by=request.user, term=mandate.term, channel=channel, **given)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("La mesure est notée."))
            return redirect("members:member-page", mandate.pk)
    return render(request, "members/member_need.html", {"mandate": mandate, "form": form})


@require_POST
def member_need_end(request: UserRequest, pk: int, need_pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    need = get_object_or_404(AccommodationNeed, pk=need_pk, member=mandate.member_id)
    agreements.end_need(need, by=request.user, term=mandate.term)
    messages.success(request, _("La mesure est retirée."))
    return redirect("members:member-page", mandate.pk)


@require_POST
def member_name(request: UserRequest, pk: int, request_pk: int, answer: str) -> HttpResponse:
    """Confirm or refuse a correction of the name."""
    mandate = mandate_for(request, pk)
    asked = get_object_or_404(NameChangeRequest, pk=request_pk, member=mandate.member_id)
    if answer == "confirmer":
        data.confirm_name(asked, mandate, by=request.user)
        messages.success(request, _("Le nom est corrigé."))
    else:
        data.refuse_name(asked, mandate, by=request.user)
        messages.success(request, _("Le nom reste comme il était."))
    return redirect("members:member-page", mandate.pk)

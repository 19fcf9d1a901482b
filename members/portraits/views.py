"""Pages of portraits: the member writes it, the team reads it and puts it online."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.http import UserRequest
from assembly.institution.pages import working_term
from assembly.web.forms import StyledForm, posted
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.request_bodies import takes_files
from members import rules
from members.consents.queries import image_answers
from members.enums import ImageUse
from members.models import Mandate, Member, Portrait
from members.pages import mandate_for, my_membership
from members.portraits import actions
from members.portraits.models import STATEMENT_LENGTH
from members.portraits.queries import LEAST_SHOWN, is_maybe_minor, portraits_of


class PortraitForm(StyledForm):
    photo = UploadField(
        label=gettext_lazy("Une photo"),
        kinds=["image"],
        max_size=10 * MEGABYTE,
        required=False,
        help_text=gettext_lazy(
            "Le visage au milieu. Nous la recadrons et nous effaçons le lieu et l’heure de la prise."
        ),
    )
    without_photo = forms.BooleanField(label=gettext_lazy("Retirer la photo"), required=False)
    statement = forms.CharField(
        label=gettext_lazy("Quelques mots"),
        max_length=STATEMENT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Par exemple pourquoi vous avez dit oui. Deux phrases, sans nom ni adresse."),
    )

    def __init__(self, *args: Any, portrait: Portrait | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"statement": portrait.statement if portrait else ""}, **kwargs)
        if portrait is None or portrait.photo is None:
            del self.fields["without_photo"]


class PublishForm(StyledForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    guardian = forms.CharField(
        label=gettext_lazy("Qui a signé l’accord parental ?"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Prénom, nom et lien avec la personne. Gardez l’accord signé dans son dossier."),
    )

    def __init__(self, *args: Any, portrait: Portrait, **kwargs: Any) -> None:
        initial = {"version": portrait.version, "guardian": portrait.guardian}
        super().__init__(*args, initial=initial, **kwargs)
        if not is_maybe_minor(portrait.member):
            del self.fields["guardian"]


def portrait_of(member: Member) -> Portrait | None:
    return Portrait.objects.filter(member=member).select_related("member__person", "photo").first()


def portrait_or_404(member: Member) -> Portrait:
    if (portrait := portrait_of(member)) is None:
        raise Http404
    return portrait


def portrait_context(member: Member, portrait: Portrait | None) -> dict[str, Any]:
    """Return what both pages say: the portrait, whether the member agrees, how many it takes before any is shown."""
    answer = image_answers(member)[ImageUse.WEBSITE]
    agrees = answer.is_given if answer else None
    return {"member": member, "portrait": portrait, "agrees": agrees, "least": LEAST_SHOWN}


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def my_portrait(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    portrait = portrait_of(member)
    return form_page(
        request,
        PortraitForm(posted(request), request.FILES or None, portrait=portrait),
        lambda data: actions.write_portrait(member, **written(data), by=request.user, term=term),
        template="members/portraits/my_portrait.html",
        context=lambda: portrait_context(member, portrait),
        success_message=_("C’est noté. L’équipe relit votre portrait avant de le mettre en ligne."),
        to=reverse("members:my-portrait"),
        field="statement",
    )


def written(data: dict[str, Any]) -> dict[str, Any]:
    return {"statement": data["statement"], "photo": data["photo"], "without_photo": data.get("without_photo", False)}


def delete_question(member: Member, back: str) -> Question:
    """Ask before the bytes of a photograph go for good; 404 without a portrait."""
    portrait_or_404(member)
    consequences = [_("La photo et les mots sont effacés pour de bon."), _("« Qui siège » ne les montre plus.")]
    return Question(_("Supprimer ce portrait ?"), _("Supprimer"), back, consequences, danger=True)


def my_delete_question(request: UserRequest) -> Question:
    _term, member = my_membership(request)
    return delete_question(member, reverse("members:my-portrait"))


@confirm_first(my_delete_question)
def my_portrait_delete(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    if portrait := portrait_of(member):
        actions.delete_portrait(portrait, by=request.user, term=term)
    messages.success(request, _("Votre portrait est supprimé, avec sa photo."))
    return redirect("members:my-portrait")


@require_safe
def portrait_list(request: UserRequest) -> HttpResponse:
    """List the portraits of those who sit, each with what it waits for."""
    term = working_term(request, rules.can_manage)
    mandates = Mandate.objects.filter(term=term, seat__isnull=False).order_by("pk")
    pages = dict(mandates.values_list("member", "pk"))
    rows = [(row, pages[row.member_id]) for row in portraits_of(term)]
    return render(request, "members/portraits/list.html", {"term": term, "rows": rows, "least": LEAST_SHOWN})


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def member_portrait(request: UserRequest, pk: int) -> HttpResponse:
    """Show the portrait; write for a member what came on paper or by mail."""
    mandate = mandate_for(request, pk)
    portrait = portrait_of(mandate.member)
    return form_page(
        request,
        PortraitForm(posted(request), request.FILES or None, portrait=portrait),
        lambda data: actions.write_portrait(mandate.member, **written(data), by=request.user, term=mandate.term),
        template="members/portraits/member_portrait.html",
        context=lambda: {"mandate": mandate} | portrait_context(mandate.member, portrait),
        success_message=_("Le portrait est enregistré. Relisez-le, puis mettez-le en ligne."),
        to=reverse("members:member-portrait", args=[pk]),
        field="statement",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_portrait_publish(request: UserRequest, pk: int) -> HttpResponse:
    """Read the portrait as the public will, and put it online."""
    mandate = mandate_for(request, pk)
    portrait = portrait_or_404(mandate.member)
    return form_page(
        request,
        PublishForm(posted(request), portrait=portrait),
        lambda data: actions.publish_portrait(portrait, **data, by=request.user, term=mandate.term),
        template="members/portraits/publish.html",
        context=lambda: {"mandate": mandate} | portrait_context(mandate.member, portrait),
        success_message=_("Le portrait est en ligne."),
        to=reverse("members:member-portrait", args=[pk]),
    )


@require_POST
def member_portrait_offline(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    actions.take_portrait_offline(portrait_or_404(mandate.member), by=request.user, term=mandate.term)
    messages.success(request, _("Le portrait n’est plus en ligne."))
    return redirect("members:member-portrait", pk)


def member_delete_question(request: UserRequest, pk: int) -> Question:
    mandate = mandate_for(request, pk)
    return delete_question(mandate.member, reverse("members:member-portrait", args=[pk]))


@confirm_first(member_delete_question)
def member_portrait_delete(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    if portrait := portrait_of(mandate.member):
        actions.delete_portrait(portrait, by=request.user, term=mandate.term)
    messages.success(request, _("Le portrait est supprimé, avec sa photo."))
    return redirect("members:member-portrait", pk)

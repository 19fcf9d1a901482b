"""Saved views: kept from a list, changed, opened by their link, stopped from a mail."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.models import Directorate
from assembly.ui.form_page import form_page
from assembly.ui.forms import StyledForm, posted
from assembly.ui.idempotency import repeatable
from assembly.ui.printable import check_text
from mission.registers import cells
from mission.registers import saved_views as actions
from mission.registers.declaration import Register, registers
from mission.registers.models import SavedView, ViewSubscription
from mission.registers.views.access import address, term_of
from mission.registers.views.listing import chosen_columns, filtered, list_of


class ViewForm(StyledForm):
    name = forms.CharField(label=gettext_lazy("Nom de la vue"), max_length=80, validators=[check_text])  # type: ignore[list-item]  # -- its answer is not used


class ShareForm(StyledForm):
    is_shared = forms.BooleanField(label=gettext_lazy("Partager avec l’équipe"), required=False)
    directorate = forms.ModelChoiceField(
        label=gettext_lazy("Partager avec une direction"),
        queryset=Directorate.objects.none(),
        required=False,
        help_text=gettext_lazy("Elle lit ces lignes et ces colonnes, sans pouvoir les modifier."),
    )
    weekly = forms.BooleanField(label=gettext_lazy("M’envoyer cette vue chaque lundi"), required=False)
    is_gone = forms.BooleanField(label=gettext_lazy("Supprimer cette vue"), required=False)

    def __init__(self, *args: Any, view: SavedView, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            choices = Directorate.objects.filter(assembly=view.assembly_id, closed_on=None)
            self.fields["directorate"].queryset = choices  # type: ignore[attr-defined]  # -- a model choice
        else:
            for name in ("is_shared", "directorate", "is_gone"):
                del self.fields[name]


@require_http_methods(["GET", "HEAD", "POST"])
def view_save(request: UserRequest, register: Register) -> HttpResponse:
    """Keep the list of this address under a name."""
    term = term_of(request, register)
    query = actions.kept_query(request.GET)
    return form_page(
        request,
        ViewForm(posted(request)),
        lambda data: actions.save_view(register, term, by=request.user, name=data["name"], query=query),
        template="mission/view_form.html",
        context={"register": register, "title": _("Enregistrer cette vue"), "back": f"{address(register)}?{query}"},
        done=gettext_lazy("La vue est enregistrée."),
        to=lambda view: address(register, "view", view.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request: UserRequest, register: Register, pk: int) -> HttpResponse:
    """With whom it is shared, its link, and whether it comes by mail."""
    term = term_of(request, register)
    view = get_object_or_404(actions.views_of(register, request.user, term).select_related("term"), pk=pk)
    is_own = view.created_by_id == request.user.pk
    has_mail = ViewSubscription.objects.filter(view=view, user=request.user).exists()
    start = {"is_shared": view.is_shared, "directorate": view.directorate_id, "weekly": has_mail}

    def save(data: dict[str, Any]) -> str:
        if data.get("is_gone"):
            actions.delete_view(view, by=request.user)
            return address(register)
        if is_own:
            shared = {name: data[name] for name in ("is_shared", "directorate")}
            actions.share_view(view, by=request.user, **shared)
        actions.subscribe(view, by=request.user, wanted=data["weekly"])
        return f"{address(register)}?{view.query}"

    return form_page(
        request,
        ShareForm(posted(request), view=view, is_own=is_own, initial=start),
        save,
        template="mission/view_form.html",
        context={
            "register": register,
            "title": view.name,
            "back": f"{address(register)}?{view.query}",
            "link": request.build_absolute_uri(reverse("mission:view-open", args=[view.token])),
        },
        done=gettext_lazy("C’est noté."),
        to=lambda address: address,
    )


@require_safe
def view_open(request: UserRequest, token: str) -> HttpResponse:
    """The link of a view: the list itself for the team, its rows alone for a directorate."""
    view = actions.view_behind(token, request.user)
    if view is None:
        raise Http404
    register, asked = registers[view.register], QueryDict(view.query, mutable=True)
    if register.can_enter(request.user, view.term):
        return redirect(f"{address(register)}?{view.query}")
    for name in ("apres", "avant"):
        if name in request.GET:
            asked[name] = request.GET[name]
    columns = chosen_columns(register, asked)
    _form, rows = filtered(register, view.created_by, view.term, asked)
    listing = list_of(register, columns)
    shown: Any = request
    shown.GET = asked
    page = listing.page(shown, rows.for_screen())  # type: ignore[attr-defined]  # -- of every register's manager
    context = {
        "view": view,
        "register": register,
        "columns": columns,
        "list": page,
        "rows": [[(page.cell[column.key], cells.list_cell(column, row)) for column in columns] for row in page.page],
    }
    return render(request, "mission/view_shared.html", context)


@repeatable("RFC 8058: a mail program posts it without a page; saying no twice is saying no")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token is the whole right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more mail of this view, by one click."""
    if actions.subscription_behind(token) is None:
        return render(request, "mission/view_stop.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        actions.stop(token)
    return render(request, "mission/view_stop.html", {"is_done": request.method == "POST"})

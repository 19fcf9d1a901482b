"""The saved views of a list: saved under a name, shared, opened, mailed or not."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.models import Directorate
from assembly.institution.pages import set_page_term, working_term
from assembly.lists import List, lists
from assembly.lists.declaration import query_to_save
from assembly.saved_views import actions, queries
from assembly.saved_views.models import SavedView, ViewSubscription
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, posted, with_current
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page


class ViewForm(StyledForm):
    name = forms.CharField(label=gettext_lazy("Nom de la vue"), max_length=80, validators=[check_text])  # type: ignore[list-item]  # -- its answer is not used


class ShareForm(StyledForm):
    is_shared = forms.BooleanField(label=gettext_lazy("Partager avec l’équipe"), required=False)
    directorate = forms.ModelChoiceField(
        label=gettext_lazy("Partager avec une direction"), queryset=Directorate.objects.none(), required=False
    )
    weekly = forms.BooleanField(label=gettext_lazy("M’envoyer cette vue chaque lundi"), required=False)
    is_gone = forms.BooleanField(label=gettext_lazy("Supprimer cette vue"), required=False)

    def __init__(self, *args: Any, view: SavedView, saved_list: List, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directorate: Any = self.fields["directorate"]
        open_ones = Directorate.objects.filter(assembly=view.assembly_id, closed_on=None)
        directorate.queryset = with_current(open_ones, view.directorate_id)
        directorate.help_text = (
            gettext_lazy("Elle lit ces lignes et ces colonnes, sans pouvoir les modifier.")
            if saved_list.as_author
            else gettext_lazy("Elle lit, de ces lignes, celles qui la concernent.")
        )
        for name in () if is_own else ("is_shared", "directorate", "is_gone"):
            del self.fields[name]
        if is_own and not saved_list.for_directorates:
            del self.fields["directorate"]


def address_of(saved_list: List, query: str) -> str:
    return f"{saved_list.url}?{query}" if query else saved_list.url


@require_http_methods(["GET", "HEAD", "POST"])
def list_views(request: UserRequest, key: str) -> HttpResponse:
    """Show the views of one list; a post saves the list of this address under a name."""
    if (saved_list := lists().get(key)) is None:
        raise Http404
    term = working_term(request, saved_list.can_open)
    query = query_to_save(request.GET)
    return form_page(
        request,
        ViewForm(posted(request)),
        lambda data: actions.save_view(saved_list, term, by=request.user, name=data["name"], query=query),
        template="saved_views/list.html",
        context=lambda: {
            "saved_list": saved_list,
            "back": address_of(saved_list, query),
            "all": saved_list.url,
            "query": query,
            "views": queries.views_of(saved_list, request.user, term),
            "filters": saved_list.form(request.user, term, request.GET).summary(),
        },
        success_message=gettext_lazy("La vue est enregistrée."),
        to=lambda view: reverse("saved_views:change", args=[view.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change with whom a view is shared and whether it comes by mail, and show its link."""
    user = request.user
    rows = SavedView.objects.filter(Q(created_by=user) | Q(is_shared=True)).select_related("created_by", "term")
    view = get_object_or_404(rows, pk=pk)
    saved_list = queries.list_of(view)
    if saved_list is None or not queries.can_open(view, user):
        raise Http404
    set_page_term(request, view.term_id)
    is_own = view.created_by_id == user.pk
    has_mail = ViewSubscription.objects.filter(view=view, user=user).exists()
    start = {"is_shared": view.is_shared, "directorate": view.directorate_id, "weekly": has_mail}
    back = address_of(saved_list, view.query)

    def save(data: dict[str, Any]) -> str:
        if data.get("is_gone"):
            actions.delete_view(view, by=user)
            return saved_list.url
        if is_own:
            actions.share_view(view, by=user, is_shared=data["is_shared"], directorate=data.get("directorate"))
        actions.subscribe(view, by=user, is_subscribed=data["weekly"])
        return back

    return form_page(
        request,
        ShareForm(posted(request), view=view, saved_list=saved_list, is_own=is_own, initial=start),
        save,
        template="saved_views/change.html",
        context={
            "saved_list": saved_list,
            "view": view,
            "back": back,
            "link": request.build_absolute_uri(reverse("saved_views:open", args=[view.token])),
        },
        success_message=gettext_lazy("C’est noté."),
        to=lambda address: address,
    )


@require_safe
def view_open(request: UserRequest, token: str) -> HttpResponse:
    """Open the link of a view: the list itself for the team, its rows alone for a directorate."""
    view = queries.view_of_token(token, request.user)
    saved_list = queries.list_of(view) if view else None
    if view is None or saved_list is None:
        raise Http404
    if saved_list.can_open(request.user, view.term):
        set_page_term(request, view.term_id)
        return redirect(address_of(saved_list, view.query))
    query = QueryDict(view.query, mutable=True)
    for name in ("apres", "avant"):
        if name in request.GET:
            query[name] = request.GET[name]
    listing = queries.table_shown(view, saved_list, request.user)
    shown: Any = request
    shown.GET = query  # The page uses the view's query, whatever else the address contains.
    page = listing.page(shown, queries.rows_shown(view, saved_list, request.user))
    context = {
        "view": view,
        "title": saved_list.title,
        "list": page,
        "words": saved_list.count_text(page.count),
        "lines": listing.lines(page, listing.columns, can_open_row=False),
    }
    return render(request, "saved_views/shared.html", context)


@repeatable("RFC 8058: a mail program posts it without a page; saying no twice is saying no")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token is the whole right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mail of this view by one click."""
    keys = actions.keys_of_token(token)
    if keys is None:
        return render(request, "saved_views/stop.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        actions.unsubscribe(*keys)
    return render(request, "saved_views/stop.html", {"is_done": request.method == "POST"})

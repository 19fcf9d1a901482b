"""Views of optional mail: the link under each message, one-click for mail programs, and the reader's own page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.notifications import composing, queries
from assembly.notifications.actions import preferences as actions
from assembly.notifications.forms import PreferenceForm
from assembly.notifications.preferences import person_of, wants_optional_mail
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pagination import keyset_page


@repeatable("RFC 8058: a mail program posts it without a page; saying no twice is saying no")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token alone gives the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of(token)
    if person is None:
        return render(request, "notifications/unsubscribe.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        actions.choose(person, optional_mail=False, by=person)
    return render(request, "notifications/unsubscribe.html", {"is_done": request.method == "POST"})


@require_http_methods(["GET", "HEAD", "POST"])
def preferences_page(request: UserRequest) -> HttpResponse:
    person = request.user.person
    return form_page(
        request,
        PreferenceForm(posted(request), initial={"optional_mail": wants_optional_mail(person)}),
        lambda data: actions.choose(person, **data, by=request.user),
        template="notifications/preferences.html",
        success_message=_("Votre choix est noté."),
        to=reverse("notifications:preferences"),
    )


@require_safe
def message_list(request: UserRequest) -> HttpResponse:
    """List everything that was sent to the reader: by mail, by letter, or on the site only."""
    rows = queries.received_by(request.user.person).for_screen()
    page = keyset_page(rows, request, ordering=("-pk",))
    return render(request, "notifications/message_list.html", {"page": page, "count": rows.count()})


@require_safe
def message_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text again, for a reader who lost the mail; a message with a secret link is not shown twice."""
    delivery = get_object_or_404(queries.received_by(request.user.person), pk=pk)
    context = {"delivery": delivery, "text": composing.render_text(delivery)}
    return render(request, "notifications/message_page.html", context)

"""Views of the settings of the assembly and of the term: `/bureau/reglages/`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.identity.senders import mailbox_of
from assembly.institution import rules
from assembly.institution.actions import assemblies as actions
from assembly.institution.current_term import led_assembly, working_term
from assembly.institution.forms import AssemblySettingsForm, LogoForm, TermSettingsForm
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.request_bodies import takes_files


def _tabs(current: str) -> list[dict[str, object]]:
    pages = [
        ("institution:settings", _("L’assemblée")),
        ("institution:settings-term", _("La mandature")),
        ("institution:settings-logo", _("Le logo")),
    ]
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in pages]


def _show_result(request: UserRequest, changed: list[str]) -> None:
    if changed:
        message = ngettext("%(n)s réglage est changé.", "%(n)s réglages sont changés.", len(changed))
        messages.success(request, message % {"n": len(changed)})
    else:
        messages.info(request, _("Rien n’a changé."))


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings_assembly(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    return form_page(
        request,
        AssemblySettingsForm(posted(request), thing=assembly),
        lambda data: _show_result(request, actions.change_assembly(assembly, data, by=request.user)),
        template="institution/settings.html",
        context=lambda: {"tabs": _tabs("institution:settings")},
        to=reverse("institution:settings"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings_term(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.is_lead)
    return form_page(
        request,
        TermSettingsForm(posted(request), thing=term),
        lambda data: _show_result(request, actions.change_term(term, data, by=request.user)),
        template="institution/settings_term.html",
        context=lambda: {"term": term, "tabs": _tabs("institution:settings-term")},
        to=reverse("institution:settings-term"),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings_logo(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    form = LogoForm(posted(request), request.FILES or None)
    return form_page(
        request,
        form,
        lambda data: actions.change_logo(assembly, form.png(), by=request.user),
        template="institution/settings_logo.html",
        context=lambda: {"assembly": assembly, "tabs": _tabs("institution:settings-logo")},
        success_message=_("Le logo est enregistré."),
        to=reverse("institution:settings-logo"),
    )


@repeatable("a second trial to oneself harms nobody; the relay is waited for without a connection")
@require_POST
def settings_test_mail(request: UserRequest) -> HttpResponse:
    """Send a mail to the reader, with the saved sender and reply address."""
    assembly = led_assembly(request)
    if actions.send_test_mail(assembly, by=request.user, sender=mailbox_of(assembly)):
        messages.success(request, _("Un courriel d’essai est parti à %(email)s.") % {"email": request.user.email})
    else:
        messages.error(
            request, _("Le serveur de courriel n’a pas pris le message. Prévenez l’administration technique.")
        )
    return redirect("institution:settings")

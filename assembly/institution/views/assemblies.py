"""Views of the assembly: settings (`/bureau/reglages/`), terms, directorates, and its colours, logo and web manifest.

The last three are public, for pages and mails, and cached by their content.
"""

import json
from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest, recently_authenticated, recently_authenticated_to_write
from assembly.identity.sending import mailbox_of
from assembly.institution import colours, forms, queries, rules
from assembly.institution.actions import assemblies, directorates
from assembly.institution.models import Assembly, Directorate, Role, Term, TermState
from assembly.institution.pages import CHOSEN, led_assembly, without_term, working_term
from assembly.institution.queries import main_assembly
from assembly.institution.workflow import TERM
from assembly.web.forms import local_address, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.path import PathStep, path_of
from assembly.web.request_bodies import takes_files


def _answer(content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
@login_not_required
@conditional_page
def colours_css(request: HttpRequest) -> HttpResponse:
    """Return the two colours of the settings as tokens of the light theme (the dark one has its own)."""
    assembly = main_assembly()
    main = assembly.colour_main if assembly else Assembly._meta.get_field("colour_main").default
    second = assembly.colour_second if assembly else Assembly._meta.get_field("colour_second").default
    return _answer(colours.stylesheet(main, second).encode(), "text/css; charset=utf-8")


@require_safe
@login_not_required
@conditional_page
def logo(request: HttpRequest) -> HttpResponse:
    """Return the logo of the settings; 404 while the site uses its own drawing."""
    row = Assembly.objects.order_by("pk").values_list("logo_png", flat=True).first()
    if not row:
        raise Http404
    return _answer(bytes(row), "image/png")


@require_safe
@login_not_required
@conditional_page
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Return name and icons for the home screen of a telephone (W3C Web Application Manifest)."""
    assembly = main_assembly()
    name = assembly.name if assembly else "Hémicycle"
    icons = [
        {"src": static(f"dist/img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    facts = {
        "name": name,
        "short_name": name[:30],
        "lang": "fr",
        "start_url": reverse("portal:area"),
        "display": "browser",
        "icons": icons,
    }
    return _answer(json.dumps(facts, ensure_ascii=False).encode(), "application/manifest+json")


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
        forms.AssemblySettingsForm(posted(request), thing=assembly),
        lambda data: _show_result(request, assemblies.change_assembly(assembly, data, by=request.user)),
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
        forms.TermSettingsForm(posted(request), thing=term),
        lambda data: _show_result(request, assemblies.change_term(term, data, by=request.user)),
        template="institution/settings_term.html",
        context=lambda: {"term": term, "tabs": _tabs("institution:settings-term")},
        to=reverse("institution:settings-term"),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings_logo(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    form = forms.LogoForm(posted(request), request.FILES or None)
    return form_page(
        request,
        form,
        lambda data: assemblies.change_logo(assembly, form.png(), by=request.user),
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
    if assemblies.send_test_mail(assembly, by=request.user, sender=mailbox_of(assembly)):
        messages.success(request, _("Un courriel d’essai est parti à %(email)s.") % {"email": request.user.email})
    else:
        messages.error(
            request, _("Le serveur de courriel n’a pas pris le message. Prévenez l’administration technique.")
        )
    return redirect("institution:settings")


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
        forms.NewTermForm(posted(request)),
        lambda data: assemblies.create_term(assembly, by=request.user, **data),
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


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_create(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    return form_page(
        request,
        forms.DirectorateForm(posted(request)),
        lambda data: directorates.create(assembly, by=request.user, **data),
        template="institution/directorate_form.html",
        success_message=_("La direction est créée. Invitez maintenant ses agents."),
        to=reverse("institution:directorates"),
    )


def _directorate(request: UserRequest, pk: int) -> Directorate:
    return get_object_or_404(Directorate.objects.filter(assembly=led_assembly(request)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_rename(request: UserRequest, pk: int) -> HttpResponse:
    directorate = _directorate(request, pk)
    return form_page(
        request,
        forms.DirectorateNameForm(posted(request), initial={"name": directorate.name}),
        lambda data: directorates.rename(directorate, by=request.user, **data),
        template="institution/directorate_form.html",
        context={"directorate": directorate},
        success_message=_("La direction a un nouveau nom."),
        to=reverse("institution:directorates"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def directorate_close(request: UserRequest, pk: int) -> HttpResponse:
    directorate = _directorate(request, pk)
    others = Directorate.objects.filter(assembly=directorate.assembly_id, closed_on=None).exclude(pk=pk)
    return form_page(
        request,
        forms.DirectorateCloseForm(posted(request), others=others),
        lambda data: directorates.close(directorate, by=request.user, **data),
        field="successor",
        template="institution/directorate_close.html",
        context={"directorate": directorate},
        success_message=_("La direction est close. Ses dossiers gardent leur histoire."),
        to=reverse("institution:directorates"),
    )

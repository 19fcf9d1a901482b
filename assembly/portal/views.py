"""Views of home pages, help, glossary and legal pages, of what machines read, of the service and its backups."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError as BrokerError

from assembly.fragments.cache import fragment, row_values
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution.menu import counts_by_line
from assembly.institution.models import Assembly, Role, TermState
from assembly.institution.pages import InstitutionContext, working_term
from assembly.institution.queries import active_term, main_assembly
from assembly.institution.rules import (
    can_enter_desk,
    can_enter_directorate_area,
    can_enter_member_area,
    has_role,
    reader_values,
)
from assembly.institution.todo import todo_for
from assembly.jobs.models import FailedJob
from assembly.open_data.linked import described_site
from assembly.portal import actions, health, queries
from assembly.portal.actions import RETENTION
from assembly.portal.glossary import GLOSSARY
from assembly.portal.health import service_lines
from assembly.portal.help import BY_SLUG, PAGES
from assembly.portal.home_contents import area_content, desk_content
from assembly.portal.queries import can_run_service
from assembly.portal.registry import page_widgets, public_pages
from assembly.portal.share import share_card
from assembly.speed.page_cache import public_page
from assembly.web.errors import StateConflict
from assembly.web.framing import framed_page
from assembly.web.widgets import object_widgets


@require_safe
@login_not_required
@public_page
def home(request: HttpRequest) -> HttpResponse:
    institution = InstitutionContext(request)
    assembly = institution.assembly
    content = fragment(
        ("public-home", row_values(assembly)), lambda: render_to_string("portal/_home.html", _home_content(assembly))
    )
    context = {"content": content, "institution": institution, "linked_thing": described_site(institution.name)}
    return render(request, "portal/home.html", context)


def _home_content(assembly: Assembly | None) -> dict[str, Any]:
    """Return the context, which is cached for every reader: nothing else of the request may be used here."""
    term = active_term(assembly) if assembly else None
    return {"assembly": assembly, "term": term, "widgets": page_widgets("public", None, term) if term else {}}


@require_safe
@login_not_required
@public_page
def how(request: HttpRequest) -> HttpResponse:
    """Explain the assembly in four steps with the figures of the other public pages."""
    institution = InstitutionContext(request)
    assembly = institution.assembly
    content = fragment(("how", row_values(assembly)), lambda: render_to_string("portal/_how.html", _how(assembly)))
    return render(request, "portal/how.html", {"content": content, "institution": institution})


def _how(assembly: Assembly | None) -> dict[str, Any]:
    """Return the steps that the apps contribute, in order; none before there is a term."""
    term = active_term(assembly) if assembly else None
    return {"term": term, "steps": object_widgets("how", None, term) if term else []}


def _area_home(
    request: UserRequest, area: str, rule: Callable[[Any], bool], content_of: Callable[..., dict[str, Any]]
) -> HttpResponse:
    user = request.user
    if not rule(user):
        raise PermissionDenied
    institution = InstitutionContext(request)
    term = working_term(request, lambda user, term: True, institution) if institution.terms else None
    others = [each for each in institution.terms if each != term and each.state in TermState.tagged("live")]
    whole = "tout" in request.GET
    content = fragment(
        ("home", area, whole, row_values(term, *others), reader_values(user)),
        lambda: render_to_string(f"portal/_{area}_home.html", content_of(user, area, term, others, whole=whole)),
    )
    return render(request, f"portal/{area}_home.html", {"content": content, "institution": institution})


@require_safe
@never_cache
def menu_counts(request: UserRequest) -> JsonResponse:
    """Return how many things wait behind each line of the desk's menu, by its address."""
    institution = InstitutionContext(request)
    lines = todo_for(request.user, "desk", institution.term).lines if institution.term else []
    waiting = ((line.url, line.items) for line in lines)
    return JsonResponse(counts_by_line(request.user, "desk", waiting, institution.assembly))


@require_safe
def area(request: UserRequest) -> HttpResponse:
    """Redirect to the home of the reader's role after sign-in; without any role show a page that explains it."""
    if can_enter_desk(request.user):
        return redirect("portal:desk-home")
    if can_enter_directorate_area(request.user):
        return redirect("portal:directorate-home")
    if can_enter_member_area(request.user):
        return redirect("portal:member-home")
    if has_role(request.user, [Role.WITNESS]):
        return redirect("draws:list")
    return render(request, "portal/no_area.html")


@require_safe
def desk_home(request: UserRequest) -> HttpResponse:
    return _area_home(request, "desk", can_enter_desk, desk_content)


@require_safe
def member_home(request: UserRequest) -> HttpResponse:
    return _area_home(request, "member", can_enter_member_area, area_content)


@require_safe
def directorate_home(request: UserRequest) -> HttpResponse:
    return _area_home(request, "directorate", can_enter_directorate_area, area_content)


@require_safe
@login_not_required
@public_page
def help_index(request: HttpRequest) -> HttpResponse:
    groups = [(audience, list(pages)) for audience, pages in groupby(PAGES, key=lambda page: page.audience)]
    return render(request, "portal/help_index.html", {"groups": groups})


@require_safe
@login_not_required
@public_page
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    return render(request, f"portal/help/{slug}.html", {"page": BY_SLUG[slug]})


@require_safe
@login_not_required
@public_page
def legal_notice(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/legal_notice.html")


@require_safe
@login_not_required
@public_page
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/personal_data.html", {"retention_days": RETENTION.days})


@require_safe
@login_not_required
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
@login_not_required
@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/glossary.html", {"entries": GLOSSARY})


def page_of_active_term(request: HttpRequest, template: str) -> HttpResponse:
    """Render a page about the assembly at work; 404 before there is one."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        raise Http404
    return render(request, template, {"term": term})


@require_safe
@login_not_required
@framed_page
@public_page
def assembly_card(request: HttpRequest) -> HttpResponse:
    """Show the assembly as a card that other sites may embed."""
    return page_of_active_term(request, "portal/card.html")


@require_safe
@login_not_required
@public_page
def english(request: HttpRequest) -> HttpResponse:
    """Say in English what this assembly is."""
    return page_of_active_term(request, "portal/english.html")


CLOSED = (
    "/bureau/",
    "/espace/",
    "/instructions/",
    "/compte/",
    "/reponse/",
    "/invitation/",
    "/calendrier/",
    "/recherche/",
)
PLAIN = "text/plain; charset=utf-8"
VALID_DAYS = 180  # RFC 9116 advises less than a year


@require_safe
@login_not_required
@public_page
def site_map(request: HttpRequest) -> HttpResponse:
    response: TemplateResponse = sitemap(request, public_pages())
    return HttpResponse(response.rendered_content, content_type="application/xml; charset=utf-8")


@require_safe
@login_not_required
@public_page
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Return robots.txt; a demonstration, with its fictitious people, is closed to search engines."""
    closed = ("/",) if settings.DEMO else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
@login_not_required
@public_page
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return security.txt (RFC 9116); its expiry is a day, so that the response stays the same for a day."""
    assembly = main_assembly()
    if assembly is None:
        raise Http404
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=VALID_DAYS)
    lines = {
        "Contact": f"mailto:{assembly.reply_email}",
        "Expires": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": "fr",
        "Canonical": f"{settings.SITE_URL}{request.path}",
    }
    return HttpResponse("".join(f"{name}: {value}\n" for name, value in lines.items()), content_type=PLAIN)


@require_safe
@login_not_required
@public_page
def default_card(request: HttpRequest) -> HttpResponse:
    """Return the picture of every page that has none of its own."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if assembly is None or term is None:
        raise Http404
    line = _("%(n)s habitants tirés au sort. Une question, un avis, une réponse.") % {"n": term.seats}
    return share_card(title=assembly.name, reference=assembly.authority_name, line=line, seats=term.seats)


@require_safe
@login_not_required
@never_cache
def health_json(request: HttpRequest) -> JsonResponse:
    answers = health.probe_services()
    alive = all(answers.values())
    return JsonResponse({"status": "ok" if alive else "down", **answers}, status=200 if alive else 503)


@require_safe
def service_state(request: UserRequest) -> HttpResponse:
    if not can_run_service(request.user):
        raise PermissionDenied
    context = {"lines": service_lines(), "queues": health.queues(), "failed": health.failed_jobs()}
    return render(request, "portal/service_state.html", context)


@require_POST
def job_retry(request: UserRequest, pk: int) -> HttpResponse:
    if not can_run_service(request.user):
        raise PermissionDenied
    try:
        actions.retry_job(get_object_or_404(FailedJob, pk=pk), by=request.user)
    except BrokerError:
        messages.error(request, _("La file des travaux ne répond pas : rien n’est relancé. Réessayez dans un moment."))
    else:
        messages.success(request, _("Le travail est relancé. Son résultat se voit ici dans une minute."))
    return redirect("portal:service-state")


OLD_AFTER = timedelta(days=7)  # a week of work can still be redone from papers and mails


@require_safe
def backup_list(request: UserRequest) -> HttpResponse:
    if not can_run_service(request.user):
        raise PermissionDenied
    if request.headers.get("HX-Request") != "true":
        return _backup_page(request)
    if queries.backup_under_way():
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _backup_page(request, part="#living")


@require_POST
@recently_authenticated
def backup_ask(request: UserRequest) -> HttpResponse:
    try:
        actions.ask_backup(by=request.user)
    except StateConflict:
        return _backup_page(request, status=HTTPStatus.CONFLICT)
    messages.success(request, _("La sauvegarde est demandée. Vous pouvez quitter cette page."))
    return redirect("portal:backups")


def _backup_page(request: UserRequest, status: int = HTTPStatus.OK, part: str = "") -> HttpResponse:
    last = queries.last_good_backup()
    context = {
        "backups": list(queries.latest_backups(request.user)),
        "under_way": queries.backup_under_way(),
        "last": last,
        "is_old": last is None or timezone.now() - last > OLD_AFTER,
        "old_after": OLD_AFTER.days,
        "most_backups": actions.MOST_BACKUPS,
        "retention_days": actions.RETENTION.days,
        "folder": settings.BACKUP_DIR,
        "refused": status == HTTPStatus.CONFLICT,
    }
    return render(request, f"portal/backup_list.html{part}", context, status=status)

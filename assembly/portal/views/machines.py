"""Views for machines on a public site: sitemap, robots.txt, security.txt, picture for shared links."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.institution.queries import active_term, main_assembly
from assembly.portal.share import share_card
from assembly.portal.sitemap import public_pages
from assembly.speed.page_cache import public_page

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
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt; a demonstration, with its fictitious people, is closed to search engines."""
    closed = ("/",) if settings.DEMO else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
@login_not_required
@public_page
def security(request: HttpRequest) -> HttpResponse:
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
def card(request: HttpRequest) -> HttpResponse:
    """Return the picture of every page that has none of its own."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if assembly is None or term is None:
        raise Http404
    line = _("%(n)s habitants tirés au sort. Une question, un avis, une réponse.") % {"n": term.seats}
    return share_card(title=assembly.name, reference=assembly.authority_name, line=line, seats=term.seats)

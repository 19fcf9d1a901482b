"""What pages share: their term, assembly and area, the context variable `institution`, the views of a list.

The term of a page is that of its object, else the one that address or form names, else the chosen one; where the
reader may not work in it, the first allowed one. The switcher chooses a term for the whole browser. A page of another
term adds that one to the addresses of its links (`?mandature=3`) and to each of its forms (`{% csrf_token %}` writes
it), so that two terms stay apart in two tabs, and a form writes in the term in which it was shown. Nothing is read
before a template needs it.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import Person, User
from assembly.institution import menu
from assembly.institution.models import TEAM_ROLES, Assembly, Directorate, Term
from assembly.institution.queries import active_term, current_terms, main_assembly
from assembly.institution.rules import can_administer_term, has_role, held_roles
from assembly.lists import List
from assembly.web.forms import whole_number
from assembly.web.idempotency import SAFE_METHODS, TERM_FIELD

CHOSEN = "term"  # in the session
NOT_OBJECTS = (Assembly, Directorate, Person, User)
LONGEST, MOST_WAYS = 5, 12  # keys between an object and its term; paths that are tried
LINK = re.compile(r'(\s(?:href|action|formaction|data-hx-get|data-hx-post)=")(/(?:bureau|espace|instructions)/[^"]*)"')
SEARCH = re.compile(r'<form\b[^>]*\smethod="get"[^>]*>')
OF_AN_OBJECT = re.compile(r"/\d+/")


def chosen_term(request: HttpRequest, terms: list[Term]) -> Term:
    """Return the term of the switcher, else the first of `terms`."""
    chosen = request.session.get(CHOSEN)
    return next((term for term in terms if term.pk == chosen), terms[0])


def named_key(request: HttpRequest) -> int | None:
    """Return the key of a term in the form or in the address, if there is one; -1 for a text that is no key."""
    sent = {} if request.method in SAFE_METHODS else request.POST
    name = sent.get(TERM_FIELD) or request.GET.get(TERM_FIELD)
    return None if name is None else whole_number(name)


def show_term(request: HttpRequest, term: Term, terms: list[Term]) -> None:
    """Set `term` as the term of this page, for a reader who works in several ones (`terms`).

    `page_term`: the term in the header. `form_term`: the one that `{% csrf_token %}` writes. `link_term`: the one that
    `TermMiddleware` adds. The last two are None for a term in which the reader does not work and may only read
    objects.
    """
    if len(terms) > 1:
        works_in = term if term in terms else None
        links = None if term == chosen_term(request, terms) else works_in
        request.__dict__.update(page_term=term, form_term=works_in, link_term=links)


def term_of_context(context: Mapping[str, Any], terms: list[Term]) -> Term | None:
    """Return the term of the object that a page shows: the `term` of the context, else that of a first row."""
    if isinstance(term := context.get("term"), Term):
        return term
    rows = (value for value in context.values() if isinstance(value, Model) and not isinstance(value, NOT_OBJECTS))
    keys = (key for key in map(term_key_of, rows) if key is not None)
    if (key := next(keys, None)) is None:
        return None
    return next((term for term in terms if term.pk == key), None) or Term.objects.filter(pk=key).first()


def term_key_of(row: Model) -> int | None:
    """Return the key of the term of a row, by the foreign keys of its model."""
    if isinstance(row, Term):
        return row.pk
    ways = ways_to_term(type(row))
    if not ways or row.pk is None:
        return None
    if ways[0] == ("term",):
        return row.term_id  # type: ignore[attr-defined]  # -- the key that the path names
    rows = type(row)._base_manager.filter(pk=row.pk)
    values = rows.values_list(*(f"{'__'.join(way)}_id" for way in ways)).first() or ()
    return next((key for key in values if key is not None), None)


@cache
def ways_to_term(model: type[Model]) -> list[tuple[str, ...]]:
    """Return the foreign keys from a model to its term, shortest paths first; one path only where it is never null."""
    waiting: deque[tuple[tuple[str, ...], tuple[type[Model], ...], bool]] = deque([((), (model,), True)])
    ways: list[tuple[str, ...]] = []
    while waiting and len(ways) < MOST_WAYS:
        way, models, is_sure = waiting.popleft()
        keys = [field for field in models[-1]._meta.concrete_fields if isinstance(field, ForeignKey)]
        for field in keys:
            target, always = field.related_model, is_sure and not field.null
            if target is Term and always:
                return [(*way, field.name)]
            if target is Term:
                ways.append((*way, field.name))
            elif target not in models and not issubclass(target, NOT_OBJECTS) and len(way) < LONGEST:
                waiting.append(((*way, field.name), (*models, target), always))
    return ways


def with_term(url: str, term: Term) -> str:
    """Add the term to an address of the back office, the members or the directorates.

    Any other address, and that of an object, is returned as it is.
    """
    parts = urlsplit(url)
    is_outside = parts.netloc or not parts.path.startswith(("/bureau/", "/espace/", "/instructions/"))
    if is_outside or OF_AN_OBJECT.search(parts.path) or f"{TERM_FIELD}=" in parts.query:
        return url
    query = "&".join(filter(None, [parts.query, urlencode({TERM_FIELD: term.pk})]))
    return urlunsplit(parts._replace(query=query))


def without_term(url: str) -> str:
    """Return the address without its term."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != TERM_FIELD]
    return urlunsplit(parts._replace(query=urlencode(query)))


def add_term_to_links(html: str, term: Term) -> str:
    """Add the term to the links and the search forms of a page."""

    def link(match: re.Match[str]) -> str:
        return f'{match[1]}{with_term(match[2].replace("&amp;", "&"), term).replace("&", "&amp;")}"'

    hidden = f'<input type="hidden" name="{TERM_FIELD}" value="{term.pk}">'
    return SEARCH.sub(lambda match: match[0] + hidden, LINK.sub(link, html))


AREAS = {"/espace/": "member", "/bureau/": "desk", "/instructions/": "directorate", "/compte/": "account"}
SHOWN_IN = "shown_in_area"


def show_in(request: HttpRequest, area: str) -> str:
    """Show a page outside the areas of the site (the search) in one of them, with its menu."""
    setattr(request, SHOWN_IN, area)
    return area


class InstitutionContext:
    """Assembly, term and area of the page being shown."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        return settings.DEMO

    @property
    def demo_day(self) -> date | None:
        """Return the day that the demonstration tells, which ./run gives to its processes."""
        return date.fromisoformat(settings.DEMO_DAY) if settings.DEMO_DAY else None

    @property
    def site_url(self) -> str:
        """Return the public address without a path, for the canonical address of a page."""
        return settings.SITE_URL

    @cached_property
    def area(self) -> str:
        asked = next((area for prefix, area in AREAS.items() if self._request.path.startswith(prefix)), "public")
        return getattr(self._request, SHOWN_IN, asked)

    @cached_property
    def terms(self) -> list[Term]:
        """Return the terms the reader works in; more than one shows the switcher."""
        return current_terms(self._user) if self.area != "public" else []

    @cached_property
    def named_term(self) -> Term | None:
        """Return the term of the reader that the form or the address names."""
        key = named_key(self._request) if self.terms else None
        return next((term for term in self.terms if term.pk == key), None)

    @property
    def term(self) -> Term | None:
        """Return the term of the page; on public pages the active one."""
        if not self.terms:
            return self._public_term
        shown: Term | None = getattr(self._request, "page_term", None)
        return shown or self.named_term or chosen_term(self._request, self.terms)

    @cached_property
    def _public_term(self) -> Term | None:
        return active_term(self.assembly) if self.assembly else None

    @cached_property
    def assembly(self) -> Assembly | None:
        if not self.terms or self.term is None:
            return main_assembly()
        place = self.term.assembly_id
        assemblies = (role.assembly for role in held_roles(self._user) if role.assembly_id == place)
        return next(assemblies, None) or main_assembly()

    @cached_property
    def name(self) -> str:
        return self.assembly.name if self.assembly else "Hémicycle"

    @cached_property
    def _menu_key(self) -> menu.MenuKey:
        link_term = getattr(self._request, "link_term", None)
        return menu.key_of(self._user, self.area, self._request.path, link_term, self.assembly)

    @property
    def is_team(self) -> bool:
        """Return whether the reader is of the project team, who begin acts."""
        return has_role(self._user, TEAM_ROLES)

    @property
    def menu(self) -> SafeString:
        """Return the lines of the area's menu."""
        return menu.html_of(self._menu_key, "menu")

    @property
    def tabs(self) -> SafeString:
        """Return the tabs of the place whose page this is; nothing on the pages below it."""
        is_place = self._request.path == self._menu_key.current
        return menu.html_of_tabs(self._menu_key) if is_place else SafeString("")

    @property
    def settings_menu(self) -> SafeString:
        """Return the settings at the foot of the desk's menu."""
        return menu.html_of(self._menu_key, "settings_menu")

    @property
    def bottom_bar(self) -> SafeString:
        """Return the lines of the bottom bar of a phone."""
        return menu.html_of(self._menu_key, "bottom_bar")

    @property
    def public_menu(self) -> SafeString:
        """Return the lines of the menu of the public pages."""
        return menu.shared_lines("menu", self._request.path)

    @property
    def help_lines(self) -> SafeString:
        return menu.shared_lines("help")

    @property
    def legal_lines(self) -> SafeString:
        return menu.shared_lines("legal")

    @cached_property
    def home(self) -> str:
        """Return the address of this area's first screen; for a reader without access to it, of their own."""
        lines = (item.url for group in menu.groups_of(self._menu_key) for item in group.items)
        return next(lines, reverse("portal:area"))

    @cached_property
    def area_layout(self) -> str:
        """Return the base template of the area where the reader works, for a page in every area (« Mes données »)."""
        path = self._request.path
        own = (area for area in ("member", "desk", "directorate") if menu.menu_for(self._user, area, path))
        area = next(own, None)
        if area is None:
            return "layouts/focus.html"
        self.area = area  # menu and terms of that area from now on
        return f"layouts/{area}.html"

    @property
    def _user(self) -> Any:
        return getattr(self._request, "user", None)


def institution(request: HttpRequest) -> dict[str, InstitutionContext]:
    return {"institution": InstitutionContext(request)}


def working_term(
    request: UserRequest, rule: Callable[[Any, Term], bool], institution: InstitutionContext | None = None
) -> Term:
    """Return the term where `rule` allows the reader, and make it the term of the page.

    Raise PermissionDenied when there is none, or when `rule` refuses the term named in the request; Http404 when the
    reader does not work in the named term. `institution`: a context whose terms the view has already read.
    """
    context = institution or InstitutionContext(request)
    term = allowed_term(request, rule, context)
    show_term(request, term, context.terms)
    return term


def allowed_term(
    request: UserRequest, rule: Callable[[Any, Term], bool], institution: InstitutionContext | None = None
) -> Term:
    """Return the same term as `working_term`, for a page that may belong to another term: that of its object."""
    context = institution or InstitutionContext(request)
    named = context.named_term
    if named is None and named_key(request) is not None:
        raise Http404
    chosen = [context.term] if context.term else []
    for term in [named] if named else [*chosen, *context.terms]:
        if rule(request.user, term):
            return term
    raise PermissionDenied


def set_page_term(request: UserRequest, term_key: int | None) -> None:
    """Set the page's term to that of the reader with this key, where the page shows no object with a term."""
    terms = InstitutionContext(request).terms
    if term := next((term for term in terms if term.pk == term_key), None):
        show_term(request, term, terms)


def led_assembly(request: UserRequest) -> Assembly:
    """Return the assembly of which the reader is a lead; raise PermissionDenied when there is none."""
    term = allowed_term(request, can_administer_term)
    return Assembly.objects.defer("logo_png").get(pk=term.assembly_id)


class TermMiddleware:
    """Middleware that adds the page's term to its links and redirects, where it is not the chosen term."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Location" in response.headers:
            if term := link_term(request):
                response.headers["Location"] = with_term(response.headers["Location"], term)
        elif (term := getattr(request, "link_term", None)) and is_page(response):
            response.content = add_term_to_links(response.content.decode(response.charset), term)
            response.headers["Content-Length"] = str(len(response.content))
        return response


def is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def link_term(request: HttpRequest) -> Term | None:
    """Return the term to add to a redirect: that of the page, else the one that the form named."""
    if hasattr(request, "link_term"):
        return request.link_term
    context = InstitutionContext(request)
    if TERM_FIELD not in getattr(request, "_post", {}) or (named := context.named_term) is None:
        return None
    return None if named == chosen_term(request, context.terms) else named


type View = Callable[..., HttpResponse]
type TermOf = Callable[[UserRequest, Callable[[Any, Term], bool]], Term]


def list_page(declared: List, term_of: TermOf = working_term) -> View:
    """Return the view of the page of a list; `term_of(request, rule)`: the term where the reader works."""

    @require_safe
    def view(request: UserRequest) -> HttpResponse:
        return declared.page_of(request, term_of(request, declared.can_open))

    return view


def list_file(declared: List, term_of: TermOf = working_term, *, fresh: bool = False) -> View:
    """Return the view of the file of a list; `fresh`: it holds personal data, so a recent proof of identity is due."""

    @require_safe
    def view(request: UserRequest) -> HttpResponse:
        return declared.file_of(request, term_of(request, declared.can_open))

    return recently_authenticated(view) if fresh else view

"""Context variable `institution`: assembly, term and area of a page. Nothing is read before a template needs it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from assembly.institution import menu
from assembly.institution.models import Assembly, Term
from assembly.institution.page_term import chosen_term, named_key
from assembly.institution.queries import active_term, current_terms, main_assembly
from assembly.institution.rules import held_roles

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
        """Return the term of the reader that the form or the address names (`page_term`)."""
        key = named_key(self._request) if self.terms else None
        return next((term for term in self.terms if term.pk == key), None)

    @property
    def term(self) -> Term | None:
        """Return the term of the page (`page_term`); on public pages the active one."""
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
        return menu.key_of(self._user, self.area, self._request.path, getattr(self._request, "link_term", None))

    @property
    def menu(self) -> SafeString:
        """Return the lines of the area's menu."""
        return menu.html_of(self._menu_key, "menu")

    @property
    def bottom_bar(self) -> SafeString:
        """Return the lines of the bottom bar of a member's phone."""
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

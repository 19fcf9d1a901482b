"""What apps show on the home pages. Menus are in `assembly.institution.menu`, « À faire » in `.todo`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assembly.institution.models import Term


@dataclass(frozen=True)
class Panel:
    """A part of a home page: a template of the app and the context it gets; `order` places it."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


Provider = Callable[[Any, Term], Panel | None]
_providers: dict[str, list[Provider]] = {}


def register_panel(page: str, provider: Provider) -> None:
    """Add a panel to `public`, `desk`, `member` or `directorate`.

    provider(user, term) returns a Panel, or None when it has nothing true to show; on the public page `user` is None.
    """
    providers = _providers.setdefault(page, [])
    if provider not in providers:
        providers.append(provider)


def panels(page: str, user: Any, term: Term) -> list[Panel]:
    """Panels of a page in order, empty ones left out."""
    found = [panel for provider in _providers.get(page, []) if (panel := provider(user, term))]
    return sorted(found, key=lambda panel: panel.order)

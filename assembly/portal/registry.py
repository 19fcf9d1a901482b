"""What apps show on the home pages, each in its own `panels.py`.

Menus are in `assembly.institution.menu`, « À faire » in `assembly.institution.todo`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assembly.institution.models import Term


@dataclass(frozen=True)
class Panel:
    """A part of a home page: a template of the app, the context it gets (`panel`), and where it stands.

    `place` is `main`, `aside` (the narrow column) or `wide` (a band of its own); `order` counts within it.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    place: str = "main"


PLACES = ("main", "aside", "wide")
Provider = Callable[[Any, Term], Panel | list[Panel] | None]
_providers: dict[str, list[Provider]] = {}


def register_panel(page: str, provider: Provider) -> None:
    """Add a panel to `public`, `desk`, `member` or `directorate`.

    provider(user, term) returns a Panel, several that come from one reading, or None when it has nothing true to
    show; on the public page `user` is None.
    """
    providers = _providers.setdefault(page, [])
    if provider not in providers:
        providers.append(provider)


def panels(page: str, user: Any, term: Term) -> dict[str, list[Panel]]:
    """Panels of a page by place and in order, empty ones left out."""
    found: list[Panel] = []
    for provider in _providers.get(page, []):
        shown = provider(user, term) or []
        found += [shown] if isinstance(shown, Panel) else shown
    placed: dict[str, list[Panel]] = {place: [] for place in PLACES}
    for panel in sorted(found, key=lambda panel: panel.order):
        placed[panel.place].append(panel)
    return placed

"""The addresses of one register, below `/bureau/mission/<slug>/`."""

from typing import Any

from django.urls import URLPattern, path

from mission.registers.declaration import Register
from mission.registers.views import lines, listing, rows
from mission.registers.views.steps import step_pages


def routes(register: Register) -> list[URLPattern]:
    base = f"bureau/mission/{register.slug}/"
    one = f"{base}<int:pk>/"

    def route(address: str, view: Any, name: str) -> URLPattern:
        return path(address, view, {"register": register}, name=f"{register.key}-{name}" if name else register.key)

    below = [
        route(f"{one}<slug:kind>/ajouter/", lines.line_add, "line-add"),
        route(f"{one}<slug:kind>/<int:line>/", lines.line_change, "line"),
        route(f"{one}<slug:kind>/<int:line>/retirer/", lines.line_remove, "line-remove"),
    ]
    return [
        route(base, listing.row_list, ""),
        route(f"{base}nouveau/", rows.row_new, "new"),
        route(one, rows.row_show, "row"),
        route(f"{one}modifier/", rows.row_edit, "edit"),
        route(f"{one}historique/", rows.row_history, "history"),
        *(below if register.lines else []),
        step_pages(register.key).path(f"{one}etapes/"),
    ]

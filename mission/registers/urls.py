"""URLs of one register, below `/bureau/mission/<slug>/`."""

from typing import Any

from django.urls import URLPattern, path

from assembly.imports.views import import_routes
from mission.registers import views
from mission.registers.declaration import Register
from mission.registers.importing import import_pages
from mission.registers.importing_lines import line_import_pages
from mission.registers.pages import step_pages


def routes(register: Register) -> list[URLPattern]:
    base = f"bureau/mission/{register.slug}/"
    one = f"{base}<int:pk>/"

    def route(address: str, view: Any, name: str) -> URLPattern:
        return path(address, view, {"register": register}, name=f"{register.key}-{name}" if name else register.key)

    below = [
        route(f"{one}<slug:kind>/ajouter/", views.line_add, "line-add"),
        route(f"{one}<slug:kind>/<int:line>/", views.line_change, "line"),
        route(f"{one}<slug:kind>/<int:line>/retirer/", views.line_remove, "line-remove"),
    ]
    line_imports = [
        address
        for lines in register.lines
        for address in import_routes(f"{base}importer/{lines.key}/", line_import_pages(register, lines))
    ]
    return [
        route(base, views.row_list, ""),
        route(f"{base}nouveau/", views.row_new, "new"),
        route(f"{base}choix/", views.rows_chosen, "chosen"),
        route(f"{base}export/", views.row_export, "export"),
        *([route(f"{base}coordonnees/", views.row_private_export, "private-export")] if register.private else []),
        *import_routes(f"{base}importer/", import_pages(register)),
        *line_imports,
        route(one, views.row_show, "row"),
        route(f"{one}modifier/", views.row_edit, "edit"),
        route(f"{one}historique/", views.row_history, "history"),
        route(f"{one}fichiers/", views.row_attachments, "files"),
        route(f"{one}fichiers/deposer/", views.file_add, "file-add"),
        route(f"{one}fichiers/<int:file>/retirer/", views.attachment_remove, "file-remove"),
        route(f"{one}liens/ajouter/", views.link_add, "link-add"),
        route(f"{one}liens/<int:link>/retirer/", views.attachment_remove, "link-remove"),
        step_pages(register.key).path(f"{one}etapes/"),
        *(below if register.lines else []),
    ]

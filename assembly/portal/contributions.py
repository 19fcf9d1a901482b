"""Contributions of the portal: area, menus, to-do lines, widgets, public pages, names in the journal, audit events."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events, add_namer
from assembly.documents.queries import published
from assembly.fragments.cache import ignore_changes
from assembly.identity.attempts import near_ceilings
from assembly.identity.models import User
from assembly.identity.personal_data import at_erasure
from assembly.institution import todo
from assembly.institution.menu import DESK_READERS, MenuHeading, add_desk_line, add_menu_entry, anywhere, open_area
from assembly.institution.models import Term
from assembly.institution.rules import can_enter_desk, can_enter_directorate_area, can_enter_member_area
from assembly.institution.todo import add_to_do
from assembly.portal import backup
from assembly.portal.help import PAGES
from assembly.portal.queries import backup_names, can_run_service
from assembly.portal.registry import Page, add_pages
from assembly.speed.queries import CompiledQuery
from assembly.web.widgets import Widget, add_widget


def ceiling_lines(user: User, term: Term) -> Iterable[todo.ToDo]:
    """Return a line for each ceiling that is near; a new one appears within a quarter of an hour.

    Counters change at every sign-in, and must not invalidate the cached page.
    """
    if not can_run_service(user):
        return []
    with ignore_changes():
        ceilings = near_ceilings()
    detail = gettext("Seules les personnes qui n’ont rien demandé aujourd’hui passent encore")
    page = reverse("portal:service-state")
    return [
        todo.ToDo(gettext("Trop de demandes : %(form)s") % {"form": ceiling.label}, page, detail)
        for ceiling, _count in ceilings
    ]


LATEST = 4
ALWAYS = [
    *(
        "portal:home",
        "portal:how",
        "documents:publications",
        "documents:verify",
        "open_data:index",
        "portal:help",
        "portal:glossary",
        "portal:english",
    ),
    *("portal:legal-notice", "portal:personal-data", "portal:accessibility"),
]
LATEST_PUBLISHED = CompiledQuery(lambda assembly: published().filter(term__assembly=assembly).for_screen()[:LATEST])


def publications(user: Any, term: Term) -> Widget:
    """Return the latest sealed documents, each with its file."""
    documents = list(LATEST_PUBLISHED(term.assembly_id))
    return Widget("portal/_publications.html", {"documents": documents}, order=10, position="foot")


def pages() -> Iterator[Page]:
    """Yield the pages that always exist, and the published files."""
    yield from ((reverse(name), None) for name in ALWAYS)
    yield from ((reverse("portal:help-page", args=[page.slug]), None) for page in PAGES)
    for reference, moment in published().values_list("reference", "published_at"):
        yield reverse("documents:publication-file", args=[reference]), moment


add_desk_line(
    MenuHeading.TODAY,
    _("Tableau de bord"),
    "portal:desk-home",
    anywhere(can_enter_desk),
    order=0,
    bar_label=_("Aujourd’hui"),
)
add_menu_entry(
    "member",
    _("Accueil"),
    "portal:member-home",
    anywhere(can_enter_member_area),
    order=0,
    icon="house-door",
    bar_label=_("Accueil"),
)
add_menu_entry(
    "directorate",
    _("Mes dossiers"),
    "portal:directorate-home",
    anywhere(can_enter_directorate_area),
    order=0,
    icon="folder2-open",
)
add_desk_line(
    MenuHeading.SETTINGS,
    _("État du service"),
    "portal:service-state",
    anywhere(can_run_service),
    order=95,
)
add_desk_line(
    MenuHeading.SETTINGS,
    _("Sauvegardes"),
    "portal:backups",
    anywhere(can_run_service),
    order=96,
    tab_of="portal:service-state",
)
open_area(r"/bureau/comptes/", DESK_READERS)
add_to_do("desk", ceiling_lines)
add_widget("public", publications)
add_pages("portal", pages)
add_namer(backup_names)
add_audit_events({"job.retried": _("a relancé un travail échoué"), "backup.asked": _("a demandé une sauvegarde")})

at_erasure("portal.list", backup.record_erasure)

"""Contributions of imports: files of members, and their pages."""

from django.utils.translation import gettext_lazy, ngettext

from assembly.imports.plan import ImportKind, add_import_kind
from assembly.imports.views import ImportPages
from members.forms import ImportConfirmForm
from members.imports.actions import write_member
from members.imports.columns import COLUMNS, EXAMPLE
from members.imports.plan import MEMBERS, plan
from members.rules import can_manage

MEMBERS_FILE = ImportPages(
    app="members",
    kind=MEMBERS,
    rule=can_manage,
    columns=COLUMNS,
    example=EXAMPLE,
    confirm_form=ImportConfirmForm,
    title=gettext_lazy("Import des membres"),
    above=gettext_lazy("Membres"),
    list_route="members:member-list",
    added=gettext_lazy("Membres ajoutés"),
    model=gettext_lazy("modele membres"),
    count=lambda n: ngettext("Importer %(n)s membre", "Importer %(n)s membres", n) % {"n": n},
    file_label=gettext_lazy("Fichier des membres"),
    file_help=gettext_lazy("CSV ou XLSX, 500 lignes et 5 Mo au plus."),
    start_template="members/imports/start.html",
    preview_template="members/imports/page.html",
)

add_import_kind(ImportKind(MEMBERS, plan, write_member))

"""Import of a file into a register, through the form of its rows."""

from functools import partial

from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from assembly.imports.form_rows import FormRows
from assembly.imports.plan import ImportKind
from assembly.imports.views import ImportPages
from mission.registers import actions
from mission.registers.declaration import Register
from mission.registers.forms import form_for


def form_rows(register: Register) -> FormRows:
    """Return the rows of a register as a file fills them."""
    return FormRows(
        model=register.model,
        fields=register.field_names,
        identity=register.identity,
        rows=lambda term: register.model.objects.filter(assembly=term.assembly_id).select_related(
            "owner__person", *register.related
        ),
        rows_of=register.rows_of,
        form=partial(form_for, register),
        create=partial(actions.create, register),
        edit=partial(actions.edit, register),
        take_back=partial(actions.take_back, register),
    )


def import_kind(register: Register) -> ImportKind:
    return import_pages(register).import_kind(undo=form_rows(register).undo)


def import_pages(register: Register) -> ImportPages:
    """Return the pages that import a file into this register."""
    return ImportPages(
        app="mission",
        kind=register.key,
        rule=register.can_enter,
        rows=form_rows(register),
        title=format_lazy("{} : {}", gettext_lazy("Importer"), register.title),
        above=register.title,
        list_route=f"mission:{register.key}",
        added=gettext_lazy("Fiches ajoutées"),
        model=format_lazy("{} {}", gettext_lazy("Modèle"), register.slug),
        count=lambda n: _("Importer %(rows)s") % {"rows": register.count(n)},
        start_template="imports/start.html",
        export=f"mission:{register.key}-export",
        prefix=f"{register.key}-",
        more=[(lines.title, f"mission:{register.key}-{lines.key}-import-start") for lines in register.lines],
    )

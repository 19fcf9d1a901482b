"""Import of directorates and of cantons."""

from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.entry_rows import EntryRows, make_readonly
from assembly.imports.views import ImportPages
from assembly.institution.actions import cantons, directorates
from assembly.institution.forms import CantonForm, DirectorateForm
from assembly.institution.models import Canton, Directorate, Term
from assembly.institution.rules import can_administer_term

DIRECTORATES, CANTONS = "directorates", "cantons"


def directorate_form(
    term: Term, user: User | None, data: Any = None, row: Directorate | None = None
) -> DirectorateForm:
    form = DirectorateForm(data, initial={"name": row.name, "code": row.code} if row else None)
    make_readonly(form, ["code"] if row else [])
    return form


DIRECTORATE_ROWS = EntryRows(
    fields={name: DirectorateForm.base_fields[name].label for name in ("code", "name")},
    required=("code", "name"),
    form=directorate_form,
    create=lambda term, *, by, form: directorates.create(term.assembly, by=by, **form.cleaned_data),
    edit=lambda row, *, by, form: directorates.rename(row, by=by, name=form.cleaned_data["name"]),
    rows=lambda term: Directorate.objects.filter(assembly=term.assembly_id),
    identity=("code",),
    identity_of=lambda row: [row.code],
    headers={"name": [gettext_lazy("Direction")]},
)
DIRECTORATES_FILE = ImportPages(
    app="imports",
    kind=DIRECTORATES,
    rule=can_administer_term,
    rows=DIRECTORATE_ROWS,
    title=gettext_lazy("Importer des directions"),
    above=gettext_lazy("Directions"),
    list_route="institution:directorates",
    added=gettext_lazy("Directions créées"),
    model=gettext_lazy("modele directions"),
    count=lambda n: ngettext("Importer %(n)s direction", "Importer %(n)s directions", n) % {"n": n},
    export="institution:directorate-export",
    prefix="directorate-",
    more=[(gettext_lazy("leurs agents, avec l’équipe"), "imports:account-import-start")],
)


def canton_form(term: Term, user: User | None, data: Any = None, row: Canton | None = None) -> CantonForm:
    initial = {name: getattr(row, name) for name in CantonForm.base_fields} if row else None
    form = CantonForm(data, term=term, own=row, initial=initial)
    make_readonly(form, ["number"] if row else [])
    return form


CANTON_ROWS = EntryRows(
    fields={name: field.label for name, field in CantonForm.base_fields.items()},
    required=("number", "name"),
    form=canton_form,
    create=lambda term, *, by, form: cantons.create(term.assembly, by=by, **form.cleaned_data),
    edit=lambda row, *, by, form: cantons.change(
        row, by=by, **{name: value for name, value in form.cleaned_data.items() if name != "number"}
    ),
    rows=lambda term: Canton.objects.filter(assembly=term.assembly_id),
    identity=("number",),
    identity_of=lambda row: [row.number],
)
CANTONS_FILE = ImportPages(
    app="imports",
    kind=CANTONS,
    rule=can_administer_term,
    rows=CANTON_ROWS,
    title=gettext_lazy("Importer des cantons"),
    above=gettext_lazy("Cantons"),
    list_route="institution:cantons",
    added=gettext_lazy("Cantons ajoutés"),
    model=gettext_lazy("modele cantons"),
    count=lambda n: ngettext("Importer %(n)s canton", "Importer %(n)s cantons", n) % {"n": n},
    export="institution:canton-export",
    prefix="canton-",
)

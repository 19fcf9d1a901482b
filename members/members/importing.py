"""Import of a file of people without account, through the form of one of them."""

from typing import Any

from django.forms import model_to_dict
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.entry_rows import EntryRows
from assembly.imports.views import ImportPages
from assembly.institution.models import Term
from members import rules
from members.forms import CONTACT, NAMES, PersonForm
from members.members import actions
from members.members.lists import person_reference
from members.models import Contact

KIND = "persons"


def form_of(term: Term, user: User | None, data: Any = None, row: Contact | None = None) -> PersonForm:
    initial = model_to_dict(row.person, [*NAMES, "capacity", *CONTACT]) if row else None
    form = PersonForm(data, initial=initial)
    if row is None and data and not data.get("channel"):  # the address says it: the page asks for it
        form.data = {**data, "channel": "email" if data.get("email") else "paper"}
    return form


PERSON_ROWS = EntryRows(
    fields={name: field.label for name, field in PersonForm.base_fields.items()},
    required=("first_name", "last_name"),
    form=form_of,
    create=lambda term, *, by, form: actions.add_contact(term, by=by, **form.cleaned_data),
    edit=lambda row, *, by, form: actions.correct_contact(row, by=by, **form.cleaned_data),
    rows=lambda term: Contact.objects.filter(assembly=term.assembly_id).select_related("person__user"),
    identity=("last_name", "first_name", "email", "capacity"),
    named_by=("last_name", "first_name"),
    identity_of=lambda row: [row.person.last_name, row.person.first_name, row.person.email, row.person.capacity],
    reference=person_reference,
)
PERSONS_FILE = ImportPages(
    app="members",
    kind=KIND,
    rule=rules.can_manage,
    rows=PERSON_ROWS,
    example_in="last_name",
    title=gettext_lazy("Importer des personnes"),
    above=gettext_lazy("Annuaire"),
    list_route="directory:list",
    added=gettext_lazy("Personnes ajoutées"),
    model=gettext_lazy("modele personnes"),
    count=lambda n: ngettext("Importer %(n)s personne", "Importer %(n)s personnes", n) % {"n": n},
    export="members:person-export",
    prefix="person-",
)

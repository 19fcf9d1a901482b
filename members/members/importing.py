"""Import of a file of people without account, through the form of one of them."""

from collections.abc import Hashable
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User, sort_key
from assembly.imports.entry_rows import EntryRows
from assembly.imports.plan import ImportKind
from assembly.imports.views import ImportPages
from assembly.institution.models import Term
from assembly.web.forms import StyledForm
from members import rules
from members.forms import PersonForm
from members.members import actions
from members.models import Contact

KIND = "persons"


def form_of(term: Term, user: User | None, data: Any = None) -> PersonForm:
    form = PersonForm(data)
    if data and not data.get("channel"):  # the address says it: the page asks for it
        form.data = {**data, "channel": "email" if data.get("email") else "paper"}
    return form


def key_of(form: PersonForm) -> Hashable:
    data = form.cleaned_data
    return (sort_key(data["last_name"], data["first_name"]), data["email"].lower(), data["capacity"].lower())


def known_people(term: Term) -> set[Hashable]:
    rows = Contact.objects.filter(assembly=term.assembly_id)
    people = rows.values_list("person__sort_name", "person__email", "person__capacity")
    return {(name, email.lower(), capacity.lower()) for name, email, capacity in people}


PERSON_ROWS = EntryRows(
    fields={name: field.label for name, field in PersonForm.base_fields.items()},
    required=("first_name", "last_name"),
    form=form_of,
    create=lambda term, *, by, form: actions.add_contact(term, by=by, **form.cleaned_data),
    key=key_of,
    known=known_people,
)
PERSONS_FILE = ImportPages(
    app="members",
    kind=KIND,
    rule=rules.can_manage,
    columns=PERSON_ROWS.columns(),
    example=["Exemple" if name == "last_name" else "" for name in PERSON_ROWS.fields],
    confirm_form=StyledForm,
    title=gettext_lazy("Importer des personnes"),
    above=gettext_lazy("Annuaire"),
    list_route="directory:list",
    added=gettext_lazy("Personnes ajoutées"),
    model=gettext_lazy("modele personnes"),
    count=lambda n: ngettext("Importer %(n)s personne", "Importer %(n)s personnes", n) % {"n": n},
    start_template="imports/entries.html",
    prefix="person-",
)
PERSONS_KIND = ImportKind(
    KIND, PERSON_ROWS.columns_in, PERSON_ROWS.plan, PERSON_ROWS.write, may_import=rules.can_manage
)

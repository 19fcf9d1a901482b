"""Import of a file of sittings to come: each line passes through the form of a sitting, with the body that meets."""

from collections.abc import Hashable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.entry_rows import EntryRows
from assembly.imports.plan import ImportKind
from assembly.imports.views import ImportPages
from assembly.institution.models import Committee, Term
from assembly.web.forms import StyledForm
from sessions.models import Sitting
from sessions.sittings import rules
from sessions.sittings.actions import planning
from sessions.sittings.forms import SittingForm

KIND, MOST_ROWS = "sittings", 500


class BodyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class SittingLineForm(SittingForm):
    """Form of a sitting, and of the body that meets: without one, the whole assembly."""

    body = BodyField(
        label=gettext_lazy("Groupe ou commission"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=gettext_lazy("Assemblée plénière"),
    )
    field_order = ("title", "body", *SittingForm.field_order[1:])

    def __init__(self, *args: Any, term: Term, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, term=term, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = Committee.objects.filter(term=term, closed_on=None).order_by("name__alphabetical")
        self.fields["officer"].required = False
        self.user = user

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["officer"] = values["officer"] or self.user
        return {name: value for name, value in values.items() if name != "body"}


def form_of(term: Term, user: User | None, data: Any = None) -> SittingLineForm:
    return SittingLineForm(data, term=term, user=user)


def create(term: Term, *, by: User, form: SittingLineForm) -> Sitting:
    committee = form.cleaned_data["body"]
    return planning.create(
        term,
        kind=rules.kind_of_body(committee),
        committee=committee,
        by=by,
        lines=planning.first_lines(),
        **form.values(),
    )


def key_of(form: SittingLineForm) -> Hashable:
    body = form.cleaned_data["body"]
    return (body.pk if body else None, form.cleaned_data["starts_at"])


SITTING_ROWS = EntryRows(
    fields={name: field.label for name, field in SittingLineForm.base_fields.items()},
    required=("title", "day", "starts", "ends"),
    form=form_of,
    create=create,
    key=key_of,
    known=lambda term: set(Sitting.objects.filter(term=term).values_list("committee", "starts_at")),
)
SITTINGS_FILE = ImportPages(
    app="sittings",
    kind=KIND,
    rule=rules.can_create,
    columns=SITTING_ROWS.columns(),
    example=["Exemple" if name == "title" else "" for name in SITTING_ROWS.fields],
    confirm_form=StyledForm,
    title=gettext_lazy("Importer des séances"),
    above=gettext_lazy("Séances"),
    list_route="sittings:list",
    added=gettext_lazy("Séances créées"),
    model=gettext_lazy("modele seances"),
    count=lambda n: ngettext("Importer %(n)s séance", "Importer %(n)s séances", n) % {"n": n},
    file_help=gettext_lazy(
        "CSV ou XLSX, 500 lignes et 5 Mo au plus. Rien n’est envoyé : chaque séance est à convoquer."
    ),
    start_template="imports/entries.html",
)
SITTINGS_KIND = ImportKind(
    KIND, SITTING_ROWS.columns_in, SITTING_ROWS.plan, SITTING_ROWS.write, MOST_ROWS, rules.can_create
)

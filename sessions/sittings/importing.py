"""Import of a file of sittings to come: each line passes through the form of a sitting, with the body that meets."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.entry_rows import EntryRows, make_readonly
from assembly.imports.views import ImportPages
from assembly.institution.models import Committee, Term
from assembly.web.forms import with_current
from sessions.models import Sitting
from sessions.sittings import rules
from sessions.sittings.actions import planning
from sessions.sittings.forms import SittingForm, initial_of

KIND = "sittings"


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

    def keep_choices(self) -> None:
        """Keep what a sitting has among the choices, even if it is no longer offered."""
        for name in ("body", "chair", "secretary", "officer"):
            field: Any = self.fields[name]
            field.queryset = with_current(field.queryset, self.initial.get(name))

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["officer"] = values["officer"] or self.user
        return {name: value for name, value in values.items() if name != "body"}


def form_of(term: Term, user: User | None, data: Any = None, row: Sitting | None = None) -> SittingLineForm:
    if row is None:
        return SittingLineForm(data, term=term, user=user)
    initial = {name: value for name, value in initial_of(row).items() if name != "version"}
    form = SittingLineForm(data, term=term, user=row.officer, initial=initial | {"body": row.committee_id})
    form.keep_choices()
    make_readonly(form, ["body"] if row.is_upcoming else form.fields)
    return form


def edit(row: Sitting, *, by: User, form: SittingLineForm) -> None:
    planning.edit(row, version=row.version, by=by, **form.values())


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


SITTING_ROWS = EntryRows(
    fields={name: field.label for name, field in SittingLineForm.base_fields.items()},
    required=("title", "day", "starts", "ends"),
    form=form_of,
    create=create,
    edit=edit,
    rows=lambda term: Sitting.objects.filter(term=term).select_related("term__assembly", "committee", "officer"),
    identity=("body", "day", "starts"),
    identity_of=lambda row: [
        row.committee,
        timezone.localdate(row.starts_at),
        timezone.localtime(row.starts_at).time(),
    ],
    reference=lambda row: row.reference,
    headers={"body": [gettext_lazy("Instance")]},
)
SITTINGS_FILE = ImportPages(
    app="sittings",
    kind=KIND,
    rule=rules.can_create,
    rows=SITTING_ROWS,
    example_in="title",
    title=gettext_lazy("Importer des séances"),
    above=gettext_lazy("Séances"),
    list_route="sittings:list",
    added=gettext_lazy("Séances créées"),
    model=gettext_lazy("modele seances"),
    count=lambda n: ngettext("Importer %(n)s séance", "Importer %(n)s séances", n) % {"n": n},
    most_rows=500,
    file_note=gettext_lazy("Rien n’est envoyé : chaque séance est à convoquer."),
    export="sittings:export",
)

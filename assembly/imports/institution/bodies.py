"""Import of groups and committees, and of the seats that people hold in them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.identity.models import User, sort_key
from assembly.identity.names import PersonNameField
from assembly.imports.entry_rows import EntryRows, make_readonly
from assembly.imports.views import ImportPages
from assembly.institution.actions import committees as actions
from assembly.institution.forms import CommitteeForm
from assembly.institution.lists import body_reference, seat_reference
from assembly.institution.models import Committee, CommitteeFunction, CommitteeMembership, Term
from assembly.institution.queries import candidates_for, seats_of_bodies
from assembly.institution.rules import is_team
from assembly.web.forms import StyledForm

BODIES, SEATS = "bodies", "body-seats"


def body_form(term: Term, user: User | None, data: Any = None, row: Committee | None = None) -> CommitteeForm:
    if row is None:
        return CommitteeForm(data, term=term)
    initial = {name: getattr(row, name) for name in ("name", "kind", "purpose", "opened_on")}
    form = CommitteeForm(data, term=term, initial=initial | {"cantons": row.cantons.all()})
    make_readonly(form, form.fields if row.closed_on else ["opened_on"])
    return form


def change_body(row: Committee, *, by: User, form: CommitteeForm) -> None:
    values = {name: value for name, value in form.cleaned_data.items() if name != "opened_on"}
    actions.change(row, by=by, **values)


BODY_ROWS = EntryRows(
    fields={name: field.label for name, field in CommitteeForm.base_fields.items()},
    required=("name", "kind"),
    form=body_form,
    create=lambda term, *, by, form: actions.create(term, by=by, **form.cleaned_data),
    edit=change_body,
    rows=lambda term: Committee.objects.filter(term=term).prefetch_related("cantons"),
    identity=("name",),
    identity_of=lambda row: [row.name],
    reference=body_reference,
)
BODIES_FILE = ImportPages(
    app="imports",
    kind=BODIES,
    rule=is_team,
    rows=BODY_ROWS,
    title=gettext_lazy("Importer des groupes et comités"),
    above=gettext_lazy("Groupes et comités"),
    list_route="institution:committees",
    added=gettext_lazy("Groupes et comités créés"),
    model=gettext_lazy("modele groupes"),
    count=lambda n: ngettext("Importer %(n)s groupe", "Importer %(n)s groupes", n) % {"n": n},
    export="institution:committee-list-export",
    prefix="body-",
    more=[(gettext_lazy("leurs membres"), "imports:seat-import-start")],
)


class SeatLineForm(StyledForm):
    """Form of the seat of a person in a committee, with its last day once it has one."""

    committee = forms.ModelChoiceField(label=gettext_lazy("Comité"), queryset=Committee.objects.none())
    last_name = PersonNameField(label=gettext_lazy("Nom"), max_length=80)
    first_name = PersonNameField(label=gettext_lazy("Prénom"), max_length=80)
    function = forms.ChoiceField(
        label=gettext_lazy("Fonction"), choices=CommitteeFunction, initial=CommitteeFunction.MEMBER
    )
    starts_on = forms.DateField(label=gettext_lazy("Du"), initial=timezone.localdate)
    ends_on = forms.DateField(label=gettext_lazy("Au"), required=False)

    def __init__(self, *args: Any, term: Term, own: Committee | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term, self.is_new = term, own is None
        body: Any = self.fields["committee"]
        open_ones = Committee.objects.filter(term=term, closed_on=None)
        body.queryset = open_ones | Committee.objects.filter(pk=own.pk) if own else open_ones

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("La fin doit venir après le début."))
        if self.is_new and data.get("last_name") and data.get("first_name"):
            data["person"] = self.person(sort_key(data["last_name"], data["first_name"]))
        return data

    def person(self, name: str) -> Any:
        people = list(candidates_for(self.term).filter(sort_name=name)[:2])
        if not people:
            self.add_error(
                "last_name", _("Personne ne porte ce nom dans cette mandature. Ajoutez d’abord la personne.")
            )
        elif len(people) > 1:
            self.add_error("last_name", _("Plusieurs personnes portent ce nom : faites-la entrer depuis le comité."))
        return people[0] if people else None


def seat_form(term: Term, user: User | None, data: Any = None, row: CommitteeMembership | None = None) -> SeatLineForm:
    if row is None:
        return SeatLineForm(data, term=term)
    initial = {name: getattr(row, name) for name in ("committee", "function", "starts_on", "ends_on")}
    initial |= {name: getattr(row.person, name) for name in ("last_name", "first_name")}
    form = SeatLineForm(data, term=term, own=row.committee, initial=initial)
    is_over = row.ends_on is not None or row.committee.closed_on is not None
    make_readonly(form, form.fields if is_over else [name for name in form.fields if name != "ends_on"])
    return form


def add_seat(term: Term, *, by: User, form: SeatLineForm) -> None:
    data = form.cleaned_data
    day: date | None = data["ends_on"]
    seat = actions.add_member(
        data["committee"], data["person"], by=by, starts_on=data["starts_on"], function=data["function"]
    )
    if day:
        actions.end_member(seat, by=by, on=day)


def end_seat(row: CommitteeMembership, *, by: User, form: SeatLineForm) -> None:
    if not form.cleaned_data["ends_on"]:
        raise ValidationError(_("Une participation finie ne recommence pas : ajoutez-en une autre."))
    actions.end_member(row, by=by, on=form.cleaned_data["ends_on"])


SEAT_ROWS = EntryRows(
    fields={name: field.label for name, field in SeatLineForm.base_fields.items()},
    required=("committee", "last_name", "first_name"),
    form=seat_form,
    create=add_seat,
    edit=end_seat,
    rows=seats_of_bodies,
    identity=("committee", "last_name", "first_name", "function", "starts_on"),
    named_by=("last_name", "first_name"),
    identity_of=lambda row: [
        row.committee, row.person.last_name, row.person.first_name, row.function, row.starts_on,
    ],
    reference=seat_reference,
)  # fmt: skip
SEATS_FILE = ImportPages(
    app="imports",
    kind=SEATS,
    rule=is_team,
    rows=SEAT_ROWS,
    example_in="last_name",
    title=gettext_lazy("Importer les membres des groupes et comités"),
    above=gettext_lazy("Groupes et comités"),
    list_route="institution:committees",
    added=gettext_lazy("Participations ajoutées"),
    model=gettext_lazy("modele membres des groupes"),
    count=lambda n: ngettext("Importer %(n)s participation", "Importer %(n)s participations", n) % {"n": n},
    export="institution:committee-export",
    prefix="seat-",
)

"""Import of a file of referrals to prepare: each line is a draft, through the form of a referral.

Of a referral that there is, a line changes what its page would let somebody change.
"""

import copy
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.entry_rows import EntryRows, make_readonly
from assembly.imports.views import ImportPages
from assembly.institution.models import Directorate, Term
from consultations.models import Referral
from consultations.referrals import actions, rules
from consultations.referrals.forms import ReferralForm
from consultations.referrals.queries import named_directorates

KIND = "referrals"


class ReferralLineForm(ReferralForm):
    """Form of a referral that has all fields; those that its page no longer shows are read-only."""

    readonly_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = [name for name in self.base_fields if name not in self.fields]
        for name in left_out:
            self.fields[name] = copy.deepcopy(self.base_fields[name])
        if "lead" in left_out:
            named = named_directorates(self.instance)
            self.initial["lead"] = next((row.directorate_id for row in named if row.is_lead), None)
            self.initial["associated"] = [row.directorate_id for row in named if not row.is_lead]
            for name in ("lead", "associated"):
                field: Any = self.fields[name]
                field.queryset = Directorate.objects.filter(pk__in=[row.directorate_id for row in named])
        self.order_fields([*self.base_fields])
        make_readonly(self, left_out)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in self.readonly_fields}


def form_of(term: Term, user: User | None, data: Any = None, row: Referral | None = None) -> ReferralLineForm:
    return ReferralLineForm(data, term=term, instance=copy.copy(row) if row else None)


def edit(row: Referral, *, by: User, form: ReferralLineForm) -> None:
    actions.edit(row, version=row.version, by=by, **form.values())


REFERRAL_ROWS = EntryRows(
    fields={name: field.label for name, field in ReferralForm.base_fields.items()},
    required=("title",),
    form=form_of,
    create=lambda term, *, by, form: actions.create(term, by=by, **form.values()),
    edit=edit,
    rows=lambda term: Referral.objects.filter(term=term).select_related("term__assembly"),
    identity=("title",),
    identity_of=lambda row: [row.title],
    reference=lambda row: row.reference or f"saisine-{row.pk}",
)
REFERRALS_FILE = ImportPages(
    app="consultations",
    kind=KIND,
    rule=rules.can_create,
    rows=REFERRAL_ROWS,
    example_in="title",
    title=gettext_lazy("Importer des saisines"),
    above=gettext_lazy("Saisines"),
    list_route="consultations:list",
    added=gettext_lazy("Saisines préparées"),
    model=gettext_lazy("modele saisines"),
    count=lambda n: ngettext("Importer %(n)s saisine", "Importer %(n)s saisines", n) % {"n": n},
    most_rows=500,
    file_note=gettext_lazy("Chaque saisine est un brouillon : rien ne part."),
    export="consultations:export",
)

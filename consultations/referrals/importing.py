"""Import of a file of referrals to prepare: each line is a draft, through the form of a referral."""

from collections.abc import Hashable
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.cells import folded_text
from assembly.imports.entry_rows import EntryRows
from assembly.imports.plan import ImportKind
from assembly.imports.views import ImportPages
from assembly.institution.models import Term
from assembly.web.forms import StyledForm
from consultations.models import Referral
from consultations.referrals import actions, rules
from consultations.referrals.forms import ReferralForm

KIND, MOST_ROWS = "referrals", 500


def form_of(term: Term, user: User | None, data: Any = None) -> ReferralForm:
    return ReferralForm(data, term=term)


def known_titles(term: Term) -> set[Hashable]:
    return {folded_text(title) for title in Referral.objects.filter(term=term).values_list("title", flat=True)}


REFERRAL_ROWS = EntryRows(
    fields={name: field.label for name, field in ReferralForm.base_fields.items()},
    required=("title",),
    form=form_of,
    create=lambda term, *, by, form: actions.create(term, by=by, **form.values()),
    key=lambda form: folded_text(form.cleaned_data["title"]),
    known=known_titles,
)
REFERRALS_FILE = ImportPages(
    app="consultations",
    kind=KIND,
    rule=rules.can_create,
    columns=REFERRAL_ROWS.columns(),
    example=["Exemple" if name == "title" else "" for name in REFERRAL_ROWS.fields],
    confirm_form=StyledForm,
    title=gettext_lazy("Importer des saisines"),
    above=gettext_lazy("Saisines"),
    list_route="consultations:list",
    added=gettext_lazy("Saisines préparées"),
    model=gettext_lazy("modele saisines"),
    count=lambda n: ngettext("Importer %(n)s saisine", "Importer %(n)s saisines", n) % {"n": n},
    file_help=gettext_lazy("CSV ou XLSX, 500 lignes et 5 Mo au plus. Chaque saisine est un brouillon : rien ne part."),
    start_template="imports/entries.html",
)
REFERRALS_KIND = ImportKind(
    KIND, REFERRAL_ROWS.columns_in, REFERRAL_ROWS.plan, REFERRAL_ROWS.write, MOST_ROWS, rules.can_create
)

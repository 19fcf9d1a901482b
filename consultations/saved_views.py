"""Lists that may be saved: referrals (a directorate reads those that it is asked about) and suggested subjects."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly.institution.rules import is_team
from assembly.saved_views.registry import SavedList, register, with_plain_columns
from consultations.forms.referrals import ReferralFilterForm
from consultations.forms.self_referrals import SuggestionFilterForm
from consultations.queries.referrals import listing
from consultations.queries.self_referrals import suggestions
from consultations.rules.referrals import can_see_desk
from consultations.views import self_referrals_desk
from consultations.views.referrals import LIST

register(
    SavedList(
        "referrals",
        _("Saisines"),
        "consultations:list",
        can_see_desk,
        listing=lambda asked: with_plain_columns(LIST),
        form=lambda user, term, asked: ReferralFilterForm(asked, term=term),
        rows=lambda user, term, form: listing(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s saisine", "%(n)s saisines", n) % {"n": n},
        for_directorates=True,
    )
)
register(
    SavedList(
        "suggestions",
        _("Sujets proposés"),
        "consultations:suggestions",
        is_team,
        listing=lambda asked: with_plain_columns(self_referrals_desk.LIST),
        form=lambda user, term, asked: SuggestionFilterForm(asked),
        rows=lambda user, term, form: suggestions(term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s sujet", "%(n)s sujets", n) % {"n": n},
    )
)

"""The list of referrals, as it may be kept; a directorate reads those that it is asked about."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly.saved_views.registry import KeptList, in_words, register
from consultations.forms.referrals import ReferralFilterForm
from consultations.queries.referrals import listing
from consultations.rules.referrals import can_see_desk
from consultations.views.referrals import LIST

register(
    KeptList(
        "referrals",
        _("Saisines"),
        "consultations:list",
        can_see_desk,
        listing=lambda asked: in_words(LIST),
        form=lambda user, term, asked: ReferralFilterForm(asked, term=term),
        rows=lambda user, term, form: listing(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s saisine", "%(n)s saisines", n) % {"n": n},
        for_directorates=True,
    )
)

"""The list of opinions, as it may be saved."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly.saved_views.registry import SavedList, register, with_plain_columns
from opinions.forms.opinions import OpinionFilterForm
from opinions.queries.opinions import listing
from opinions.rules.opinions import can_see_desk
from opinions.views.opinions import LIST

register(
    SavedList(
        "opinions",
        _("Avis de l’assemblée"),
        "opinions:list",
        can_see_desk,
        listing=lambda asked: with_plain_columns(LIST),
        form=lambda user, term, asked: OpinionFilterForm(asked),
        rows=lambda user, term, form: listing(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s avis", "%(n)s avis", n) % {"n": n},
    )
)

"""The list of sittings as a saved view."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly.saved_views.registry import SavedList, register, with_plain_columns
from assembly.web.lists import Column
from sessions.forms.sittings import SittingFilterForm
from sessions.queries.sittings import listing
from sessions.rules.sittings import can_see_term
from sessions.views.sittings import LIST

TITLE, *OTHERS = with_plain_columns(LIST).screen_columns
COLUMNS = [TITLE, Column(_("Date"), "starts_at", key="date", order=["starts_at"]), *OTHERS]

register(
    SavedList(
        "sittings",
        _("Séances"),
        "sittings:list",
        can_see_term,
        listing=lambda asked: LIST.with_columns(COLUMNS),
        form=lambda user, term, asked: SittingFilterForm(asked, term=term),
        rows=lambda user, term, form: listing(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s séance", "%(n)s séances", n) % {"n": n},
    )
)

"""Directory and address book as saved lists: names and functions, never contact data."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly.saved_views.registry import SavedList, register, with_plain_columns
from assembly.web.lists import Column
from members import queries, rules
from members.forms import DirectoryFilter, PersonSearch
from members.views import persons
from members.views.directory import LIST, NAME

COLUMNS = [
    Column(_("Nom"), "member.person.full_name", key="nom", order=[NAME]),
    *with_plain_columns(LIST).screen_columns[1:],
]
PERSON = Column(_("Nom"), "person.full_name", key="nom", order=[persons.NAME])

register(
    SavedList(
        "members",
        _("Membres"),
        "members:member-list",
        rules.can_see_directory,
        listing=lambda asked: LIST.with_columns(COLUMNS),
        form=lambda user, term, asked: DirectoryFilter(asked, term=term, private=rules.can_see_private(user, term)),
        rows=lambda user, term, form: queries.directory(
            user, term, form.active_filters(), private=rules.can_see_private(user, term)
        ),
        count=lambda n: ngettext("%(n)s membre", "%(n)s membres", n) % {"n": n},
    )
)
register(
    SavedList(
        "persons",
        _("Personnes sans compte"),
        "members:person-list",
        rules.can_manage,
        listing=lambda asked: persons.LIST.with_columns(
            [PERSON, *with_plain_columns(persons.LIST).screen_columns[1:]]
        ),
        form=lambda user, term, asked: PersonSearch(asked),
        rows=lambda user, term, form: queries.contacts(user, term, form.active_filters().get("q", "")),
        count=lambda n: ngettext("%(n)s personne", "%(n)s personnes", n) % {"n": n},
        by_term=False,
    )
)

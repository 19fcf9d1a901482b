"""Lists of the institution that may be saved. It is an app below this one, so that they are registered here."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly.institution.forms import PeopleFilter
from assembly.institution.queries import directorates_of
from assembly.institution.rules import can_administer
from assembly.institution.views import directorates, people
from assembly.saved_views.registry import SavedList, register, with_plain_columns
from assembly.web.forms import ListFilter
from assembly.web.lists import Column

BY_NAME = Column(_("Nom"), "person.full_name", key="nom", order=["person__sort_name"])

register(
    SavedList(
        "accounts",
        _("Équipe et rôles"),
        "institution:people",
        lambda user, term: can_administer(user, term.assembly_id),
        listing=lambda asked: people.LIST.with_columns([BY_NAME, *with_plain_columns(people.LIST).screen_columns[1:]]),
        form=lambda user, term, asked: PeopleFilter(asked),
        rows=lambda user, term, form: people.people_of_role(term.assembly_id, form.asked),
        count=lambda n: ngettext("%(n)s personne", "%(n)s personnes", n) % {"n": n},
        by_term=False,
    )
)
register(
    SavedList(
        "directorates",
        _("Directions"),
        "institution:directorates",
        lambda user, term: can_administer(user, term.assembly_id),
        listing=lambda asked: with_plain_columns(directorates.LIST),
        form=lambda user, term, asked: ListFilter(asked),
        rows=lambda user, term, form: directorates_of(term.assembly_id),
        count=lambda n: ngettext("%(n)s direction", "%(n)s directions", n) % {"n": n},
        by_term=False,
    )
)

"""The list of the directory: its columns, filters and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.directory.queries import affiliations, can_see_contacts, people, search_people
from assembly.directory.registry import directory_sources
from assembly.institution.models import Directorate, Term
from assembly.institution.queries import canton_choices
from assembly.institution.rules import can_see_territory
from assembly.lists import Column, Empty, Filter, List, PageLink, Unmatched, small, stacked
from assembly.lists.declaration import ListLine
from assembly.lists.filters import FilterForm
from assembly.lists.tables import ListPage
from assembly.text.phones import format_phone, phone_digits
from assembly.web.values import NOTHING

FEW = 10  # on a page of more people, members' phone and mail are left out: the journal notes who reads those


def role_cell(person: Any) -> Any:
    """Return the roles, each a link to the page where the reader works on it."""
    roles = affiliations(person)
    return stacked(*(format_html('<a href="{}">{}</a>', one.url, one.role) if one.url else one.role for one in roles))


def organisations(person: Any) -> list[str]:
    return list(dict.fromkeys(one.organisation for one in affiliations(person) if one.organisation))


def phone_link(person: Any) -> Any:
    """Return the number as a link, unless the page of many people leaves it out."""
    if not person.phone:
        return NOTHING
    if hides_contacts(person):
        return small(gettext("sur la fiche"))
    return format_html('<a href="tel:{}">{}</a>', phone_digits(person.phone), format_phone(person.phone))


def email_link(person: Any) -> Any:
    if not person.email:
        return NOTHING
    if hides_contacts(person):
        return small(gettext("sur la fiche"))
    return format_html('<a href="mailto:{0}">{0}</a>', person.email)


def hides_contacts(person: Any) -> bool:
    return getattr(person, "is_among_many", False) and any(
        getattr(person, source.column, None) for source in directory_sources() if source.is_private
    )


def name_note(person: Any) -> Any:
    """Return the capacity, and who else has the same mail address: perhaps the same person twice."""
    others = ", ".join(getattr(person, "same_email", None) or ())
    same = gettext("Même courriel : %(names)s") % {"names": others} if others else ""
    return stacked(person.capacity, same)


def filters_for(user: Any, term: Term) -> list[Filter]:
    """Return the filters, whose conditions are limited to the rows that this reader sees."""

    def having(kinds: Sequence[str], path: Mapping[str, str], value: str) -> Q:
        condition = Q(pk__in=[])
        for source in directory_sources():
            if source.kind in kinds:
                rows = source.visible_to(user, term).order_by()
                own = rows.filter(**{path[source.kind]: value}) if path else rows
                condition |= Q(pk__in=own.values(source.person))
        return condition

    cantons = {source.kind: source.canton for source in directory_sources() if source.canton}
    directorates = {source.kind: source.directorate for source in directory_sources() if source.directorate}
    kinds = [(source.kind, source.label) for source in directory_sources()]
    return [
        Filter(
            "type",
            _("Qui"),
            "",
            kinds,
            _("Tout le monde"),
            lambda kind: having([kind], {}, ""),
            can_see=can_see_contacts,
        ),
        Filter(
            "direction",
            _("Direction"),
            "",
            lambda term: list(
                Directorate.objects.filter(assembly=term.assembly_id, closed_on=None).values_list("pk", "name")
            ),
            _("Toutes les directions"),
            lambda value: having(list(directorates), directorates, value),
            can_see=can_see_contacts,
        ),
        Filter(
            "canton",
            _("Canton"),
            "",
            lambda term: canton_choices(term.assembly_id),
            _("Tous les cantons"),
            lambda value: having(list(cantons), cantons, value),
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class Directory(List):
    """List whose buttons come from its sources, and whose filters depend on the reader.

    It leaves private contact data out of a page of many people.
    """

    def offered_buttons(self, user: Any, term: Any) -> list[PageLink]:
        offered = (each for source in directory_sources() for each in source.buttons)
        return [each for each in offered if each.can_follow(user, term)]

    def form(self, user: Any, term: Any, asked: QueryDict) -> FilterForm:
        return super(Directory, replace(self, filters=filters_for(user, term))).form(user, term, asked)

    def lines(self, page: ListPage[Any], columns: Sequence[Column], *, can_open_row: bool) -> list[ListLine]:
        for person in page.page:
            person.is_among_many = page.count > FEW
        return super().lines(page, columns, can_open_row=can_open_row)


def page_context(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return whether the reader may take phones and addresses away, and how many are shown."""
    return {"private": can_see_contacts(user, term), "few": FEW}


DIRECTORY = Directory(
    _("Annuaire"),
    [
        Column(_("Nom"), "last_name", "nom", ["sort_name"], cell=lambda person: person.listed_name, note=name_note),
        Column(_("Prénom"), "first_name"),
        Column(_("Qualité"), "capacity"),
        Column(_("Rôle"), lambda person: ", ".join(one.role for one in affiliations(person)), "role", cell=role_cell),
        Column(
            _("Organisation"),
            lambda person: ", ".join(organisations(person)),
            "organisation",
            cell=lambda person: stacked(*organisations(person)) or NOTHING,
        ),
        Column(
            _("Téléphone"),
            lambda person: format_phone(person.phone),
            "telephone",
            cell=phone_link,
            can_see=can_see_contacts,
            is_shared=False,
        ),
        Column(_("Courriel"), "email", "courriel", cell=email_link, can_see=can_see_contacts, is_shared=False),
    ],
    default="nom",
    key="persons",  # of saved views, since there was a list of persons without account
    route="directory:list",
    row_route="directory:person",
    can_open_row=can_see_contacts,
    can_open=can_see_territory,
    rows=people,
    counted=ngettext_lazy("%(n)s personne", "%(n)s personnes", "n"),
    lead=_("Membres, équipe, élus, agents des directions, invités et contacts des partenaires."),
    search=search_people,
    search_label=_("Nom, organisation, téléphone ou courriel"),
    more=page_context,
    empty=Empty(_("Personne pour le moment"), _("Les membres, l’équipe et les contacts apparaîtront ici.")),
    unmatched=Unmatched(
        _("Personne ne correspond"), _("Essayez un autre mot, ou enlevez un filtre."), _("Voir tout l’annuaire")
    ),
    template="directory/list.html",
    by_term=False,
)

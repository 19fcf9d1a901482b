"""Contributions of the directory: its menu line, accounts as a source, the search, audit events."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.directory.lists import DIRECTORY
from assembly.directory.queries import affiliations, facts_of, known_by, people_in, visible_rows
from assembly.directory.registry import DirectorySource, add_directory_source, begins_word, directory_sources
from assembly.identity.models import Person
from assembly.institution.menu import MenuHeading, add_desk_line
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Role, RoleAssignment, Term
from assembly.institution.rules import assembly_ids, can_administer_term, held_roles, is_team
from assembly.lists import add_list
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.phones import format_phone

OUTSIDE = {Role.FACILITATOR, Role.WITNESS}  # they work for somebody else than the authority
TOKEN = re.compile(r"\w+")


class Accounts(DirectorySource):
    """Accounts of the team, of the elected, of those who serve the assembly; members have their own source."""

    kind, label, order = "account", _("Équipe et élus"), 20
    person = "user__person"
    facts = {"role": "role", "authority": "assembly__authority_name"}
    route, page = "institution:person", "user_id"
    touched_by = {"institution.RoleAssignment": "pk", "identity.User": "user"}

    def rows(self) -> QuerySet[RoleAssignment]:
        return RoleAssignment.objects.filter(ended_at=None, directorate=None).exclude(role=Role.MEMBER)

    def visible_to(self, user: Any, term: Term) -> QuerySet[RoleAssignment]:
        return self.rows().filter(assembly=term.assembly_id) if is_team(user, term) else self.rows().none()

    def can_open_page(self, user: Any, term: Term) -> bool:
        return can_administer_term(user, term)

    def role_of(self, facts: Mapping[str, Any]) -> str:
        return capfirst(str(Role(facts["role"]).label))

    def organisation_of(self, facts: Mapping[str, Any]) -> str:
        return "" if facts["role"] in OUTSIDE else str(facts["authority"])

    def matching(self, word: str) -> Q:
        return Q(role__in=[role for role in Role if begins_word(role.label, word)])


class Agents(Accounts):
    """Agents of the directorates."""

    kind, label, order = "agent", _("Agents des directions"), 30
    facts = {"role": "role", "organisation": "directorate__name"}
    directorate = "directorate"
    touched_by = {**Accounts.touched_by, "institution.Directorate": "directorate"}

    def rows(self) -> QuerySet[RoleAssignment]:
        return RoleAssignment.objects.filter(ended_at=None, role__in=DIRECTORATE_ROLES)

    def organisation_of(self, facts: Mapping[str, Any]) -> str:
        return str(facts["organisation"])

    def matching(self, word: str) -> Q:
        named = Q(directorate__name__unaccent__icontains=word) | Q(directorate__code__iexact=word)
        return super().matching(word) | named


class People(SearchSource):
    """Index of the directory for the team, one entry for each assembly that knows a person.

    The index copies phone and mail: `search.entries` deletes them in the transaction that erases the person.
    """

    kind, order = "person", 30
    name, label = _("Personne"), _("Personnes")

    def objects(self) -> QuerySet[Person]:
        return people_in({source: source.rows() for source in directory_sources()})

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        for assembly in sorted({facts["assembly_key"] for _source, facts in facts_of(subject)}):
            roles = [f"{one.role}, {one.organisation}".strip(", ") for one in affiliations(subject, assembly)]
            lines = [subject.capacity, *roles, format_phone(subject.phone), subject.email]
            others = [subject.city, *(source.keywords_of(facts) for source, facts in facts_of(subject, assembly))]
            yield IndexEntry(
                subject.full_name,
                body=" · ".join(filter(None, lines)),
                audience=audience_of(assembly),
                # PostgreSQL takes a mail address for one word: its parts find it too.
                keywords=" ".join([*others, *TOKEN.findall(subject.email)]),
            )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Person]]:
        terms = {role.term_id: role.term for role in held_roles(user) if role.role in TEAM_ROLES}
        known = dict.fromkeys(sorted(assembly_ids(user, TEAM_ROLES)), Q(pk__in=[]))
        for term in filter(None, terms.values()):
            known[term.assembly_id] |= known_by(visible_rows(user, term))
        return {
            audience_of(key): Person.objects.filter(condition, anonymised_at=None) for key, condition in known.items()
        }

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("directory:person", args=[entry.object_id])

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        keys = set(super().touched_by(label, ids))
        for source in directory_sources():
            if path := source.touched_by.get(label):
                # Also rows that have just left the directory: a role that ended is no longer among `rows`.
                every = source.rows().model._base_manager.filter(**{f"{path}__in": ids})
                keys |= set(every.values_list(source.person, flat=True))
        return keys

    @property
    def model_label(self) -> str:
        return str(Person._meta.label)


def audience_of(assembly: int) -> str:
    return f"team-{assembly}"


add_desk_line(MenuHeading.PEOPLE, DIRECTORY.title, "directory:list", DIRECTORY.can_open, order=22)
add_directory_source(Accounts)
add_directory_source(Agents)
add_search_source(People)
add_list(DIRECTORY)
add_audit_events(
    {
        "directory.exported": _("a exporté l’annuaire avec les coordonnées"),
        "directory.printed": _("a imprimé l’annuaire avec les coordonnées"),
        "directory.card_exported": _("a exporté la fiche d’une personne"),
    }
)

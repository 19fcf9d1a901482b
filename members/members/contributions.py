"""Contributions of members: menus, to-do lines, known people, directory, widgets, mails, search, events, a file."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, gettext_lazy as _, ngettext

from assembly.audit.registry import Key, NamedSubject, add_audit_events, add_namer
from assembly.correspondence.registry import ListGroup, add_recipient_group
from assembly.directory.lists import DIRECTORY
from assembly.directory.registry import DirectorySource, add_directory_source, begins_word
from assembly.identity.models import Person
from assembly.imports.plan import ImportKind, add_import_kind
from assembly.imports.views import ImportPages
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry, open_area
from assembly.institution.models import TEAM_ROLES, Role, RoleAssignment, Term
from assembly.institution.registry import add_known_people
from assembly.institution.rules import is_team, term_ids
from assembly.institution.todo import add_to_do
from assembly.lists import PageLink, add_list
from assembly.notifications.registry import add_messages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.speed.queries import CompiledQuery
from assembly.tasks.registry import add_person_page
from assembly.text.french import of_name
from assembly.text.small_cells import hidden_cells
from assembly.web.widgets import Widget, add_widget
from members import rules
from members.breakdowns import CLASSES, class_of, population_of
from members.enums import Gender, MandateState
from members.forms import ImportConfirmForm
from members.imports import COLUMNS, EXAMPLE, MEMBERS as MEMBERS_KIND, plan, write_member
from members.mandates.queries import active_mandates, answers_awaited, ready_to_open
from members.members import queries
from members.members.importing import PERSONS_FILE
from members.members.lists import MEMBERS
from members.members.mails import AddressChanged, AddressLeft, ContactGroup, MemberGroup, people_in_mandate
from members.members.queries import last_publication, names_to_confirm, years_and_places
from members.models import Contact, Mandate
from members.rules import can_manage


def name_line(row: dict[str, Any]) -> todo.ToDo:
    name = f"{row['first_name']} {row['last_name']}"
    title = gettext("Confirmer le nom %(of_name)s") % {"of_name": of_name(name)}
    return todo.ToDo(title, reverse("members:member-page", args=[row["pk"]]))


def proposed_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext("%(n)s personne n’a pas encore répondu", "%(n)s personnes n’ont pas encore répondu", waiting["n"])
    url = f"{reverse('members:member-list')}?etat={MandateState.PROPOSED}"
    return todo.ToDo(label % waiting, url, gettext("Mandats proposés"), is_expected=True)


def accepted_line(waiting: dict[str, Any]) -> todo.ToDo:
    label = ngettext("%(n)s mandat accepté est à ouvrir", "%(n)s mandats acceptés sont à ouvrir", waiting["n"])
    return todo.ToDo(label % waiting, reverse("members:member-activate"))


NAME = {"pk": "pk", "first_name": "member__person__first_name", "last_name": "member__person__last_name"}
DESK = todo.PendingLists(
    todo.PendingRows(answers_awaited, {"n": "n"}, proposed_line, due="deadline"),
    todo.PendingRows(ready_to_open, {"n": "n"}, accepted_line),
    todo.PendingRows(names_to_confirm, NAME, name_line),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the pending tasks of the team: answers awaited, mandates to open (one line each), names to confirm."""
    return [DESK] if rules.can_manage(user, term) else []


PLACES = CompiledQuery(years_and_places)


def counts_of(term: int) -> QuerySet[Mandate, Any]:
    return (
        active_mandates(term)
        .order_by()
        .values(all=Value(1))
        .annotate(members=Count("pk"), cantons=Count("member__canton", distinct=True))
    )


COUNTS = CompiledQuery(counts_of)


def composition(user: Any, term: Term) -> Widget | None:
    """Return seats held today and cantons; women and men as published last. None before the first open mandate.

    What women and men leave of the total is a small cell too: both are left out where it could name somebody.
    """
    (counts,) = COUNTS(term.pk)
    if not counts["members"]:
        return None
    publication = last_publication(term)
    genders = publication.groups.get("panel", {}).get("gender", {}) if publication else {}
    women, men, other = (genders.get(str(gender), (0, 0))[0] for gender in (Gender.FEMALE, Gender.MALE, Gender.OTHER))
    if publication and not hidden_cells([women, men, other]):
        counts = counts | {"women": women, "men": men, "published_at": publication.published_at}
    return Widget("members/members/_composition.html", counts, order=30, position="wide")


def ages(user: Any, term: Term) -> Widget | None:
    """Return bars of the members' ages; the mark is the population's, where it is known. None outside the team."""
    if not rules.can_manage(user, term):
        return None
    ((years, codes),) = PLACES(term.pk, term.assembly_id)
    if not years:
        return None
    return Widget("members/members/_age_chart.html", chart(years, population_of(codes)), order=30, position="wide")


def chart(years: list[dict[str, int]], population: tuple[float, ...] | None) -> dict[str, Any]:
    this_year = timezone.localdate().year
    counted: Counter[int] = Counter()
    for row in years:
        counted[class_of(this_year - row["year"])] += row["n"]
    shares = [counted[index] / counted.total() for index in range(len(CLASSES))]
    bars = [
        {"label": age_label(index), "value": share, "text": percent(share)}
        | ({"reference": population[index], "reference_text": percent(population[index])} if population else {})
        for index, share in enumerate(shares)
    ]
    head = [gettext("Âge"), gettext("Membres"), gettext("Part")] + ([gettext("Population")] if population else [])
    table = [
        [age_label(index), counted[index], percent(share)] + ([percent(population[index])] if population else [])
        for index, share in enumerate(shares)
    ]
    return {"bars": bars, "head": head, "table": table, "has_population": population is not None}


def age_label(index: int) -> str:
    low, high = CLASSES[index]
    return (
        gettext("%(low)s ans et plus") % {"low": low}
        if high > 100
        else gettext("%(low)s à %(high)s ans") % {"low": low, "high": high}
    )


def percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


DESK_AUDIENCE, MEMBER_AREA = "desk", "member_area"
PATHS = {"members.Member": "member__in", "identity.Person": "member__person__in"}


class Members(SearchSource):
    """Index of mandates for facilitators, who find the full name, and for members. The team searches the directory."""

    kind, order = "member", 30
    name, label = _("Membre"), _("Membres")

    def objects(self) -> QuerySet[Mandate]:
        rows = Mandate.objects.filter(member__person__anonymised_at=None)
        return rows.select_related("member__person", "member__canton")

    def entries(self, subject: Mandate) -> Iterable[IndexEntry]:
        person = subject.member.person
        place = gettext("Canton %(of_name)s") % {"of_name": of_name(subject.member.canton.name)}
        shared: dict[str, Any] = {"body": place, "term_id": subject.term_id}
        yield IndexEntry(person.full_name, audience=DESK_AUDIENCE, address_key=person.last_name[:60], **shared)
        yield IndexEntry(person.public_name, audience=MEMBER_AREA, address_key=person.first_name[:60], **shared)

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Mandate]]:
        today = timezone.localdate()
        team, facilitated = term_ids(user, TEAM_ROLES), term_ids(user, Role.FACILITATOR)
        desk = Mandate.objects.filter(term__in=facilitated - team).active_on(today)
        sits_in = term_ids(user, Role.MEMBER) - team - facilitated
        member_area = Mandate.objects.filter(term__in=sits_in, seat__isnull=False).active_on(today)
        return {DESK_AUDIENCE: desk, MEMBER_AREA: member_area}

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == MEMBER_AREA:
            return f"{reverse('members:public-directory')}?{urlencode({'q': entry.address_key})}"
        return f"{reverse('members:member-list')}?{urlencode({'q': entry.address_key})}"

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if path := PATHS.get(label):
            return Mandate.objects.filter(**{path: ids}).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def named_mandates(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of the holders of these mandates, in terms where the reader is in the team."""
    keys = keys_by_label.get("members.Mandate", ())
    rows = Mandate.objects.filter(term__in=term_ids(reader, TEAM_ROLES), member__person__anonymised_at=None)
    return {
        ("members.Mandate", str(row.pk)): NamedSubject(
            gettext("Membre"), row.member.person.full_name, url=reverse("members:member-page", args=[row.pk])
        )
        for row in (rows.filter(pk__in=keys).select_related("member__person") if keys else ())
    }


class MembersOfTerm(DirectorySource):
    """Mandates: the team sees all of them, facilitators the name and canton of those who sit."""

    kind, label, order = "member", _("Membres"), 10
    person, assembly = "member__person", "term__assembly"
    facts: ClassVar[Mapping[str, str]] = {"state": "state", "canton": "member__canton__name"}
    route = "members:member-page"
    canton = "member__canton"
    touched_by: ClassVar[Mapping[str, str]] = {"members.Mandate": "pk", "members.Member": "member"}
    is_private = True
    roles: ClassVar[Mapping[str, Any]] = {
        MandateState.PROPOSED: _("Membre, réponse attendue"),
        MandateState.SUSPENDED: _("Membre, mandat suspendu"),
        MandateState.ENDED: _("Ancien membre"),
        MandateState.DECLINED: _("A refusé son siège"),
        MandateState.NO_ANSWER: _("N’a pas répondu pour son siège"),
    }

    def rows(self) -> QuerySet[Mandate]:
        return Mandate.objects.all()

    def visible_to(self, user: Any, term: Term) -> QuerySet[Mandate]:
        rows = self.rows().filter(term=term, pk__in=Mandate.objects.visible_to(user).values("pk"))
        private = rules.can_see_private(user, term)
        return rows if private else rows.filter(pk__in=Mandate.objects.active_on(timezone.localdate()).values("pk"))

    def role_of(self, facts: Mapping[str, Any]) -> str:
        return str(self.roles.get(facts["state"]) or gettext("Membre"))

    def organisation_of(self, facts: Mapping[str, Any]) -> str:
        return gettext("Canton %(of_name)s") % {"of_name": of_name(facts["canton"])}

    def matching(self, word: str) -> Q:
        states = [state for state in MandateState if begins_word(self.role_of({"state": state}), word)]
        return Q(member__canton__name__unaccent__icontains=word) | Q(state__in=states)


class AddressBook(DirectorySource):
    """People without an account: elected, agents, experts, guests."""

    kind, label, order = "contact", _("Personnes sans compte"), 40
    person = "person"
    route = "members:person-page"
    touched_by: ClassVar[Mapping[str, str]] = {"members.Contact": "pk"}
    buttons = (
        PageLink(_("Importer"), "members:person-import-start", rules.can_manage, "quiet"),
        PageLink(_("Ajouter une personne"), "members:person-add", rules.can_manage, "primary"),
    )

    def rows(self) -> QuerySet[Contact]:
        return Contact.objects.filter(person__user=None)

    def visible_to(self, user: Any, term: Term) -> QuerySet[Contact]:
        return queries.contacts(user, term) if is_team(user, term) else self.rows().none()

    def role_of(self, facts: Mapping[str, Any]) -> str:
        return gettext("Personne sans compte")


class MembersGroup(ListGroup):
    """The members of the list, with its filters."""

    key = MEMBERS.key
    label = MEMBERS.title
    declared = MEMBERS
    person = "member__person"

    def people(self, subject: Term) -> QuerySet[Person]:
        return people_in_mandate(term=subject)


class DirectoryGroup(ListGroup):
    """The people of the directory, with its filters. Contacts of partners are written to by the lists they joined."""

    key = DIRECTORY.key
    label = DIRECTORY.title
    declared = DIRECTORY
    person = "pk"

    def people(self, subject: Term) -> QuerySet[Person]:
        known = Q(pk__in=people_in_mandate(term=subject).values("pk"))
        known |= Q(pk__in=Contact.objects.filter(assembly=subject.assembly_id).values("person"))
        roles = RoleAssignment.objects.filter(assembly=subject.assembly_id, ended_at=None)
        return Person.objects.filter(known | Q(pk__in=roles.values("user__person")))


open_area(r"/espace/membres/", {Role.MEMBER})
add_desk_line(MenuHeading.PEOPLE, _("Membres et sièges"), "members:member-list", MEMBERS.can_open, order=20)
add_menu_entry(
    "member",
    _("Mes informations"),
    "members:my-page",
    rules.can_see_public_directory,
    order=70,
    icon="person-vcard",
)
add_to_do("desk", desk_lines)

add_known_people(lambda term: Mandate.objects.filter(term__assembly=term.assembly_id).values("member__person"))
add_known_people(lambda term: Contact.objects.filter(assembly=term.assembly_id).values("person"))
add_widget("public", composition)
add_widget("desk-indicators", ages)
add_messages(AddressChanged, AddressLeft)
add_directory_source(MembersOfTerm)
add_directory_source(AddressBook)
add_namer(named_mandates)
for group in (MemberGroup(), MembersGroup(), ContactGroup(), DirectoryGroup()):
    add_recipient_group(group)
add_search_source(Members)
add_person_page("members.Mandate", "member__person")
add_audit_events(
    {
        "member.corrected": _("a corrigé les informations"),
        "member.name_requested": _("a demandé une correction du nom"),
        "member.name_confirmed": _("a confirmé la correction du nom"),
        "member.name_refused": _("a refusé la correction du nom"),
        "members.exported": _("a exporté la liste des membres avec leurs coordonnées"),
        "members.labels_printed": _("a imprimé les étiquettes d’adresse des membres"),
        "members.needs_read": _("a consulté la liste des besoins"),
        "member.access_ended": _("a fermé l’accès et les places en commission"),
        "person.created": _("a ajouté la personne"),
        "person.corrected": _("a corrigé la fiche de la personne"),
    }
)
add_list(MEMBERS)

MEMBERS_FILE = ImportPages(
    app="members",
    kind=MEMBERS_KIND,
    rule=can_manage,
    columns=COLUMNS,
    example=EXAMPLE,
    confirm_form=ImportConfirmForm,
    title=gettext_lazy("Import des membres"),
    above=gettext_lazy("Membres"),
    list_route="members:member-list",
    added=gettext_lazy("Membres ajoutés"),
    model=gettext_lazy("modele membres"),
    count=lambda n: ngettext("Importer %(n)s membre", "Importer %(n)s membres", n) % {"n": n},
    file_label=gettext_lazy("Fichier des membres"),
    start_template="members/imports/start.html",
    preview_template="members/imports/page.html",
)

add_import_kind(PERSONS_FILE.import_kind())
add_import_kind(ImportKind(MEMBERS_KIND, lambda term: COLUMNS, plan, write_member))

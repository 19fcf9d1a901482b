"""Registry of the groups of people to whom the team writes, filled by the `contributions` of each app.

    class CommitteeGroup(RecipientGroup[Committee]):
        key, label = "groupe", _("Groupe ou comité")
        fields = {"groupe": _("Nom du groupe")}

        def rows(self, user): return Committee.objects.filter(term__in=term_ids(user, TEAM_ROLES))
        def name(self, subject): return subject.name
        def people(self, subject): return Person.objects.filter(committee_memberships__committee=subject)
        def facts(self, subject): return {"groupe": subject.name}

    add_recipient_group(CommitteeGroup())

The page of the object includes `correspondence/_button.html`. The page of a list with a `ListGroup` has the button by
itself; for ticked rows its selection has a `BulkPage` that leads to `correspondence:write-to-list`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from assembly.identity.models import Person
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.lists import List
from assembly.text.french import Label
from assembly.web.forms import whole_number

PART, TICKED = "part", "ligne"


class RecipientGroup[Subject: Model]:
    """Group of people around one object, and the fields that a text to them may hold.

    `key`: its name in the address. `label`: what the object is. `fields`: what the text may hold of the object, by the
    word between braces. `is_own_dossier`: its people are written to about their own dossier, else each may refuse such
    mail by one click. `subject_route`: the page of the object, by its key.
    """

    key: ClassVar[str]
    label: ClassVar[Label]
    fields: ClassVar[Mapping[str, Label]] = {}
    is_own_dossier: ClassVar[bool] = True
    subject_route: ClassVar[str] = ""

    @property
    def heading(self) -> Label:
        """Return the heading under which its links stand."""
        return self.label

    def rows(self, user: Any) -> QuerySet[Subject]:
        """Return the objects from whose pages this reader writes: those of terms where they are in the team."""
        raise NotImplementedError

    def term(self, subject: Subject) -> Term | None:
        """Return the term of the object; None for one of an assembly."""
        return subject.term  # type: ignore[attr-defined]  # -- of most objects

    def assemblies(self, subject: Subject) -> Collection[int]:
        """Return the keys of the assemblies of an object without term."""
        return {subject.assembly_id}  # type: ignore[attr-defined]  # -- of an object of an assembly

    def name(self, subject: Subject) -> str:
        return str(subject)

    def people(self, subject: Subject) -> QuerySet[Person]:
        """Return everybody who may be written to today. Whoever is no longer one when a message leaves gets none."""
        raise NotImplementedError

    def people_for(self, subject: Subject, term: Term) -> QuerySet[Person]:
        """Return those whom the team of this term writes to, where the object belongs to several assemblies."""
        return self.people(subject)

    def parts(self, subject: Subject) -> Sequence[tuple[str, Label, Q]]:
        """Return the parts of the group that may be written to alone: value, label, condition on `people`."""
        return ()

    def chosen(self, subject: Subject, query: QueryDict, user: Any) -> QuerySet[Person]:
        """Return those of the people whom the address of the page names."""
        conditions = {value: condition for value, _label, condition in self.parts(subject)}
        return self.people(subject).filter(conditions.get(query.get(PART, ""), Q()))

    def chosen_name(self, subject: Subject, query: QueryDict, user: Any) -> str:
        """Return what the people are called: the name of the object, and its part."""
        labels = {value: str(label) for value, label, _condition in self.parts(subject)}
        part = labels.get(query.get(PART, ""), "")
        return f"{self.name(subject)} ({part})" if part else self.name(subject)

    def saved_query(self, subject: Subject, asked: QueryDict, user: Any) -> str:
        """Return what is stored of the address of the page: the same for the same people, however it was written."""
        part = asked.get(PART)
        return urlencode({PART: part}) if part else ""

    def facts(self, subject: Subject) -> dict[str, str]:
        """Return what each of `fields` holds."""
        return {}

    def proposed(self, subject: Subject) -> dict[str, str]:
        """Return the title and body with which a text to these people begins, empty where nothing is known."""
        return {}

    def offered_links(self, user: Any, term: Term) -> list[tuple[str, str]]:
        """Return what may be written to without going to its page first: names and addresses."""
        return []


class ListGroup(RecipientGroup[Term]):
    """The people of the rows of a list, with its filters, or of its ticked rows. Its object is the term.

    The page of the list then shows « Écrire ».
    """

    is_own_dossier = False

    declared: ClassVar[List]  # `key` is that of the list
    person: ClassVar[str]  # the path from a row to the person

    @property
    def heading(self) -> Label:
        return _("Listes")

    def term(self, subject: Term) -> Term:
        return subject

    def name(self, subject: Term) -> str:
        return str(self.declared.title)

    def people(self, subject: Term) -> QuerySet[Person]:
        raise NotImplementedError

    def chosen(self, subject: Term, query: QueryDict, user: Any) -> QuerySet[Person]:
        rows = self.declared.filtered_rows(user, subject, self.declared.form(user, subject, query))
        if ticked := query.getlist(TICKED):
            rows = self.declared.rows(user, subject).filter(pk__in={whole_number(key) for key in ticked})
        return self.people(subject).filter(pk__in=rows.order_by().values(self.person))

    def chosen_name(self, subject: Term, query: QueryDict, user: Any) -> str:
        if ticked := query.getlist(TICKED):
            return _("%(list)s, lignes choisies : %(n)s") % {"list": self.declared.title, "n": len(set(ticked))}
        return self.declared.title_with(self.declared.form(user, subject, query))

    def offered_links(self, user: Any, term: Term) -> list[tuple[str, str]]:
        if not self.declared.can_open(user, term):
            return []
        return [(str(self.declared.title), reverse("correspondence:write-to-list", args=[self.key]))]

    def saved_query(self, subject: Term, asked: QueryDict, user: Any) -> str:
        if ticked := asked.getlist(TICKED):
            return urlencode([(TICKED, key) for key in sorted({whole_number(key) for key in ticked})])
        return urlencode(sorted(self.declared.form(user, subject, asked).used.items()))


_groups: dict[str, RecipientGroup[Any]] = {}


def add_recipient_group(group: RecipientGroup[Any]) -> None:
    """Add a group; raise ValueError for a key in use."""
    if type(_groups.setdefault(group.key, group)) is not type(group):
        raise ValueError(f"Two groups of recipients are called {group.key!r}.")


def group_of(key: str) -> RecipientGroup[Any]:
    """Return the group of this key; raise Http404 without one."""
    if (group := _groups.get(key)) is None:
        raise Http404
    return group


def list_group(key: str, user: Any, term: Term) -> ListGroup | None:
    """Return the group of the list of this key, for a reader who may write to it."""
    group = _groups.get(key)
    may_write = isinstance(group, ListGroup) and is_team(user, term) and group.declared.can_open(user, term)
    return group if may_write else None  # type: ignore[return-value]  # -- checked above


def recipient_groups() -> Iterator[RecipientGroup[Any]]:
    yield from _groups.values()

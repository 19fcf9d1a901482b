"""Queries of the directory, of names to correct, of the address book and of the published profile."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from assembly.identity.models import ContactChannel, Person
from assembly.institution.models import Canton, Committee, CommitteeMembership, RoleAssignment, Term
from assembly.speed.queries import CompiledQuery
from members.enums import MandateState, RequestState
from members.mandates.models import MandateQuerySet
from members.mandates.queries import active_mandates
from members.members.models import ContactQuerySet
from members.models import AccommodationNeed, Contact, Mandate, Member, NameChangeRequest, ProfilePublication

PUBLIC_ORDER = ("member__canton__number", "member__person__first_name__alphabetical", "pk")


def member_of(user: Any) -> Member | None:
    """Return the member behind this sign-in."""
    return Member.objects.filter(person_id=user.person_id).select_related("person", "canton").first()


def directory(user: Any, term: Term | int, *, private: bool) -> MandateQuerySet:
    """Return the mandates of the term that this reader sees; without `private` those of today alone.

    With `groups`, names of committees, and, where `private`, with `needs`, the number of open measures.
    """
    rows = Mandate.objects.visible_to(user).filter(term=term)
    if private:
        # Counted for the rows of a page alone: a join would count and group the whole term before it is cut.
        needs = AccommodationNeed.objects.filter(member=OuterRef("member"), ends_on=None).order_by().values("member")
        counted = Subquery(needs.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        rows = rows.annotate(needs=Coalesce(counted, 0))
    else:
        rows = rows.active_on(timezone.localdate())
    rows = rows.annotate(groups=ArraySubquery(committee_names(term)))
    return rows.by_name().for_screen()


def committee_names(term: Term | int) -> QuerySet[Committee, Any]:
    """Return the committees where the person of a mandate sits today, each once: a subquery of mandates."""
    seats = CommitteeMembership.objects.filter(in_office(timezone.localdate()), committee=OuterRef("pk"))
    is_seated = Exists(seats.filter(person=OuterRef(OuterRef("member__person"))))
    return Committee.objects.filter(is_seated, term=term, closed_on=None).order_by("name__alphabetical").values("name")


def in_office(day: date) -> Q:
    """Return the condition for committee seats held on that day (last day included)."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def counted_by_state(term: int) -> QuerySet[Mandate, Any]:
    in_need = AccommodationNeed.objects.filter(ends_on=None).values("member")  # Read once, not for each mandate.
    counts = {
        "n": Count("pk"),
        "paper": Count("pk", filter=Q(member__person__channel=ContactChannel.PAPER)),
        "needs": Count("pk", filter=Q(member__in=in_need)),
    }
    return Mandate.objects.filter(term=term).order_by().values("state").annotate(**counts)


COUNTED_BY_STATE = CompiledQuery(counted_by_state)


def directory_counts(term: Term) -> dict[str, int]:
    """Return the counts of the quick filters: mandates by state, and of the open ones some by need."""
    by_state = {row["state"]: row for row in COUNTED_BY_STATE(term.pk)}
    still_open = [by_state[state] for state in MandateState.tagged("open") if state in by_state]
    return {state: by_state[state]["n"] if state in by_state else 0 for state in MandateState.values} | {
        "open": sum(row["n"] for row in still_open),
        "paper": sum(row["paper"] for row in still_open),
        "needs": sum(row["needs"] for row in still_open),
    }


def with_pending_name(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """Annotate `requested_name`: the pending correction of the name, or None."""
    waiting = NameChangeRequest.objects.filter(member=OuterRef("member"), state=RequestState.PENDING)
    fields = JSONObject(pk="pk", first_name="first_name", last_name="last_name")
    return rows.annotate(requested_name=Subquery(waiting.values_list(fields)[:1]))


def public_identities(term: Term | int, first_name: str = "", canton: Canton | int | None = None) -> QuerySet[Mandate]:
    """Return sitting members by canton, then first name: family names neither sort nor search this list."""
    rows = Mandate.objects.filter(term=term, seat__isnull=False).active_on(timezone.localdate())
    if first_name:
        rows = rows.filter(member__person__first_name__unaccent__icontains=first_name)
    if canton:
        rows = rows.filter(member__canton=canton)
    rows = rows.select_related("member__person", "member__canton")
    return rows.order_by(*PUBLIC_ORDER).for_screen()


def contacts(user: Any, term: Term) -> ContactQuerySet:
    """Return the address book of the term's assembly, without those who got an account since."""
    rows = Contact.objects.visible_to(user).filter(assembly=term.assembly_id, person__user=None)
    return rows.select_related("person")


def committee_seats(person: Person) -> QuerySet[CommitteeMembership]:
    """Return where this person sits today, in committees of any term."""
    rows = CommitteeMembership.objects.filter(in_office(timezone.localdate()), person=person)
    return rows.select_related("committee__term").order_by("committee__name__alphabetical")


def reachable_people(term: Term) -> QuerySet[Person]:
    """Return those whom the team may invite or seat in a committee: open mandates, address book, roles."""
    sitting = Mandate.objects.filter(term=term, state__in=MandateState.tagged("open"), member__person=OuterRef("pk"))
    cards = Contact.objects.filter(assembly=term.assembly_id, person=OuterRef("pk"))
    roles = RoleAssignment.objects.filter(assembly=term.assembly_id, ended_at=None, user__person=OuterRef("pk"))
    people = Person.objects.filter(Exists(sitting) | Exists(cards) | Exists(roles), anonymised_at=None)
    return people.order_by("sort_name", "pk")


def names_to_confirm(user: Any, term: Term | int) -> MandateQuerySet:
    """Return the mandates of people who asked to correct their name."""
    pending = NameChangeRequest.objects.filter(member=OuterRef("member"), state=RequestState.PENDING)
    return Mandate.objects.filter(Exists(pending), term=term, state__in=MandateState.tagged("open"))


def last_publication(term: Term | int) -> ProfilePublication | None:
    """Return what the public reads of the members' profile; None before the first publication."""
    return ProfilePublication.objects.filter(term=term).order_by("-number").defer("mandates").first()


def years_and_places(term: int, assembly: int) -> QuerySet[Term, tuple[list[dict[str, int]], list[str]]]:
    """Return the number (`n`) of sitting members born in each `year`, and the INSEE codes of the cantons."""
    born = active_mandates(term).order_by().exclude(member__birth_year=None).values("member__birth_year")
    years = born.annotate(n=Count("pk")).values(row=JSONObject(year="member__birth_year", n="n"))
    codes = Canton.objects.filter(assembly=assembly).exclude(insee_code="").values("insee_code")
    return Term.objects.filter(pk=term).values_list(ArraySubquery(years), ArraySubquery(codes))

"""Queries of members. Other apps find here who sits, on which day."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from assembly.identity.enums import ContactChannel
from assembly.identity.models import Person
from assembly.institution.enums import Role
from assembly.institution.models import Canton, Committee, CommitteeMembership, Invitation, RoleAssignment, Term
from assembly.speed.compiled_query import CompiledQuery
from members.enums import ImageUse, MandateState, RequestState
from members.mandates.models import MandateQuerySet
from members.members.models import ContactQuerySet
from members.models import (
    AccommodationNeed,
    CharterAcceptance,
    CharterVersion,
    Contact,
    ImageConsent,
    Mandate,
    Member,
    NameChangeRequest,
    ProfilePublication,
    Seat,
)

PUBLIC_ORDER = ("member__canton__number", "member__person__first_name", "pk")


def active_mandates(term: Term | int, on: date | None = None) -> QuerySet[Mandate]:
    """Return mandates of `term` whose holder sits on that day (today by default), sorted by name."""
    return Mandate.objects.filter(term=term, seat__isnull=False).active_on(on or timezone.localdate()).by_name()


def seats_held(term: Term | int, on: date | None = None) -> int:
    """Count the seats with a holder on that day, suspended holders included: the base of the quorum."""
    mandates = Mandate.objects.filter(term=term, seat__isnull=False).holding_on(on or timezone.localdate())
    return mandates.aggregate(count=Count("seat", distinct=True))["count"]


def vacant_seats(term: Term | int, canton: Canton | int | None = None) -> QuerySet[Seat]:
    """Return the seats without holder and without a proposed mandate."""
    seats = Seat.objects.filter(term=term).exclude(mandates__state__in=MandateState.tagged("open"))
    seats = seats.select_related("canton")
    return seats.filter(canton=canton) if canton else seats


def charter_for(member: Member, term: Term | int) -> CharterVersion | None:
    """Return the charter in force, with `accepted_on` and `accepted_by` (channel) of this member, in one statement."""
    mine = CharterAcceptance.objects.filter(member=member, version=OuterRef("pk"))
    return (
        CharterVersion.objects.filter(term=term, in_force_on__lte=timezone.localdate())
        .annotate(
            accepted_on=Subquery(mine.values("accepted_on")[:1]), accepted_by=Subquery(mine.values("channel")[:1])
        )
        .first()
    )


def image_answers(member: Member) -> dict[str, ImageConsent | None]:
    """Return the answer in force for each use; None when never answered."""
    answers: dict[str, ImageConsent | None] = dict.fromkeys(ImageUse.values)
    for row in ImageConsent.objects.filter(member=member).order_by("decided_on", "pk"):
        answers[row.use] = row
    return answers


def image_rows(member: Member) -> list[tuple[str, ImageConsent | None]]:
    """Return the label of each use, with the answer in force."""
    answers = image_answers(member)
    return [(str(ImageUse(use).label), answers[use]) for use in ImageUse.values]


def former_person_ids(term: Term | int, person_ids: Iterable[int]) -> set[int]:
    """Return those who are « ancien membre » of the term today: their texts stay, signed so."""
    today = timezone.localdate()
    known = Mandate.objects.filter(term=term, member__person__in=list(person_ids), activated_on__isnull=False)
    sitting = set(known.holding_on(today).values_list("member__person_id", flat=True))
    return set(known.values_list("member__person_id", flat=True)) - sitting


def member_of(user: Any) -> Member | None:
    """Return the member behind this sign-in."""
    return Member.objects.filter(person_id=user.person_id).select_related("person", "canton").first()


def open_needs(members: Iterable[Member | int], on: date | None = None) -> QuerySet[AccommodationNeed]:
    """Return measures to arrange for these members on that day; whoever shows the list records it in the journal."""
    day = on or timezone.localdate()
    rows = AccommodationNeed.objects.filter(member__in=list(members), starts_on__lte=day)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=day)).select_related("member__person", "member__canton")


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


def mandate_in_term(member: Member, term: Term | int) -> Mandate | None:
    """Return the member's latest mandate in the term."""
    rows = (
        member.mandates.filter(term=term)
        .select_related("seat", "term", "alumni_consent")
        .order_by("-proposed_at", "-pk")
    )
    return rows.first()


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


def answers_awaited(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term while people have not answered, `n` of them, with the nearest `deadline`."""
    rows = Mandate.objects.filter(term=OuterRef("pk"), state=MandateState.PROPOSED).order_by().values("term")
    nearest = rows.annotate(day=Min("answer_deadline")).values("day")
    return term_with_some(term, rows).annotate(deadline=Subquery(nearest))


def ready_to_open(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term while accepted mandates have a seat, `n` of them."""
    return term_with_some(term, mandates_to_open(OuterRef("pk")).order_by().values("term"))


def term_with_some(term: Term | int, rows: QuerySet[Any, Any]) -> QuerySet[Term]:
    counted = rows.annotate(n=Count("pk")).values("n")
    return Term.objects.filter(Exists(rows), pk=getattr(term, "pk", term)).annotate(n=Subquery(counted))


def names_to_confirm(user: Any, term: Term | int) -> MandateQuerySet:
    """Return the mandates of people who asked to correct their name."""
    pending = NameChangeRequest.objects.filter(member=OuterRef("member"), state=RequestState.PENDING)
    return Mandate.objects.filter(Exists(pending), term=term, state__in=MandateState.tagged("open"))


def mandates_to_open(term: Term | int | OuterRef) -> QuerySet[Mandate]:
    """Return the accepted mandates with a seat, sorted by name."""
    return Mandate.objects.filter(term=term, state=MandateState.ACCEPTED, seat__isnull=False).by_name()


def not_signed_in(term: Term | int, only: Collection[int] | None = None) -> Any:
    """Return members who cannot sign in for this term, with `is_invited`: whether they have an open invitation."""
    place = {"role": Role.MEMBER, "term": term}
    roles = RoleAssignment.objects.filter(user__person=OuterRef("member__person"), ended_at=None, **place)
    sent = Invitation.objects.filter(person=OuterRef("member__person"), revoked_at=None, **place)
    rows = Mandate.objects.filter(term=term, seat__isnull=False, state__in=MandateState.tagged("accepted"))
    chosen = rows if only is None else rows.filter(pk__in=only)
    return chosen.filter(~Exists(roles)).annotate(is_invited=Exists(sent))


def mandates_to_invite(
    term: Term | int, *, again: bool = False, only: Collection[int] | None = None
) -> MandateQuerySet:
    """Return those never invited, or (`again`) invited but not signed in; only the chosen ones, if any."""
    return not_signed_in(term, only).filter(is_invited=again).by_name()


def invitations_to_send(term: Term | int, only: Collection[int] | None = None) -> dict[bool, dict[str, int]]:
    """Count those in each of the two lists (`people`), and those of them who get a letter (`letters`)."""
    paper = Q(member__person__channel=ContactChannel.PAPER) | Q(member__person__email="")
    rows = (
        not_signed_in(term, only).values("is_invited").annotate(people=Count("pk"), letters=Count("pk", filter=paper))
    )
    return {again: {"people": 0, "letters": 0} for again in (False, True)} | {row["is_invited"]: row for row in rows}


def last_publication(term: Term | int) -> ProfilePublication | None:
    """Return what the public reads of the members' profile; None before the first publication."""
    return ProfilePublication.objects.filter(term=term).order_by("-number").defer("mandates").first()


def years_and_places(term: int, assembly: int) -> QuerySet[Term, tuple[list[dict[str, int]], list[str]]]:
    """Return the number (`n`) of sitting members born in each `year`, and the INSEE codes of the cantons."""
    born = active_mandates(term).order_by().exclude(member__birth_year=None).values("member__birth_year")
    years = born.annotate(n=Count("pk")).values(row=JSONObject(year="member__birth_year", n="n"))
    codes = Canton.objects.filter(assembly=assembly).exclude(insee_code="").values("insee_code")
    return Term.objects.filter(pk=term).values_list(ArraySubquery(years), ArraySubquery(codes))


def member_waiting(person: int, term: int) -> QuerySet[Member]:
    """Return the member behind this sign-in, with the charter in force and whether it and the image were answered."""
    charters = CharterVersion.objects.filter(term=term, in_force_on__lte=timezone.localdate()).values("pk")
    answers = ImageConsent.objects.filter(member=OuterRef("pk"))
    accepted = CharterAcceptance.objects.filter(member=OuterRef("pk"), version=OuterRef("charter"))
    rows = Member.objects.filter(person_id=person).annotate(
        charter=Subquery(charters[:1]), has_answered_image=Exists(answers)
    )
    return rows.annotate(has_accepted=Exists(accepted))

"""Recipients and content of a convocation, and the answers to it."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from assembly.identity.models import Person, User
from assembly.institution.models import CommitteeFunction, CommitteeMembership, RoleAssignment, Term
from assembly.text.french import as_title, format_date, format_duration, format_moment, format_span, format_time
from members.enums import NeedKind
from members.mandates.queries import active_mandates, former_person_ids
from members.models import AccommodationNeed
from sessions.agenda.queries import AgendaLine, agenda_of, end_time, open_actions
from sessions.attendance.queries.presence import waiver_reason
from sessions.models import Invitee, Notice, Reply, Sitting, SittingKind
from sessions.sittings.models import InviteeQuerySet
from sessions.sittings.rules import differences, preview_fingerprint


@dataclass(frozen=True)
class Convened:
    """One person to convene; members of the body count for the quorum and vote."""

    person: Person
    is_member: bool
    capacity: str = ""

    @property
    def is_letter(self) -> bool:
        return self.person.is_paper

    @property
    def has_no_address(self) -> bool:
        """Return whether there is neither a mail address nor a postal one: somebody must telephone."""
        return self.is_letter and not self.person.address.strip()


@dataclass(frozen=True)
class NoticeWarning:
    """A fact to check before convening and its consequence; `part`: of the sitting where it is corrected, if any."""

    fact: str
    consequence: str
    part: str = ""


@dataclass(frozen=True)
class NoticePreview:
    """Content of the confirmation page, before anything is sent."""

    people: list[Convened]
    warnings: list[NoticeWarning]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return a short fingerprint of the recipients and the text, to check that what is sent is what was read."""
        return preview_fingerprint([sorted((one.person.pk, one.is_letter) for one in self.people), self.facts])

    @property
    def by_mail(self) -> list[Convened]:
        return [one for one in self.people if not one.is_letter]

    @property
    def by_letter(self) -> list[Convened]:
        return [one for one in self.people if one.is_letter]

    @property
    def members(self) -> list[Convened]:
        return [one for one in self.people if one.is_member]

    @property
    def guests(self) -> list[Convened]:
        return [one for one in self.people if not one.is_member]


def body_of(sitting: Sitting) -> list[Convened]:
    """Return the members of the plenary, or of the committee, on the day of the sitting."""
    day = timezone.localdate(sitting.starts_at)
    if sitting.kind == SittingKind.PLENARY:
        return [Convened(mandate.member.person, is_member=True) for mandate in active_mandates(sitting.term_id, day)]
    seats = (
        CommitteeMembership.objects.filter(committee=sitting.committee_id, starts_on__lte=day)
        .exclude(ends_on__lt=day)
        .select_related("person")
        .order_by("person__sort_name", "pk")
    )
    convened: dict[int, Convened] = {}
    for seat in seats:
        title = "" if seat.function == CommitteeFunction.MEMBER else seat.get_function_display()
        capacity = title or (convened[seat.person_id].capacity if seat.person_id in convened else seat.person.capacity)
        convened[seat.person_id] = Convened(seat.person, is_member=True, capacity=capacity)
    return list(convened.values())


def people_to_convene(sitting: Sitting) -> list[Convened]:
    """Return the body, then the guests, the chair and the secretary if they are not members of it."""
    convened = {one.person.pk: one for one in body_of(sitting)}
    guests = Invitee.objects.expected().filter(sitting=sitting, is_member=False).select_related("person")
    others = [(guest.person, guest.capacity) for guest in guests.order_by("person__sort_name", "pk")]
    functions = ((sitting.chair, _("présidence")), (sitting.secretary, _("secrétariat")))
    others += [(person, capacity) for person, capacity in functions if person is not None]
    gone = departed([person.pk for person, _capacity in others], sitting.term)
    for person, capacity in others:
        if person.pk not in gone:
            convened.setdefault(person.pk, Convened(person, is_member=False, capacity=capacity))
    return list(convened.values())


def silent_people(sitting: Sitting) -> tuple[list[Person], list[Person]]:
    """Return those who have not answered: those with e-mail, and those by letter, whom somebody calls."""
    silent = Invitee.objects.expected().filter(sitting=sitting, reply=Reply.INVITED).select_related("person")
    people = [invitee.person for invitee in silent.order_by("person__sort_name", "pk")]
    return [one for one in people if not one.is_paper], [one for one in people if one.is_paper]


def call_sentences(people: Iterable[Person]) -> list[str]:
    """Return « À appeler, sans courriel : Rosa Vidal (05 61 00 00 00), Jean Roux. », or nothing."""
    names = ", ".join(f"{one.full_name} ({one.phone})" if one.phone else one.full_name for one in people)
    return [_("À appeler, sans courriel : %(names)s.") % {"names": names}] if names else []


def departed(people: Collection[int], term: Term) -> set[int]:
    """Return those who had a role or a mandate here and have none now, are suspended, or are erased.

    An expert who never had a role or a mandate has not left.
    """
    if not people:
        return set()
    roles = RoleAssignment.objects.filter(assembly=term.assembly_id, user__person__in=people)
    holding = roles.filter(ended_at=None, user__is_active=True).values_list("user__person", flat=True)
    closed = User.objects.filter(person__in=people, is_active=False).values_list("person", flat=True)
    erased = Person.objects.filter(pk__in=people).exclude(anonymised_at=None).values_list("pk", flat=True)
    had = {*roles.values_list("user__person", flat=True), *former_person_ids(term, people)}
    return (had - {*holding}) | {*closed} | {*erased}


def preview(sitting: Sitting) -> NoticePreview:
    """Return the recipients of a convocation sent now, with warnings."""
    people, lines = people_to_convene(sitting), agenda_of(sitting, internal=False)
    warnings = [*warnings_of(sitting, lines), *people_warnings(people)]
    return NoticePreview(people, warnings, snapshot(sitting, lines))


def warnings_of(sitting: Sitting, lines: list[AgendaLine]) -> Iterable[NoticeWarning]:
    days = (timezone.localdate(sitting.starts_at) - timezone.localdate()).days
    if sitting.starts_at <= timezone.now():
        yield NoticeWarning(_("La date de la séance est passée"), _("plus personne ne peut y venir"), "date")
    elif days < sitting.term.notice_days:
        notice = _("le délai de convocation est de %(notice)s") % {"notice": format_span(sitting.term.notice_days)}
        yield NoticeWarning(_("La séance a lieu dans %(days)s") % {"days": format_span(days)}, notice, "date")
    if timezone.localdate(sitting.starts_at) > sitting.term.ends_on:
        end = _("la mandature finit le %(day)s") % {"day": format_date(sitting.term.ends_on)}
        yield NoticeWarning(_("La séance a lieu après la fin de la mandature"), end, "date")
    if not lines:
        yield NoticeWarning(_("L’ordre du jour est vide"), _("la convocation part sans lui"), "agenda")
    elif (end_at := end_time(lines)) and end_at > sitting.ends_at + timedelta(minutes=1):
        late = format_duration(round((end_at - sitting.ends_at).total_seconds() / 60))
        planned = _("la séance finit à %(time)s") % {"time": format_time(sitting.ends_at)}
        yield NoticeWarning(_("L’ordre du jour dépasse de %(time)s") % {"time": late}, planned, "agenda")
    if not sitting.place_name and not sitting.video_link:
        where = _("la convocation ne dit pas où venir")
        yield NoticeWarning(_("Ni lieu, ni lien de visioconférence"), where, "place")
    if open_actions(sitting).exists() and not any(line.item.kind == "actions" for line in lines):
        missing = _("aucun point « Suivi des actions » n’est à l’ordre du jour")
        yield NoticeWarning(_("Des actions décidées auparavant sont encore ouvertes"), missing, "actions")


def people_warnings(people: list[Convened]) -> Iterable[NoticeWarning]:
    if not any(one.is_member for one in people):
        others = _("seules les autres personnes reçoivent la convocation")
        yield NoticeWarning(_("Personne n’est membre de cette instance à la date de la séance"), others)
    unreachable = [one.person.full_name for one in people if one.has_no_address]
    if unreachable:
        yield NoticeWarning(
            _("Ni courriel, ni adresse postale"), _("téléphonez à %(names)s") % {"names": ", ".join(unreachable)}
        )


def snapshot(sitting: Sitting, lines: Sequence[AgendaLine] | None = None) -> dict[str, Any]:
    """Return the texts as displayed, and the moments as data; internal items are left out."""
    shown_lines = agenda_of(sitting, internal=False) if lines is None else lines
    pause = ""
    if sitting.break_starts_at and sitting.break_ends_at:
        pause = f"de {format_time(sitting.break_starts_at)} à {format_time(sitting.break_ends_at)}"
    facts = {"quorum_waiver": waiver} if (waiver := waiver_reason(sitting)) else {}
    return facts | {
        "reference": sitting.reference,
        "title": sitting.title,
        "starts_at": sitting.starts_at.isoformat(),
        "ends_at": sitting.ends_at.isoformat(),
        "when": f"{format_moment(sitting.starts_at)}, jusqu’à {format_time(sitting.ends_at)}",
        "pause": pause,
        "place": ", ".join(part for part in (sitting.place_name, sitting.place_address) if part),
        "access": sitting.access_note,
        "video_link": sitting.video_link,
        "message": sitting.message,
        "chair": sitting.chair.full_name if sitting.chair else "",
        "is_quorum_required": sitting.is_quorum_required,
        "offers": [
            name
            for name, offered in (
                ("meal", sitting.offers_meal),
                ("childcare", sitting.offers_childcare),
                ("transport", sitting.offers_transport),
            )
            if offered
        ],
        "agenda": [agenda_row(line) for line in shown_lines],
    }


def agenda_row(line: AgendaLine) -> dict[str, Any]:
    item = line.item
    return {
        "id": item.pk,
        "number": line.number,
        "depth": line.depth,
        "title": item.title,
        "hour": format_time(line.starts_at),
        "minutes": line.minutes,
        "kind": str(item.get_kind_display()),
        "speaker": item.speaker or (item.speaker_person.full_name if item.speaker_person else ""),
        "note": item.note,
        "papers": [paper.title for paper in line.papers],
    }


def last_notice(sitting: Sitting) -> Notice | None:
    return Notice.objects.filter(sitting=sitting).select_related("issued_by__person").order_by("-number").first()


def notices_of(sitting: Sitting) -> list[Notice]:
    """Return every notice that was sent, the latest first."""
    rows = Notice.objects.filter(sitting=sitting).select_related("issued_by__person", "distribution")
    return list(rows.order_by("-number"))


def changes_since_notice(sitting: Sitting, last: Notice | None = None) -> list[dict[str, str]]:
    """Return the changes since the last notice; nothing when nobody was convened."""
    last = last or last_notice(sitting)
    return differences(last.snapshot, snapshot(sitting)) if last else []


CACHE_SECONDS = 3600


def agenda_source(notice: Notice) -> RenderSource:
    """Build the source of the agenda as it was in the notice."""
    sitting = notice.sitting
    return page_source(
        "sessions/sittings/pdf/agenda.html",
        {"notice": notice, "facts": notice.snapshot},
        assembly=sitting.term.assembly,
        title=_("Ordre du jour : %(title)s") % {"title": as_title(notice.snapshot["title"])},
        reference=f"{sitting.reference}-ODJ{notice.number}",
        made_at=notice.issued_at,
        sheets=["sittings"],
    )


def agenda_pdf(notice: Notice) -> bytes:
    """Return the agenda as PDF, cached for a hundred messages; a cache that is down costs only time."""
    key = f"agenda-pdf:{notice.pk}"
    if (pdf := cache.get(key)) is None:
        pdf = render(agenda_source(notice))
        cache.set(key, pdf, CACHE_SECONDS)
    return pdf


@dataclass(frozen=True)
class Logistics:
    """What to order and to arrange: numbers first, then the persons behind each number."""

    meals: int
    diets: list[tuple[str, int]]
    children: list[Invitee]
    children_count: int
    transport: list[Invitee]
    needs: list[Invitee]
    standing: list[tuple[Any, str, list[str]]] = field(default_factory=list)
    coming: int = 0
    unsure: int = 0


def expected_answers(sitting: Sitting) -> InviteeQuerySet:
    """Return the people expected, by name."""
    return (
        Invitee.objects.expected()
        .filter(sitting=sitting)
        .select_related("person", "reply_recorded_by__person")
        .order_by("person__sort_name", "pk")
    )


def filter_answers(rows: InviteeQuerySet, data: dict[str, Any]) -> InviteeQuerySet:
    """Filter the rows of the answers board."""
    if query := data.get("q"):
        for word in query.split():
            rows = rows.filter(
                Q(person__first_name__unaccent__icontains=word) | Q(person__last_name__unaccent__icontains=word)
            )
    if reply := data.get("reply"):
        rows = rows.filter(reply=reply)
    match data.get("who"):
        case "members":
            rows = rows.filter(is_member=True)
        case "guests":
            rows = rows.filter(is_member=False)
        case "needs":
            rows = rows.filter(Q(wants_meal=True) | Q(children__gt=0) | ~Q(diet="") | ~Q(transport="") | ~Q(needs=""))
    return rows


def logistics(sitting: Sitting) -> Logistics:
    """Count over those who come or do not know yet: a meal too many is better than one too few."""
    rows = list(expected_answers(sitting).filter(reply__in=[Reply.WILL_ATTEND, Reply.MAYBE]))
    eating = [row for row in rows if row.wants_meal]
    diets = Counter(row.diet.strip().lower() for row in eating if row.diet.strip())
    return Logistics(
        meals=len(eating),
        diets=diets.most_common(),
        children=[row for row in rows if row.children],
        children_count=sum(row.children for row in rows),
        transport=[row for row in rows if row.transport],
        needs=[row for row in rows if row.needs],
        standing=standing_needs(sitting, rows),
        coming=sum(row.reply == Reply.WILL_ATTEND for row in rows),
        unsure=sum(row.reply == Reply.MAYBE for row in rows),
    )


def standing_needs(sitting: Sitting, rows: Iterable[Invitee]) -> list[tuple[Any, str, list[str]]]:
    """Return the measures recorded in the members' files, for those who come: label, measure, names."""
    day = timezone.localdate(sitting.starts_at)
    names = {row.person_id: row.person.full_name for row in rows}
    people_by_need: dict[tuple[Any, str], list[str]] = {}
    needs = (
        AccommodationNeed.objects.filter(member__person__in=names, starts_on__lte=day)
        .filter(Q(ends_on=None) | Q(ends_on__gte=day))
        .order_by("kind", "measure__alphabetical", "member__person__sort_name")
        .values_list("kind", "measure", "member__person")
    )
    for kind, measure, person in needs:
        people_by_need.setdefault((NeedKind(kind).label, measure), []).append(names[person])
    return [(label, measure, people) for (label, measure), people in people_by_need.items()]

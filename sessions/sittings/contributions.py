"""Contributions of sittings: menus, widgets, mails, search, audit events, indicators.

A sitting counts from the day it was closed. Stays, batches and closings store the moment when they were recorded, so
that a past day can be counted again, corrections of the roll included.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.attempts import add_ceiling
from assembly.identity.models import User
from assembly.imports.plan import add_import_kind
from assembly.indicators.counting import AMOUNT, HoursBetween, end_of, one_if
from assembly.indicators.registry import (
    Breakdown,
    Cells,
    Facts,
    Indicator,
    RowLines,
    Theme,
    Unit,
    add_indicators,
    seen_by_team,
)
from assembly.institution.menu import FOR_MEMBERS, MenuHeading, add_desk_line, add_menu_entry, open_area
from assembly.institution.models import TEAM_ROLES, Committee, CommitteeKind, Role, Term
from assembly.institution.queries import ReaderQuery, main_assembly_key
from assembly.institution.registry import OpenDossiers, add_open_dossiers
from assembly.institution.rules import term_ids
from assembly.lists import Column, add_list
from assembly.notifications.registry import add_messages
from assembly.open_data.registry import add_data_sets
from assembly.portal.registry import Page, add_pages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.speed.queries import CompiledQuery
from assembly.text.french import format_date
from assembly.web.widgets import Widget, add_widget
from members.breakdowns import by_age, by_canton, by_gender
from members.models import Mandate
from sessions.agenda.queries import items_of
from sessions.expenses.queries import cost_of_sitting
from sessions.models import Attendance, ExpenseBatch, Invitee, Notice, Reply, Sitting, SittingKind, SittingState
from sessions.sittings import mails
from sessions.sittings.actions import planning
from sessions.sittings.actions.convening import REPLY_LINK
from sessions.sittings.data_sets import SITTING_DATA
from sessions.sittings.importing import SITTINGS_FILE
from sessions.sittings.lists import SITTINGS
from sessions.sittings.models import MY_REPLY_LABELS, REPLY_BADGES, SittingQuerySet
from sessions.sittings.queries.sittings import announced, coming_sittings, dated_plenaries, followed_by, my_sittings


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return planning.hand_over(followed_by(user, term), to=to, by=by)


NEXT = 3
NEXT_PUBLIC = CompiledQuery(
    lambda term: coming_sittings(Sitting.objects.public().filter(term=term)).for_screen()[:NEXT]
)


def public_sittings(user: Any, term: Term) -> Widget:
    """Return the widget of the next sittings announced to the public."""
    return Widget(
        "sessions/sittings/_next_public.html", {"sittings": list(NEXT_PUBLIC(term.pk))}, order=10, position="sidebar"
    )


def sittings_step(user: Any, term: Term) -> Widget:
    """Build the step of « Comment ça marche » about the sittings: each dated plenary of the term is a mark."""
    return Widget("sessions/sittings/_how.html", dated_plenaries(term), order=20)


def call_sittings(user: Any, call: Any) -> Widget | None:
    """Return what a member does: the plenaries of the term to come; before they are planned, those of a year."""
    plenaries = Sitting.objects.public().filter(kind=SittingKind.PLENARY, term__assembly=call.term.assembly_id)
    coming = list(coming_sittings(plenaries.filter(term=call.term)))
    a_year_ago = timezone.now() - timedelta(days=365)
    held = plenaries.filter(state__in=SittingState.tagged("held"), starts_at__gte=a_year_ago).order_by(
        "-starts_at", "-pk"
    )
    model = coming[0] if coming else held.first()
    if model is None:
        return None
    return Widget("sessions/sittings/_call.html", {"coming": coming, "held": held.count(), "model": model}, order=10)


def next_sittings(user: Any, term: Term) -> SittingQuerySet:
    """Return the reader's next sittings, annotated with their own answer (`my_reply`)."""
    own = Invitee.objects.expected().filter(sitting=OuterRef("pk"), person=user.person_id).values("reply")
    return coming_sittings(my_sittings(user).filter(term=term)).annotate(my_reply=Subquery(own)).for_screen()[:NEXT]


MY_NEXT_SITTINGS = ReaderQuery(next_sittings)


def my_next_sittings(user: Any, term: Term) -> Widget:
    """Return the widget of the reader's next sittings, with the address of their calendar."""
    rows = [(row, my_reply_badge(row)) for row in MY_NEXT_SITTINGS(user, term)]
    return Widget("sessions/sittings/_my_next.html", {"rows": rows}, order=10, position="sidebar")


def my_reply_badge(sitting: Sitting) -> tuple[str, str] | None:
    """Return the badge and the label of the reader's own answer, or None before they answered."""
    reply: str | None = sitting.my_reply  # type: ignore[attr-defined]  # -- annotated above
    if not sitting.takes_answers or reply in (None, Reply.INVITED):
        return None
    return REPLY_BADGES[Reply(reply)], str(MY_REPLY_LABELS[Reply(reply)])


def pages() -> Iterator[Page]:
    """Yield the list and each sitting announced to the public."""
    yield reverse("sittings:public-list"), None
    for reference in announced().order_by("starts_at", "pk").values_list("reference", flat=True):
        yield reverse("sittings:public", args=[reference]), None


DESK_AUDIENCE, MEMBER_AREA, PUBLIC = "desk", "member_area", "public"
DESK_ROLES = TEAM_ROLES | {Role.FACILITATOR}
YEAR = timedelta(days=366)


class Sittings(SearchSource):
    """Index of sittings: titles, days and places for the public.

    Those convened also find the agenda that they received; the back office finds all of it.
    """

    kind, order = "sitting", 10
    name, label = _("Séance"), _("Séances")

    def objects(self) -> QuerySet[Sitting]:
        was_convened = Notice.objects.filter(sitting=OuterRef("pk"))
        return Sitting.objects.select_related("committee").annotate(was_convened=Exists(was_convened))

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        fields = [subject.place_name, subject.place_address]
        yield self._entry(subject, PUBLIC, fields[:1])
        fields.append(subject.committee.name if subject.committee else "")
        agenda = agenda_texts(subject, internal=False) if subject.was_convened else []
        yield self._entry(subject, MEMBER_AREA, [*fields, *agenda])
        yield self._entry(subject, DESK_AUDIENCE, [*fields, subject.message, *agenda_texts(subject, internal=True)])

    def _entry(self, sitting: Sitting, audience: str, texts: Iterable[str]) -> IndexEntry:
        return IndexEntry(
            title=sitting.title,
            body="\n".join(filter(None, texts)),
            audience=audience,
            reference=sitting.reference,
            dated_on=timezone.localdate(sitting.starts_at),
            term_id=sitting.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Sitting]]:
        announced = Sitting.objects.public().filter(
            term__assembly=main_assembly_key(), ends_at__gte=timezone.now() - YEAR
        )
        if not user.is_authenticated:
            return {PUBLIC: announced}
        at_desk, own = term_ids(user, DESK_ROLES), Sitting.objects.visible_to(user)
        return {
            DESK_AUDIENCE: own.filter(term__in=at_desk),
            MEMBER_AREA: own.exclude(term__in=at_desk),
            PUBLIC: announced.exclude(pk__in=own.values("pk")),
        }

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == PUBLIC:
            if not entry.reference:  # The entry was indexed before sittings had a public page.
                return reverse("sittings:public-list")
            return reverse("sittings:public", args=[entry.reference])
        return reverse(
            "sittings:sitting" if entry.audience == DESK_AUDIENCE else "sittings:my-sitting", args=[entry.object_id]
        )

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "institution.Committee":
            return Sitting.objects.filter(committee__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def agenda_texts(sitting: Sitting, *, internal: bool) -> list[str]:
    """Return the titles, speakers and presentations of the agenda."""
    rows = items_of(sitting, internal=internal).values_list("title", "speaker", "note")
    return [text for row in rows for text in row]


open_area(r"/bureau/(corrections|decisions|points|votes)/", TEAM_ROLES)
add_desk_line(MenuHeading.SITTINGS, _("Séances"), "sittings:list", SITTINGS.can_open, order=30, bar_label=_("Séances"))
add_menu_entry(
    "member",
    _("Mes séances"),
    "sittings:my-list",
    FOR_MEMBERS,
    order=20,
    icon="calendar-event",
    bar_label=_("Séances"),
)

add_open_dossiers(OpenDossiers("sittings", _("séances à suivre"), count_files, move_files))
add_widget("public", public_sittings)
add_widget("how", sittings_step)
add_widget("call", call_sittings)
add_widget("member", my_next_sittings)
add_pages("sittings", pages)
add_data_sets(SITTING_DATA)
add_messages(
    mails.FirstNotice,
    mails.ChangedNotice,
    mails.SecondNotice,
    mails.PostponedNotice,
    mails.CancelledNotice,
    mails.Reminder,
)
add_messages(mails.SittingMessage)
add_search_source(Sittings)
add_ceiling(REPLY_LINK, _("Liens de réponse aux convocations"), near=500)
add_audit_events(
    {
        "sitting.created": _("a créé la séance"),
        "sitting.corrected": _("a modifié la séance"),
        "sitting.handed_over": _("a passé le suivi de la séance"),
        "notice.tested": _("s’est envoyé un essai de la convocation"),
        "template.saved": _("a enregistré un modèle de séance"),
        "calendar.opened": _("a ouvert son agenda personnel"),
        "calendar.closed": _("a fermé l’adresse d’un agenda personnel"),
    }
)
FORMER_EVENTS = {"sitting.written_about": _("a écrit aux personnes convoquées")}  # by a step of its own, before
add_audit_events(FORMER_EVENTS)
add_list(SITTINGS)
add_import_kind(SITTINGS_FILE.import_kind())

SOURCE = _("Séances closes dans Hémicycle")
CITIZEN_BODIES = (
    CommitteeKind.THEMATIC,
    CommitteeKind.TERRITORIAL,
    CommitteeKind.WORKING_GROUP,
    CommitteeKind.CROSS_CUTTING,
    CommitteeKind.FOLLOW_UP,
)
NOTHING_HELD = _("Aucune séance n’est encore close.")


def held_sittings(term: Term, day: date) -> QuerySet[Sitting]:
    """Return the sittings closed by that day; one without a quorum was not held."""
    return Sitting.objects.filter(
        known_on(day), term=term, state__in=SittingState.tagged("held"), closed_at__lt=end_of(day)
    )


def known_on(day: date, path: str = "") -> Q:
    """Return the condition that a sitting entered afterwards, like its stays, had been entered by that day."""
    entered = f"{path}recorded_at"
    return Q(**{entered: None}) | Q(**{f"{entered}__lt": end_of(day)})


def plenaries(term: Term, day: date) -> QuerySet[Sitting]:
    return held_sittings(term, day).filter(kind=SittingKind.PLENARY)


def meetings(term: Term, day: date) -> QuerySet[Sitting]:
    return held_sittings(term, day).exclude(kind=SittingKind.PLENARY)


def stays_as_of(rows: QuerySet[Attendance], day: date) -> QuerySet[Attendance]:
    """Filter the stays as they were in the roll at the end of that day, whatever was corrected since."""
    known = Q(voided_at=None) | Q(voided_at__gte=end_of(day))
    return rows.filter(known, recorded_at__lt=end_of(day), left_at__isnull=False)


def in_citizen_bodies(path: str = "") -> Q:
    """Return the condition for bodies of members drawn by lot; a steering committee has officials."""
    return Q(**{f"{path}committee": None}) | Q(**{f"{path}committee__kind__in": CITIZEN_BODIES})


def stays(term: Term, day: date) -> QuerySet[Attendance]:
    """Return the stays of members of the body in sittings that were held."""
    rows = Attendance.objects.filter(
        in_citizen_bodies("invitee__sitting__"),
        known_on(day, "invitee__sitting__"),
        invitee__is_member=True,
        invitee__sitting__term=term,
        invitee__sitting__state__in=SittingState.tagged("held"),
        invitee__sitting__closed_at__lt=end_of(day),
    )
    return stays_as_of(rows, day)


def expected(term: Term, day: date) -> QuerySet[Invitee]:
    """Return the members still invited when the sitting closed, annotated with `came`."""
    came = stays_as_of(Attendance.objects.filter(invitee=OuterRef("pk")), day)
    stayed = Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("sitting__closed_at"))
    rows = Invitee.objects.filter(
        stayed,
        in_citizen_bodies("sitting__"),
        known_on(day, "sitting__"),
        is_member=True,
        sitting__term=term,
        sitting__state__in=SittingState.tagged("held"),
        sitting__closed_at__lt=end_of(day),
    )
    return rows.annotate(came=Exists(came))


def hours_of_sitting(day: date) -> Any:
    """Return the expression of the hours of presence of members in the sitting of an outer query."""
    of_it = Attendance.objects.filter(
        in_citizen_bodies("invitee__sitting__"), invitee__sitting=OuterRef("pk"), invitee__is_member=True
    )
    rows = stays_as_of(of_it, day).order_by()
    summed = rows.values("invitee__sitting").annotate(n=Sum(HoursBetween(F("arrived_at"), F("left_at")))).values("n")
    return Coalesce(Subquery(summed, output_field=AMOUNT), Value(Decimal(0), AMOUNT))


def active_members(term: Term, day: date, breakdown: str) -> dict[str, Decimal]:
    number = Mandate.objects.filter(term=term, seat__isnull=False).active_on(day).count()
    return {"": Decimal(number)}


def groups(term: Term) -> Cells:
    rows = Committee.objects.filter(term=term).order_by("name__alphabetical", "pk").values_list("pk", "name")
    return {str(pk): name for pk, name in rows} | {"": _("plénière")}


def sittings_held(term: Term) -> Cells:
    rows = Sitting.objects.filter(term=term, state__in=SittingState.tagged("held")).order_by("starts_at", "pk")
    return {
        str(pk): f"{reference}, {format_date(start, weekday=False)}"
        for pk, reference, start in rows.values_list("pk", "reference", "starts_at")
    }


def by_group(path: str = "") -> Breakdown:
    return Breakdown("groupe", _("groupe"), lambda term, day: f"{path}committee_id", groups, is_public=False)


def by_kind(path: str = "") -> Breakdown:
    cells = {str(one): one.label for one in SittingKind}
    return Breakdown("type", _("type de séance"), lambda term, day: f"{path}kind", lambda term: cells)


BY_SITTING = Breakdown("seance", _("séance"), lambda term, day: "sitting_id", sittings_held, is_public=False)


def address(sitting: Any) -> str:
    return reverse("sittings:sitting", args=[sitting])


def sitting_columns(path: str = "") -> list[Column]:
    order = path.replace(".", "__")
    return [
        Column(_("Séance"), f"{path}title", key="seance", order=[f"{order}title__alphabetical"]),
        Column(_("Référence"), f"{path}reference", key="reference"),
        Column(_("Date"), f"{path}starts_at", key="date", order=[f"{order}starts_at"]),
    ]


SITTING_LINES = RowLines(sitting_columns(), lambda row: address(row.pk), seen_by_team(""))
INVITED = RowLines(
    [
        Column(_("Membre"), "person.full_name", key="membre", order=["person__sort_name"]),
        *sitting_columns("sitting."),
        Column(_("Est venu"), "came", key="venu"),
    ],
    lambda row: reverse("sittings:attendance", args=[row.sitting_id]),
    seen_by_team("sitting__"),
    related=("person", "sitting"),
)
STAYS = RowLines(
    [
        Column(_("Membre"), "invitee.person.full_name", key="membre", order=["invitee__person__sort_name"]),
        *sitting_columns("invitee.sitting."),
        Column(_("Heures"), "indicator_part", key="heures", number=True),
    ],
    lambda row: reverse("sittings:attendance", args=[row.invitee.sitting_id]),
    seen_by_team("invitee__sitting__"),
    related=("invitee__person", "invitee__sitting"),
)
BATCHES = RowLines(
    [
        Column(_("Lot"), "reference", key="lot", order=["reference__alphabetical"]),
        Column(_("Transmis le"), "made_at", key="date", order=["made_at"]),
        Column(_("Demandes"), "count", key="demandes", number=True),
        Column(_("Total en euros"), "total", key="total", order=["total"], number=True),
    ],
    lambda row: reverse("sittings:expense-batch", args=[row.pk]),
    seen_by_team(""),
)
COSTED = RowLines(
    [*sitting_columns(), Column(_("Euros"), "indicator_part", key="euros", number=True)],
    lambda row: address(row.pk),
    seen_by_team(""),
)
FREE_TIME = _("Somme des durées de présence des membres, entre l’arrivée et le départ notés, dans les séances closes.")


add_indicators(
    Indicator(
        "plenieres",
        _("Plénières tenues"),
        _("Séances plénières closes depuis le début de la mandature. Une séance sans quorum n’est pas comptée."),
        _("nombre de plénières closes"),
        Theme.WORK,
        Unit.NUMBER,
        SOURCE,
        NOTHING_HELD,
        rows=plenaries,
        lines=SITTING_LINES,
        is_public=True,
        order=10,
    ),
    Indicator(
        "reunions",
        _("Réunions des groupes et comités"),
        _("Séances thématiques et réunions de comité closes depuis le début de la mandature."),
        _("nombre de réunions closes, hors plénières"),
        Theme.WORK,
        Unit.NUMBER,
        SOURCE,
        NOTHING_HELD,
        rows=meetings,
        lines=SITTING_LINES,
        breakdowns=(by_group(), by_kind()),
        is_public=True,
        order=20,
    ),
    Indicator(
        "assiduite",
        _("Assiduité"),
        _("Part des membres attendus qui sont venus, ne serait-ce qu’un moment, aux séances closes."),
        _("présences ÷ membres attendus, toutes séances ensemble"),
        Theme.WORK,
        Unit.PERCENT,
        _("Feuilles de présence des séances closes"),
        NOTHING_HELD,
        rows=expected,
        lines=INVITED,
        part=lambda day: one_if(Q(came=True)),
        base=lambda day: Value(1),
        people="person",
        breakdowns=(
            BY_SITTING,
            by_group("sitting__"),
            # Members in office: the public reads their profile only as it was published.
            by_canton("person__member__canton_id", is_public=False),
            by_gender("person__member__gender", is_public=False),
            by_age("person__member__birth_year", is_public=False),
        ),
        target=Decimal(75),
        is_public=True,
        order=30,
    ),
    Indicator(
        "heures-de-travail",
        _("Heures de travail des membres"),
        FREE_TIME,
        _("somme (départ − arrivée)"),
        Theme.WORK,
        Unit.HOURS,
        _("Feuilles de présence des séances closes"),
        NOTHING_HELD,
        rows=stays,
        lines=STAYS,
        part=lambda day: HoursBetween(F("arrived_at"), F("left_at")),
        people="invitee__person",
        breakdowns=(by_kind("invitee__sitting__"), by_group("invitee__sitting__")),
        is_public=True,
        order=40,
    ),
    Indicator(
        "frais-rembourses",
        _("Frais transmis aux finances"),
        _("Total des lots de remboursement transmis aux finances depuis le début de la mandature."),
        _("somme des lots"),
        Theme.COST,
        Unit.EUROS,
        _("Lots de remboursement"),
        _("Aucun lot n’est encore transmis."),
        rows=lambda term, day: ExpenseBatch.objects.filter(term=term, made_at__lt=end_of(day)),
        lines=BATCHES,
        part=lambda day: F("total"),
        order=10,
    ),
    Indicator(
        "cout-pleniere",
        _("Coût d’une plénière"),
        _("Ce qu’a coûté en moyenne une plénière tenue : frais remboursés, et dépenses du budget qui s’y rattachent."),
        _("montants rattachés aux plénières ÷ plénières tenues"),
        Theme.COST,
        Unit.EUROS,
        _("Frais remboursés et budget"),
        NOTHING_HELD,
        facts=Facts.DATED,
        rows=plenaries,
        lines=COSTED,
        part=cost_of_sitting,
        base=lambda day: Value(1),
        order=20,
    ),
    Indicator(
        "cout-heure",
        _("Coût d’une heure de participation"),
        _("Ce qu’a coûté une heure de présence d’un membre, toutes séances ensemble."),
        _("montants rattachés aux séances ÷ heures de travail des membres"),
        Theme.COST,
        Unit.EUROS,
        _("Frais remboursés, budget et feuilles de présence"),
        _("Aucune heure de présence n’est encore notée."),
        facts=Facts.DATED,
        rows=held_sittings,
        lines=COSTED,
        part=cost_of_sitting,
        base=hours_of_sitting,
        breakdowns=(by_kind(),),
        order=30,
    ),
    Indicator(
        "cout-membre",
        _("Coût par membre"),
        _("Ce qu’ont coûté les séances depuis le début de la mandature, par membre en mandat ce jour-là."),
        _("montants rattachés aux séances ÷ membres en mandat"),
        Theme.COST,
        Unit.EUROS,
        _("Frais remboursés, budget et mandats"),
        _("Personne ne siège ce jour-là."),
        facts=Facts.DATED,
        rows=held_sittings,
        lines=COSTED,
        part=cost_of_sitting,
        divisors=active_members,
        order=40,
    ),
)

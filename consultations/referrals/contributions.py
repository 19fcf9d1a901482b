"""Contributions of referrals: letter, menus, to-do lines of team and offices, widgets, search, indicators.

The letter is a file: « PROJET » until the visa, then sealed as `S-2026-02-LS`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext as _, gettext_lazy

from assembly.audit.registry import add_audit_events
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, add_calendar_source, deadline
from assembly.documents.models import Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, RecordedVisa, Renderer, add_documents, add_upload_rules
from assembly.identity.models import User
from assembly.imports.plan import add_import_kind
from assembly.indicators.counting import end_of
from assembly.indicators.registry import Breakdown, Facts, Indicator, RowLines, Theme, Unit, add_indicators
from assembly.institution import todo
from assembly.institution.menu import FOR_MEMBERS, OFFICES, MenuHeading, add_desk_line, add_menu_entry, open_area
from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.queries import DESK_ROLES, ReaderQuery, main_assembly_key
from assembly.institution.registry import OpenDossiers, add_open_dossiers
from assembly.institution.rules import has_role, is_team
from assembly.institution.todo import add_to_do
from assembly.lists import Column, add_list
from assembly.open_data.registry import add_data_sets
from assembly.portal.registry import Page, add_pages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.speed.queries import CompiledQuery
from assembly.text.french import format_date
from assembly.web.widgets import Widget, add_widget
from consultations.models import CouncilView, HearingState, Referral, ReferralOrigin, ReferralState
from consultations.pages import outside_status, path
from consultations.referrals import actions, queries, rules
from consultations.referrals.actions import DRAFT_LETTER, LETTER
from consultations.referrals.data_sets import REFERRAL_DATA
from consultations.referrals.importing import REFERRALS_FILE
from consultations.referrals.lists import REFERRALS
from consultations.referrals.models import ReferralQuerySet
from consultations.referrals.queries import LABEL, followed_by, letter_facts, my_referrals, published, with_my_groups
from consultations.referrals.rules import OFFICE
from consultations.reviews.queries import referral_address
from sessions.agenda.topics import Topic, add_agenda_topic
from sessions.sittings.queries.sittings import next_sitting_about


class LetterFile(Renderer):
    """Base of the draft and of the sealed letter."""

    subject_label: ClassVar[str] = "consultations.Referral"

    def load(self, subject_id: str) -> Referral:
        return Referral.objects.select_related("term__assembly", "issued_by__person").get(pk=subject_id)

    def identity(self, subject: Referral) -> Identity:
        dated = subject.letter_on or timezone.localdate(subject.created_at)
        return Identity(f"{subject.reference}-LS", title_of(subject), dated, subject.term)

    def source(self, subject: Referral) -> RenderSource:
        facts = letter_facts(subject)
        signed = facts["signed_by"]
        visas = [signed | {"given_at": datetime.fromisoformat(signed["given_at"]), "note": ""}] if signed else []
        return page_source(
            "consultations/referrals/pdf/letter.html",
            {"letter": facts, "visas": visas},
            assembly=subject.term.assembly,
            title=title_of(subject),
            reference=facts["reference"],
            made_at=subject.issued_at or subject.changed_at,
            sheets=["consultations"],
            data=facts if self.sealed else None,
            sealed=self.sealed,
            draft=not self.sealed,
        )


def title_of(referral: Referral) -> str:
    return _("Saisine : %(title)s") % {"title": referral.title}


class DraftLetter(LetterFile):
    """Letter to be read before the visa, by the team and by the offices."""

    kind = DRAFT_LETTER
    file_name = "projet-de-lettre-de-saisine"

    def can_read(self, user: Any, subject: Referral) -> bool:
        return rules.can_make_letter(user, subject) or rules.can_read_in_office(user, subject)


class SealedLetter(LetterFile):
    """Letter made at the visa, for whoever reads the referral."""

    kind = LETTER
    sealed = True

    def can_read(self, user: Any, subject: Referral) -> bool:
        return Referral.objects.visible_to(user).filter(pk=subject.pk, issued_at__isnull=False).exists()

    def visas(self, subject: Referral) -> Sequence[RecordedVisa]:
        """Return the visa of the office, which acts in an official capacity and is named in public."""
        signed = letter_facts(subject)["signed_by"]
        return [RecordedVisa(**signed)] if signed else []


def signed_letter_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open the letter signed on paper: readers of the referral in any area may."""
    return Referral.objects.visible_to(user).filter(signed_letter=upload, issued_at__isnull=False).exists()


def recorded_answer_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open the council's answer: readers of the referral, anybody once it is public."""
    seen = Referral.objects.visible_to(user) | Referral.objects.public()
    return seen.filter(answer_document=upload).exists()


S = ReferralState
STUDIED_FIELDS = queries.LINE_FIELDS | {"is_admissible": "is_admissible"}
STEP_LABELS = {
    S.SHORTLISTED: gettext_lazy("Étudier la recevabilité : %(title)s"),
    S.ADMISSIBILITY_CHECK: gettext_lazy("Décider de la recevabilité : %(title)s"),
    S.COUNCIL_VIEW_GIVEN: gettext_lazy("Mettre aux voix : %(title)s"),
}


def study_line(referral: dict[str, Any]) -> todo.ToDo:
    """Return the to-do line of the next step of a subject."""
    template: Any = STEP_LABELS[ReferralState(referral["state"])]
    if referral["state"] == S.ADMISSIBILITY_CHECK and referral["is_admissible"]:
        template = gettext("Recueillir la position du président : %(title)s")
    return todo.ToDo(
        template % referral, reverse("consultations:suggestion", args=[referral["pk"]]), referral["reference"]
    )


def view_line(referral: dict[str, Any]) -> todo.ToDo:
    """Return the to-do line of a subject that needs the council's view."""
    url = reverse("consultations:office-referral", args=[referral["pk"]])
    return todo.ToDo(gettext("Donner la position du président : %(title)s") % referral, url, referral["reference"])


def describe_line(referral: dict[str, Any]) -> todo.ToDo:
    url = reverse("consultations:briefing-describe", args=[referral["pk"]])
    return todo.ToDo(gettext("Décrire les fichiers déposés : %(title)s") % referral, url, referral["reference"])


def release_line(referral: dict[str, Any]) -> todo.ToDo:
    url = reverse("consultations:briefing-release", args=[referral["pk"]])
    return todo.ToDo(gettext("Ouvrir le dossier : %(title)s") % referral, url, referral["reference"])


PACK_TO_DO = (
    todo.PendingRows(queries.with_deposits, queries.LINE_FIELDS, describe_line, sort_field="title"),
    todo.PendingRows(queries.to_release, queries.LINE_FIELDS, release_line, sort_field="title"),
)


def hearing_line(hearing: dict[str, Any]) -> todo.ToDo:
    title = gettext("Dire si elle a eu lieu : %(title)s") % hearing
    if hearing["state"] == HearingState.HELD:
        title = gettext("Écrire le compte rendu de l’audition : %(title)s") % hearing
    day = format_date(datetime.fromisoformat(hearing["starts_at"]))
    return todo.ToDo(title, reverse("consultations:hearing", args=[hearing["pk"]]), f"{hearing['reference']}, {day}")


HEARING_FIELDS = {name: name for name in ("pk", "title", "state", "starts_at")} | {"reference": "referral__reference"}
TO_NOTE = todo.PendingRows(queries.hearings_to_note, HEARING_FIELDS, hearing_line, sort_field="title")

NEXT_STEPS = {
    S.ISSUED: gettext_lazy("Faire recevoir par l’assemblée : %(title)s"),
    S.ACCEPTED: gettext_lazy("Ouvrir les travaux : %(title)s"),
    S.ADOPTED: gettext_lazy("Ouvrir les travaux : %(title)s"),
}


def next_line(referral: dict[str, Any]) -> todo.ToDo:
    return line(referral, NEXT_STEPS[ReferralState(referral["state"])])


def late_line(referral: dict[str, Any]) -> todo.ToDo:
    return line(referral, gettext("L’avis de l’assemblée est en retard : %(title)s"))


def close_line(referral: dict[str, Any]) -> todo.ToDo:
    return line(referral, gettext("Clore la saisine : %(title)s"))


def line(referral: dict[str, Any], label: Any) -> todo.ToDo:
    url = reverse("consultations:referral", args=[referral["pk"]])
    return todo.ToDo(label % {"title": referral["title"]}, url, referral["reference"])


def issue_line(referral: dict[str, Any]) -> todo.ToDo:
    url = reverse("consultations:office-referral", args=[referral["pk"]])
    title = gettext("Émettre la saisine : %(title)s") % {"title": referral["title"]}
    return todo.ToDo(title, url, referral["reference"], acts=(todo.LineButton(gettext("Lire la lettre"), url),))


# The handover depends on the opinion itself. The day is that of the opinion while it is awaited and near or past.
DESK = todo.PendingLists(
    todo.PendingRows(queries.to_move, queries.LINE_FIELDS, next_line, due=queries.late_day, sort_field="title"),
    todo.PendingRows(queries.late_referrals, queries.LINE_FIELDS, late_line, due="due_on", sort_field="title"),
    todo.PendingRows(queries.to_close, queries.LINE_FIELDS, close_line, sort_field="title"),
    todo.PendingRows(queries.studied, STUDIED_FIELDS, study_line, sort_field="title"),
    *PACK_TO_DO,
    TO_NOTE,
)
OFFICE_LISTS = todo.PendingLists(
    todo.PendingRows(
        queries.waiting_for_office, queries.LINE_FIELDS, issue_line, due=queries.work_ahead, sort_field="title"
    ),
    todo.PendingRows(queries.admissible, queries.LINE_FIELDS, view_line, sort_field="title"),
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return what the team must do about each referral: its next step, its pack, its hearings."""
    return [DESK] if is_team(user, term) else []


def office_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the referrals that need the visa of the president's office, the subjects that need the council's view."""
    return [OFFICE_LISTS] if has_role(user, OFFICE, term=term) else []


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.pass_files(followed_by(user, term), to=to, by=by)


SHOWN = 4
LISTED = 12
PUBLIC_WORK = CompiledQuery(
    lambda term: (
        Referral.objects.public()
        .filter(term=term, state__in=ReferralState.tagged("at_work"))
        .annotate(next_sitting=next_sitting_about(LABEL))
        .order_by(F("next_sitting").asc(nulls_last=True), "-created_at", "-pk")
        .for_screen()[:SHOWN]
    )
)


def public_work(user: Any, term: Term) -> Widget:
    """Return « En ce moment »: of what is published and not handed over, the subject of the nearest public sitting."""
    rows = list(PUBLIC_WORK(term.pk))
    context: dict[str, Any] = {"referral": None, "others": rows[1:]}
    if rows:
        referral = queries.public_dossier().get(pk=rows[0].pk)
        context |= {"referral": referral, "status": outside_status(referral), "path": path(referral)}
    return Widget("consultations/referrals/_public_work.html", context, order=5)


def open_work(user: Any, term: int) -> ReferralQuerySet:
    """Return the referrals at work, those of the reader's own groups first."""
    rows = with_my_groups(my_referrals(user), user.person_id).filter(
        term=term, state__in=ReferralState.tagged("at_work")
    )
    return rows.order_by("-is_mine", "due_on", "-pk").for_screen()[:SHOWN]


def office_work(user: Any, term: int) -> ReferralQuerySet:
    rows = Referral.objects.visible_to(user).filter(term=term).exclude(state=ReferralState.SHORTLISTED)
    return rows.order_by("-created_at", "-pk").for_screen()[:LISTED]


OPEN_WORK, OFFICE_WORK = ReaderQuery(open_work), ReaderQuery(office_work)


def member_work(user: Any, term: Term) -> Widget | None:
    """Return what the assembly must answer now, with the reader's own groups."""
    rows = list(OPEN_WORK(user, term))
    return (
        Widget("consultations/referrals/_member_work.html", {"referrals": rows}, order=15, position="sidebar")
        if rows
        else None
    )


def office_list(user: Any, term: Term) -> Widget | None:
    """Return the referrals of the term that the president's office and the sponsor may read."""
    if not has_role(user, {OFFICE, Role.SPONSOR}, term=term):
        return None
    rows = list(OFFICE_WORK(user, term))
    return Widget("consultations/referrals/_office_list.html", {"referrals": rows}, order=10) if rows else None


def opinions_due(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the day on which the opinion of each referral is due, for who works in the back office."""
    if not has_role(user, DESK_ROLES, term=term):
        return
    rows = Referral.objects.visible_to(user).filter(term=term, state__in=ReferralState.tagged("due"))
    for referral in rows.filter(due_on__range=(first, last)).for_screen():
        title = gettext("Avis attendu : %(title)s") % {"title": referral.title}
        page = reverse("consultations:referral", args=[referral.pk])
        yield deadline(f"referral-{referral.pk}", title, page, referral.due_on, [referral.officer_id])  # type: ignore[arg-type]  # -- in the range


def pages() -> Iterator[Page]:
    """Yield the address of the list, then that of each published referral with its moment of publication."""
    yield reverse("consultations:public-list"), None
    for reference, moment in published().order_by("pk").values_list("reference", "published_at"):
        yield reverse("consultations:public", args=[reference]), moment


class Referrals(SearchSource):
    kind, order = "referral", 15
    name, label = gettext_lazy("Saisine"), gettext_lazy("Saisines")

    def objects(self) -> QuerySet[Any]:
        return Referral.objects.all()

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        yield IndexEntry(
            subject.title,
            body="\n".join(text for _label, text in subject.texts("question", "target_decision") + subject.parts),
            reference=subject.reference,
            dated_on=timezone.localdate(subject.issued_at or subject.created_at),
            term_id=subject.term_id,
            address_key=subject.reference if subject.published_at else "",
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        anybody = Referral.objects.public().filter(term__assembly=main_assembly_key())
        return {"": Referral.objects.visible_to(user) | anybody}

    def address(self, user: Any, entry: SearchEntry) -> str:
        pk, moment = int(entry.object_id), timezone.now() if entry.address_key else None
        referral = Referral(pk=pk, term_id=entry.term_key, reference=entry.address_key, published_at=moment)
        return referral_address(referral, user)


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, Topic]:
    """Return the referrals that this reader may see, with the address of the page in the reader's own area."""
    known = [key for key in keys if key.isdecimal()]
    rows = Referral.objects.visible_to(reader) if reader is not None else Referral.objects.public()
    return {
        str(referral.pk): Topic(
            kind=gettext_lazy("Saisine"),
            reference=referral.reference,
            title=referral.title,
            url=referral_address(referral, reader),
        )
        for referral in rows.filter(pk__in=known)
    }


def offer(user: Any, term: int) -> QuerySet[Referral, tuple[int, str]]:
    """Return the referrals of the term that still run, as choices."""
    rows = (
        Referral.objects.visible_to(user)
        .filter(term=term)
        .exclude(state__in=ReferralState.tagged("ended"))
        .exclude(reference="")
    )
    label = Concat("reference", Value(" "), "title")
    return rows.order_by("reference__alphabetical").annotate(choice_label=label).values_list("pk", "choice_label")


def minutes_sentences(keys: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the lines of the minutes about a self-referral that is voted: its reference, and the council's view."""
    known = [int(key) for key in keys if key.isdecimal()]
    views = CouncilView.objects.filter(referral__in=known, referral__origin=ReferralOrigin.SELF_REFERRAL)
    return {str(view.referral_id): [sentence(view)] for view in views.select_related("referral")}


def sentence(view: CouncilView) -> str:
    template = gettext(
        "Auto-saisine %(reference)s. Le président a donné sa position avant le vote, le %(day)s : %(view)s."
    )
    day = format_date(view.given_on, weekday=False)
    return template % {"reference": view.referral.reference, "day": day, "view": view.get_stance_display()}


def referrals(term: Term, day: date) -> QuerySet[Referral]:
    return Referral.objects.filter(term=term, issued_at__lt=end_of(day))


ORIGIN = Breakdown(
    "origine",
    gettext_lazy("origine"),
    lambda term, day: "origin",
    lambda term: {str(one): one.label for one in ReferralOrigin},
)


# The office reads the letter before its visa.
open_area(r"/bureau/saisines/\d+/lettre/$", TEAM_ROLES | {Role.FACILITATOR, Role.PRESIDENT})
open_area(r"/espace/saisines/.", TEAM_ROLES | OFFICES | {Role.FACILITATOR, Role.MEMBER})
add_desk_line(
    MenuHeading.QUESTIONS,
    gettext_lazy("Saisines"),
    "consultations:list",
    REFERRALS.can_open,
    order=32,
)
add_menu_entry(
    "member", gettext_lazy("Saisines"), "consultations:my-list", FOR_MEMBERS, order=30, icon="question-circle"
)
add_calendar_source(CalendarKind.DEADLINE, opinions_due)
add_to_do("desk", desk_lines)
add_to_do("directorate", office_lines)
add_open_dossiers(OpenDossiers("referrals", gettext_lazy("saisines à suivre"), count_files, move_files))
add_widget("public", public_work)
add_widget("member", member_work)
add_widget("directorate", office_list)
add_pages("referrals", pages)
add_data_sets(REFERRAL_DATA)
add_documents(DraftLetter, SealedLetter)
add_upload_rules(signed_letter_is_visible, recorded_answer_is_visible)
add_search_source(Referrals)
add_agenda_topic(LABEL, describe, offer, minutes_sentences)
add_indicators(
    Indicator(
        "saisines",
        gettext_lazy("Saisines et auto-saisines engagées"),
        gettext_lazy(
            "Questions sur lesquelles l’assemblée travaille ou a travaillé, posées par le président ou par elle-même."
        ),
        gettext_lazy("nombre de saisines émises"),
        Theme.WORK,
        Unit.NUMBER,
        gettext_lazy("Saisines dans Hémicycle"),
        gettext_lazy("Aucune saisine n’est encore émise."),
        facts=Facts.DATED,
        rows=referrals,
        lines=RowLines(
            [
                Column(gettext_lazy("Saisine"), "title", key="saisine", order=["title__alphabetical"]),
                Column(gettext_lazy("Référence"), "reference", key="reference", order=["reference__alphabetical"]),
                Column(gettext_lazy("Émise le"), "issued_at", key="date", order=["issued_at"]),
            ],
            lambda row: reverse("consultations:referral", args=[row.pk]),
        ),
        breakdowns=(ORIGIN,),
        is_public=True,
        order=5,
    ),
)
add_audit_events(
    {
        "referral.created": gettext_lazy("a préparé la saisine"),
        "referral.changed": gettext_lazy("a modifié la saisine"),
        "referral.directorate_named": gettext_lazy("a associé une direction"),
        "referral.committee_assigned": gettext_lazy("a confié la saisine à un groupe"),
        "referral.committee_changed": gettext_lazy("a modifié le mandat d’un groupe"),
        "referral.committee_released": gettext_lazy("a retiré la saisine à un groupe"),
        "referral.settings_changed": gettext_lazy("a modifié les réglages des saisines"),
    }
)
add_list(REFERRALS)
add_import_kind(REFERRALS_FILE.import_kind())

"""Contributions of draws: menus, to-do lines, mails, files, search, audit events.

The record of a draw (procès-verbal) is a sealed file, with its data and the program that verifies it. No name is
stored in a mail.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext as _, gettext_lazy

from assembly.audit.registry import add_audit_events
from assembly.documents.models import Audience
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import Enclosure, RenderSource
from assembly.documents.registry import Identity, Renderer, SitePage, add_documents, add_upload_rules
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry, anywhere
from assembly.institution.models import Term
from assembly.institution.rules import can_enter_member_area, is_team
from assembly.institution.todo import add_to_do
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, add_messages
from assembly.open_data.registry import add_data_sets
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.text.french import local_day
from assembly.web.widgets import Widget, add_widget
from draws.calls.queries import call_ended_on
from draws.candidates import queries as candidates
from draws.candidates.rules import entry_token
from draws.draws.data_sets import DRAW_DATA
from draws.draws.queries import pending
from draws.draws.queries.announced import last_chances
from draws.draws.queries.draw import RECORD_KIND
from draws.draws.queries.pending import contested_draws, day_of_draw, next_acts
from draws.draws.queries.records import VERIFIER, record_content, verifier_source
from draws.draws.workflow.guards import can_see_draws
from draws.models import Draw, PoolEntry
from draws.pages import DESK, PUBLIC
from draws.succession.queries import REMINDER, draws_to_call_again
from members.models import Mandate

ENTRY = "draw-entry"


class DrawEntryMessage(MessageKind):
    """Mail about the frozen list; `own.entry`: a key.
    Not sent once the candidate is erased or the list cancelled, nor to an address that nobody confirmed."""

    kind = ENTRY
    template = "draws/draws/mail/entry"
    label = gettext_lazy("Candidature dans la liste figée")

    def entry(self, delivery: Delivery) -> PoolEntry | None:
        rows = PoolEntry.objects.filter(pk=delivery.context["entry"])
        return rows.select_related("candidate", "pool__draw__call__term").first()

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        entry = self.entry(delivery)
        if entry is None or entry.pool.draw.pool_id != entry.pool_id or not entry.applicant.has_confirmed_address:
            return None
        return "", entry.applicant.email

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        entry = self.entry(delivery)
        if entry is None:
            raise LookupError("The candidate left between the claim and the writing of the message.")
        draw = entry.pool.draw
        return {
            "draw": draw,
            "first_name": entry.applicant.first_name,
            "pseudonym": entry.pseudonym,
            "url": settings.SITE_URL + reverse("draws:entry", args=[entry_token(entry)]),
            "ends_at": draw.contest_ends_at,
            "is_announced": draw.announced_at is not None,
        }


class DrawnReminder(MessageKind):
    """Reminder to somebody drawn; `own.mandate`: a key. A past day is left out: the answer is still welcome."""

    kind = REMINDER
    template = "draws/draws/mail/drawn_reminder"
    label = gettext_lazy("Réponse attendue après le tirage au sort")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        deadline = Mandate.objects.get(pk=delivery.context["mandate"]).answer_deadline
        return {"deadline": deadline if deadline and deadline >= timezone.localdate() else None}


class DrawRecord(Renderer):
    kind = RECORD_KIND
    subject_label = "draws.Draw"
    sealed = True
    audience = Audience.PUBLIC

    def load(self, subject_id: str) -> Draw:
        return Draw.objects.with_dossier().get(pk=subject_id)

    def identity(self, subject: Draw) -> Identity:
        title = _("Procès-verbal du tirage au sort %(reference)s") % {"reference": subject.reference}
        day = local_day(subject.drawn_at or timezone.now())
        return Identity(f"{subject.reference}-PV", title, day, subject.term)

    def source(self, subject: Draw) -> RenderSource:
        content = record_content(subject)
        address = settings.SITE_URL + reverse("draws:public", args=[subject.reference])
        return page_source(
            "draws/draws/pdf/record.html",
            {
                "record": content,
                "draw": subject,
                "address": address,
                "call_ended_on": call_ended_on(subject.call) if subject.call else None,
            },
            assembly=subject.term.assembly,
            title=self.identity(subject).title,
            reference=f"{subject.reference}-PV",
            made_at=subject.drawn_at or timezone.now(),
            sheets=["draws"],
            data=content,
            attachments=[Enclosure(VERIFIER, verifier_source(), _("Programme de vérification"), "Supplement")],
            sealed=True,
        )

    def can_read(self, user: Any, subject: Draw) -> bool:
        return can_see_draws(user, subject.term_id)

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = Draw.objects.public().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("Le tirage en ligne"), reverse("draws:public", args=[reference]))
            for pk, reference in rows
        }


def statement_of_a_draw(user: Any, upload: Any) -> bool:
    """Return whether the user may read the statement of the commissaire de justice.
    Whoever sees the draw may, and anybody once it is revealed."""
    draws = Draw.objects.filter(statement=upload.pk)
    return draws.filter(revealed_at__isnull=False).exists() or draws.visible_to(user).exists()


NAMED = {"pk": "pk", "reference": "reference"}
NEXT_ACTS = todo.PendingRows(next_acts, {**NAMED, "act": F("act")}, pending.act_line, due=day_of_draw)
CONTESTATIONS = todo.PendingRows(
    contested_draws, {**NAMED, "n": F("waiting")}, pending.contested_line, due=day_of_draw
)
CALLS = todo.PendingRows(
    draws_to_call_again, {**NAMED, "n": F("calls")}, pending.call_again_line, due=lambda: F("first_day")
)
# One statement lists every pending task of the call and the draw.
LINES = todo.PendingLists(candidates.EXAMINATIONS, NEXT_ACTS, CONTESTATIONS, CALLS)


BALL_POSITIONS = ((44, 46), (82, 26), (120, 44), (158, 28))


def draw_step(user: Any, term: Term) -> Widget:
    """Build the step of « Comment ça marche » about the draw: the balls and the figures of the last one in force."""
    last = last_chances()
    digits = last.balls.split("-") if last and last.balls else [""] * len(BALL_POSITIONS)
    balls = [(x, y, digit) for (x, y), digit in zip(BALL_POSITIONS, digits, strict=True)]
    return Widget("draws/draws/_how.html", {"last": last, "balls": balls, "seats": term.seats}, order=10)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LINES] if is_team(user, term) else []


class Draws(SearchSource):
    """Index of the text of the public page: title, term, place. No name of anybody who was drawn."""

    kind, order = "draw", 25
    name, label = gettext_lazy("Tirage au sort"), gettext_lazy("Tirages au sort")

    def objects(self) -> QuerySet[Draw]:
        return Draw.objects.select_related("call__term", "within_term")

    def entries(self, subject: Draw) -> Iterable[IndexEntry]:
        moment = subject.drawn_at or subject.takes_place_at or subject.announced_at
        shared: dict[str, Any] = {
            "title": subject.title or gettext("Tirage au sort %(reference)s") % {"reference": subject.reference},
            "body": "\n".join(filter(None, [gettext("Tirage au sort"), subject.term.name, subject.place])),
            "reference": subject.reference,
            "dated_on": timezone.localdate(moment) if moment else None,
            "term_id": subject.term_id,
        }
        yield IndexEntry(audience=DESK, **shared)
        if subject.announced_at:
            yield IndexEntry(audience=PUBLIC, **shared)

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Draw]]:
        own = Draw.objects.visible_to(user)
        return {DESK: own, PUBLIC: Draw.objects.public().of_main_assembly().exclude(pk__in=own.values("pk"))}

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == PUBLIC:
            return reverse("draws:public", args=[entry.reference])
        return reverse("draws:draw", args=[entry.object_id])


add_widget("how", draw_step)
add_desk_line(
    MenuHeading.PEOPLE,
    gettext_lazy("Tirage au sort"),
    "draws:list",
    can_see_draws,
    order=30,
)
add_menu_entry(
    "member",
    gettext_lazy("Tirages au sort"),
    "draws:my-places",
    anywhere(can_enter_member_area),
    order=65,
    icon="check2-square",
)
add_to_do("desk", desk_lines)
add_messages(DrawEntryMessage, DrawnReminder)
add_documents(DrawRecord)
add_upload_rules(statement_of_a_draw)
add_data_sets(DRAW_DATA)
add_search_source(Draws)
add_audit_events(
    {
        "draw.begun": gettext_lazy("a commencé un tirage au sort"),
        "draw.internal_begun": gettext_lazy("a commencé un tirage au sort parmi les membres"),
        "draw.computation_cancelled": gettext_lazy("a arrêté un calcul du tirage"),
        "draw.contested": gettext_lazy("a contesté ce que la liste figée dit de sa candidature"),
        "draw.contestation_answered": gettext_lazy("a répondu à une contestation de la liste figée"),
        "mandate.called": gettext_lazy("a noté un appel à la personne tirée au sort"),
        "draw.file_read": gettext_lazy("a téléchargé un fichier réservé du tirage"),
    }
)

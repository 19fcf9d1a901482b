"""Search sources of sittings, minutes and documents; each reader finds the text that their own pages show."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import UploadState
from assembly.documents.queries.extracts import text_of
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import is_facilitator, is_team, term_ids
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.search.text import text_of_html
from sessions.enums import SittingState
from sessions.models import AgendaDocument, AgendaItem, Minutes, Notice, Sitting
from sessions.queries.agenda import items_of
from sessions.queries.minutes_facts import INTERNAL, document_reference, minutes_facts, title_of

DESK, MEMBER_AREA, PUBLIC = "desk", "member_area", "public"
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
        yield self._entry(subject, DESK, [*fields, subject.message, *agenda_texts(subject, internal=True)])

    def _entry(self, sitting: Sitting, audience: str, texts: Iterable[str]) -> IndexEntry:
        return IndexEntry(
            title=sitting.title,
            body=lines(texts),
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
            DESK: own.filter(term__in=at_desk),
            MEMBER_AREA: own.exclude(term__in=at_desk),
            PUBLIC: announced.exclude(pk__in=own.values("pk")),
        }

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.audience == PUBLIC:
            if not entry.reference:  # The entry was indexed before sittings had a public page.
                return reverse("sittings:public-list")
            return reverse("sittings:public", args=[entry.reference])
        return reverse("sittings:sitting" if entry.audience == DESK else "sittings:my-sitting", args=[entry.object_id])

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "institution.Committee":
            return Sitting.objects.filter(committee__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


class MinutesTexts(SearchSource):
    """Index of the internal text, which those who see minutes read whole; the public version is a publication."""

    kind, order = "minutes", 20
    name, label = _("Compte rendu"), _("Comptes rendus")

    def objects(self) -> QuerySet[Minutes]:
        return Minutes.objects.select_related(
            "sitting__term__assembly", "sitting__committee", "sitting__chair", "sitting__secretary"
        )

    def entries(self, subject: Minutes) -> Iterable[IndexEntry]:
        facts = minutes_facts(subject, INTERNAL)
        yield IndexEntry(
            title=title_of(subject),
            body=lines(line for item in facts["items"] for line in item_texts(item)),
            reference=document_reference(subject, INTERNAL),
            dated_on=timezone.localdate(subject.sitting.starts_at),
            term_id=subject.sitting.term_id,
            address_key=str(subject.sitting_id),
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Minutes]]:
        return {"": Minutes.objects.visible_to(user)}

    def address(self, user: Any, entry: SearchEntry) -> str:
        if entry.term_id and (is_team(user, entry.term_id) or is_facilitator(user, entry.term_id)):
            return reverse("sittings:minutes", args=[entry.address_key])
        return reverse("sittings:minutes-read", args=[entry.object_id])

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "sittings.Sitting":
            return Minutes.objects.filter(sitting__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


class Papers(SearchSource):
    """Index of documents, by the text of the file once a worker has read it (`documents.sheets.paper_is_visible`)."""

    kind, order = "paper", 50
    name, label = _("Pièce de séance"), _("Pièces de séance")

    def objects(self) -> QuerySet[AgendaDocument]:
        rows = AgendaDocument.objects.filter(
            removed_at=None, upload__withdrawn_at=None, upload__state__in=UploadState.tagged("readable")
        )
        return rows.select_related("sitting", "upload")

    def entries(self, subject: AgendaDocument) -> Iterable[IndexEntry]:
        yield IndexEntry(
            title=subject.title,
            body=lines([subject.upload.name, text_of(subject.upload)]),
            reference=subject.sitting.reference,
            dated_on=timezone.localdate(subject.sitting.starts_at),
            term_id=subject.sitting.term_id,
            address_key=str(subject.upload.public_id),
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[AgendaDocument]]:
        if not user.is_authenticated:
            return {}
        announced = Sitting.objects.visible_to(user).exclude(state=SittingState.PLANNED)
        internal_items = AgendaItem.objects.filter(is_internal=True)
        shared = Q(is_internal=False, sitting__in=announced.values("pk"))
        return {
            "": self.objects()
            .select_related(None)
            .filter(Q(sitting__term__in=term_ids(user, TEAM_ROLES)) | shared & ~Q(item__in=internal_items))
        }

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("documents:upload", args=[entry.address_key])

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        paths = {
            "sittings.Sitting": "sitting__in",
            "documents.Upload": "upload__in",
            "documents.FileText": "upload__blob__in",
        }
        if path := paths.get(label):
            return AgendaDocument.objects.filter(**{path: ids}).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def agenda_texts(sitting: Sitting, *, internal: bool) -> list[str]:
    """Return the titles, speakers and presentations of the agenda."""
    rows = items_of(sitting, internal=internal).values_list("title", "speaker", "note")
    return [text for row in rows for text in row]


def item_texts(item: dict[str, Any]) -> Iterable[str]:
    """Yield the texts of one item in the minutes: title, summary, decisions, votes and actions."""
    yield item["title"]
    yield text_of_html(item["summary_html"])
    for decision in item["decisions"]:
        yield f"{decision['reference']} {decision['text']}"
    for ballot in [*item["ballots"], *(decision["ballot"] for decision in item["decisions"] if decision["ballot"])]:
        yield ballot["question"]
    for action in item["actions"]:
        yield action["text"]


def lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


add_search_source(Sittings)
add_search_source(MinutesTexts)
add_search_source(Papers)

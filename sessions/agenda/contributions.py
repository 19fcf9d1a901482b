"""Contributions of agendas and their papers: files, search, audit events."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.models import UploadState
from assembly.documents.queries import text_of
from assembly.documents.registry import add_upload_rules
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from sessions.agenda.queries import paper_is_visible
from sessions.models import AgendaDocument, AgendaItem, Sitting, SittingState


class Papers(SearchSource):
    """Index of documents, by the text of the file once a worker has read it (`agenda.queries.paper_is_visible`)."""

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
            body="\n".join(filter(None, [subject.upload.name, text_of(subject.upload)])),
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


add_upload_rules(paper_is_visible)
add_search_source(Papers)
add_audit_events(
    {
        "agenda.item_added": _("a ajouté un point à l’ordre du jour"),
        "agenda.item_changed": _("a modifié un point de l’ordre du jour"),
        "agenda.item_moved": _("a déplacé un point de l’ordre du jour"),
        "agenda.item_restored": _("a remis un point à l’ordre du jour"),
        "agenda.item_removed": _("a retiré un point de l’ordre du jour"),
        "agenda.item_opened": _("a ouvert un point de l’ordre du jour"),
        "agenda.item_reopened": _("a repris un point de l’ordre du jour"),
        "agenda.item_closed": _("a clos un point de l’ordre du jour"),
        "agenda.hours_set": _("a corrigé les heures d’un point"),
        "notes.taken": _("a pris des notes sur un point"),
        "agenda.paper_added": _("a ajouté une pièce"),
        "agenda.paper_removed": _("a retiré une pièce"),
    }
)

"""Registry of renderers: how each kind of document is made and what follows. Apps fill it from `contributions`."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.apps import apps

from assembly.documents.models import Audience, Document, Rendition, Revision, Upload
from assembly.documents.pdf.source import RenderSource
from assembly.institution.models import Term


@dataclass(frozen=True)
class Identity:
    """The permanent identity of a document: its reference is given once."""

    reference: str
    title: str
    dated_on: date
    term: Term | None = None
    supersedes: str = ""


@dataclass(frozen=True)
class RecordedVisa:
    """An approval given in the app before the seal, as « Vérifier un document » shows it."""

    name: str
    capacity: str
    given_at: str


@dataclass(frozen=True)
class SitePage:
    """A page of the site, and the label of the link to it."""

    label: str
    url: str


class Renderer(ABC):
    """How one kind of document is made. `subject_label` is the model it is about ("sittings.Minutes").

    A sealed kind gets a document in the register, its base and sealed revisions. A kind that is not sealed gives a
    file attached to its rendition (drafts, letters, sheets), deleted after a while; `file_name` is its French name
    when saved.
    """

    kind: ClassVar[str]
    subject_label: ClassVar[str]
    sealed: ClassVar[bool] = False
    file_name: ClassVar[str] = ""
    audience: ClassVar[Audience] = Audience.INTERNAL

    @abstractmethod
    def identity(self, subject: Any) -> Identity:
        """Return reference, title and date of the document about `subject`."""

    @abstractmethod
    def source(self, subject: Any) -> RenderSource:
        """Return everything that decides the bytes; equal sources make equal files."""

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: Any) -> None:  # noqa: B027 -- an optional hook
        """Run what follows, in the transaction that stores the file: a call to one action of the app."""

    def visas(self, subject: Any) -> Sequence[RecordedVisa]:
        """Return who approved the text before the seal; never a private person's name in a public version."""
        return ()

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        """Return, by key of their subject, public pages with the same content as the published files."""
        return {}

    def can_read(self, user: Any, subject: Any) -> bool:
        """Return whether this user may download the file; the requester of a rendition always may."""
        return False

    def load(self, subject_id: str) -> Any:
        """Return the subject of the other methods: its row, or a value read from it; once for each job."""
        return apps.get_model(self.subject_label)._base_manager.get(pk=subject_id)


renderers: dict[str, Renderer] = {}


def site_pages(documents: Iterable[Document]) -> dict[int, SitePage]:
    """Return, by key, the page of the site for each published file; one statement for each kind of document."""
    by_kind: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_kind[document.kind].append(document)
    pages_by_key: dict[int, SitePage] = {}
    for kind in by_kind.keys() & renderers.keys():
        pages = renderers[kind].site_pages({row.subject_id for row in by_kind[kind]})
        pages_by_key |= {row.pk: pages[row.subject_id] for row in by_kind[kind] if row.subject_id in pages}
    return pages_by_key


UploadRule = Callable[[Any, Upload], bool]
_upload_rules: list[UploadRule] = []


def add_documents(*added: type[Renderer]) -> None:
    """Add renderers, each under its kind.

    Raises `ValueError` for a second renderer of a kind, and for files that would be saved under an English name.
    """
    for renderer in added:
        if not (renderer.sealed or renderer.file_name):
            raise ValueError(f"{renderer.kind!r} makes files without a reference: give them a `file_name` in French.")
        known = renderers.get(renderer.kind)
        if known is not None and type(known).__qualname__ != renderer.__qualname__:
            raise ValueError(f"Two renderers for {renderer.kind!r}.")
        renderers[renderer.kind] = renderer()


def add_upload_rules(*rules: UploadRule) -> None:
    """Add functions `rule(user, upload)`, each of which grants files; a file that no rule grants is refused."""
    _upload_rules.extend(rules)


def may_see_upload(user: Any, upload: Upload) -> bool:
    """Return whether an app grants this file to this user (who may be anonymous)."""
    return any(rule(user, upload) for rule in _upload_rules)


def kinds() -> Iterator[str]:
    """Yield the names of every kind of document that some app can make."""
    yield from sorted(renderers)

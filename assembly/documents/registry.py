"""Renderers: each app says in its `documents.py` how its kinds of document are made and what follows.

`documents` may be a module or a package; every module of the package is imported at start.
"""

import pkgutil
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any, ClassVar

from django.apps import apps
from django.utils.module_loading import autodiscover_modules

from assembly.documents.enums import Audience
from assembly.documents.models import Document, Rendition, Revision, Upload
from assembly.documents.pdf.source import RenderSource
from assembly.institution.models import Term


@dataclass(frozen=True)
class Identity:
    """What the document is called for ever: its reference is given once."""

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
    """A page of the site, and the words of the link to it."""

    label: str
    url: str


class Renderer(ABC):
    """How one kind of document is made. `subject_label` is the model it is about ("sittings.Minutes").

    A sealed kind gets a document in the register, its base and sealed revisions. A kind that is not sealed gives
    a file attached to its rendition (drafts, letters, sheets), deleted after a while; `file_name` is what it is
    called once saved, in French.
    """

    kind: ClassVar[str]
    subject_label: ClassVar[str]
    sealed: ClassVar[bool] = False
    file_name: ClassVar[str] = ""
    audience: ClassVar[Audience] = Audience.INTERNAL

    @abstractmethod
    def identity(self, subject: Any) -> Identity:
        """Reference, title and date of the document about `subject`."""

    @abstractmethod
    def source(self, subject: Any) -> RenderSource:
        """Everything that decides the bytes; equal sources make equal files."""

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: Any) -> None:  # noqa: B027 -- an optional hook
        """What follows, in the transaction that stores the file: a call to one action of the app."""

    def visas(self, subject: Any) -> Sequence[RecordedVisa]:
        """Who approved the text before the seal; never a private person's name in a public version."""
        return ()

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        """Public pages that tell what the published files tell, by key of their subject."""
        return {}

    def can_read(self, user: Any, subject: Any) -> bool:
        """Whether this user may download the file; the person who asked for a rendition always may."""
        return False

    def load(self, subject_id: str) -> Any:
        """What the other methods take as their subject: its row, or a reading of it; once for each job."""
        return apps.get_model(self.subject_label)._base_manager.get(pk=subject_id)  # noqa: SLF001 -- _base_manager is documented API


renderers: dict[str, Renderer] = {}


def site_pages(documents: Iterable[Document]) -> dict[int, SitePage]:
    """The page of the site beside each published file, by key; one statement for each kind of document."""
    by_kind: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_kind[document.kind].append(document)
    found: dict[int, SitePage] = {}
    for kind in by_kind.keys() & renderers.keys():
        pages = renderers[kind].site_pages({row.subject_id for row in by_kind[kind]})
        found |= {row.pk: pages[row.subject_id] for row in by_kind[kind] if row.subject_id in pages}
    return found


UploadRule = Callable[[Any, Upload], bool]
_upload_rules: list[UploadRule] = []


def register(renderer: type[Renderer]) -> type[Renderer]:
    """Class decorator: add a renderer under its kind; the same kind twice is a programming error.

    Raises `ValueError` for a second renderer of a kind, and for files that would be saved under an English name.
    """
    if not (renderer.sealed or renderer.file_name):
        raise ValueError(f"{renderer.kind!r} makes files without a reference: give them a `file_name` in French.")
    known = renderers.get(renderer.kind)
    if known is not None and type(known).__qualname__ != renderer.__qualname__:
        raise ValueError(f"Two renderers for {renderer.kind!r}.")
    renderers[renderer.kind] = renderer()
    return renderer


def uploads_visible_to(rule: UploadRule) -> UploadRule:
    """Decorator: `rule(user, upload)` says whether this user sees that file; what no rule grants is refused."""
    _upload_rules.append(rule)
    return rule


def may_see_upload(user: Any, upload: Upload) -> bool:
    """Whether one of the apps grants this file to this user (who may be anonymous)."""
    return any(rule(user, upload) for rule in _upload_rules)


def kinds() -> Iterator[str]:
    """Names of every kind of document that some app can make."""
    yield from sorted(renderers)


def discover() -> None:
    """Import `documents` of every app, and each module of it when it is a package."""
    autodiscover_modules("documents")
    for config in apps.get_app_configs():
        try:
            package = import_module(f"{config.name}.documents")
        except ModuleNotFoundError as error:
            if error.name != f"{config.name}.documents":
                raise
            continue
        for module in pkgutil.iter_modules(getattr(package, "__path__", [])):
            import_module(f"{package.__name__}.{module.name}")

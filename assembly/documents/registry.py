"""Renderers: each app says in its `documents.py` how its kinds of document are made and what follows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.apps import apps
from django.db import models

from assembly.documents.enums import Audience
from assembly.documents.models import Rendition, Revision
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


class Renderer(ABC):
    """How one kind of document is made. `subject_label` is the model it is about ("sittings.Minutes")."""

    kind: ClassVar[str]
    subject_label: ClassVar[str]
    sealed: ClassVar[bool] = False
    audience: ClassVar[Audience] = Audience.INTERNAL

    @abstractmethod
    def identity(self, subject: models.Model) -> Identity:
        """Reference, title and date of the document about `subject`."""

    @abstractmethod
    def source(self, subject: models.Model) -> RenderSource:
        """Everything that decides the bytes; equal sources make equal files."""

    @abstractmethod
    def on_ready(self, rendition: Rendition, revision: Revision, subject: models.Model) -> None:
        """What follows, in the transaction that stores the revision: a call to one action of the app."""

    def load(self, subject_id: str) -> models.Model:
        """The subject's row."""
        return apps.get_model(self.subject_label)._base_manager.get(pk=subject_id)  # noqa: SLF001 -- _base_manager is documented API


renderers: dict[str, Renderer] = {}


def register(renderer: type[Renderer]) -> type[Renderer]:
    """Class decorator: add a renderer under its kind; the same kind twice is a programming error."""
    if renderer.kind in renderers and type(renderers[renderer.kind]) is not renderer:
        raise ValueError(f"Two renderers for {renderer.kind!r}.")
    renderers[renderer.kind] = renderer()
    return renderer


def kinds() -> Iterator[str]:
    """Names of every kind of document that some app can make."""
    yield from sorted(renderers)

"""Kinds of document that exist only in tests, made of a term: the smallest subject that every run has."""

import contextlib
import datetime

from assembly.documents import registry
from assembly.documents.models import Audience
from assembly.documents.registry import Identity, RecordedVisa, Renderer
from tests.assembly.documents.pages import source


class TermSheet(Renderer):
    """A sealed public document about a term; tests change its body and see what `on_ready` was told."""

    kind = "test-sheet"
    subject_label = "institution.Term"
    sealed = True
    audience = Audience.PUBLIC
    body = "<p>Bonjour</p>"
    readers = ()

    def __init__(self):
        self.told = []

    def identity(self, subject):
        return Identity(f"TEST-{subject.pk}", "Compte rendu de la séance", datetime.date(2026, 6, 29), subject)

    def source(self, subject):
        return source(self.body, reference=self.identity(subject).reference, seal=self.sealed)

    def on_ready(self, rendition, revision, subject):
        self.told.append((rendition.pk, revision and revision.number, subject.pk))

    def visas(self, subject):
        return [RecordedVisa("Odile Labatut", "présidente de séance", "2026-06-29T11:40:00+02:00")]

    def can_read(self, user, subject):
        return user in self.readers


class InternalSheet(TermSheet):
    kind = "test-internal"
    audience = Audience.INTERNAL

    def identity(self, subject):
        return Identity(f"INT-{subject.pk}", "Compte rendu interne", datetime.date(2026, 6, 29), subject)


class DraftSheet(TermSheet):
    kind = "test-draft"
    file_name = "feuille-d-essai"
    sealed = False


@contextlib.contextmanager
def registered(*classes):
    """Register renderers by kind while the test runs."""
    made = {}
    try:
        for renderer in classes:
            registry.add_documents(renderer)
            made[renderer.kind] = registry.renderers[renderer.kind]
        yield made
    finally:
        for kind in made:
            del registry.renderers[kind]

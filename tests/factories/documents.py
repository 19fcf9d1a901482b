"""Files that passed the gate, documents of the register, jobs that make them."""

import datetime

import factory
from django.utils import timezone

from assembly.documents.models import (
    Audience,
    Check,
    Document,
    DocumentState,
    Rendition,
    RenditionState,
    Revision,
    RevisionPurpose,
    Upload,
    store_blob,
)
from tests.factories.identity import UserFactory
from tests.factories.institution import TermFactory
from tests.factories.traits import Trait


class UploadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Upload

    blob = factory.LazyFunction(lambda: store_blob(b"%PDF-1.7\n%%EOF\n", "application/pdf"))
    name = "note.pdf"
    uploaded_by = factory.SubFactory(UserFactory)


class DocumentFactory(factory.django.DjangoModelFactory):
    """A sealed document; `published=True` puts it on the public list."""

    class Meta:
        model = Document
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda n: f"PL-2026-{n:02}-PV")
    kind = "made-by-factory"
    audience = Audience.PUBLIC
    title = "Procès-verbal de la séance plénière du 28 mars 2026"
    term = factory.SubFactory(TermFactory)
    subject_type = "institution.Term"
    subject_id = factory.LazyAttribute(lambda document: str(document.term.pk))
    state = DocumentState.SEALED
    dated_on = datetime.date(2026, 3, 28)

    @factory.post_generation
    def published(self, _create, wanted):
        revision = RevisionFactory(document=self)
        if wanted:
            self.state, self.published_at, self.published_revision = DocumentState.PUBLISHED, timezone.now(), revision
            self.save()


class RevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Revision

    document = factory.SubFactory(DocumentFactory)
    number = 1
    blob = factory.LazyAttribute(
        lambda revision: store_blob(b"%%PDF-1.7\n%d\n%%%%EOF\n" % revision.document.pk, "application/pdf")
    )
    purpose = RevisionPurpose.SEAL


class RenditionFactory(factory.django.DjangoModelFactory):
    """A job that waits; `failed=True` or `made=True` for one that ended."""

    class Meta:
        model = Rendition

    class Params:
        failed = Trait(
            state=RenditionState.FAILED,
            error="Ce document est trop long.",
            finished_at=factory.LazyFunction(timezone.now),
        )
        made = Trait(
            state=RenditionState.READY,
            finished_at=factory.LazyFunction(timezone.now),
            blob=factory.LazyFunction(lambda: store_blob(b"%PDF-1.7\n%%EOF\n", "application/pdf")),
        )

    kind = "made-by-factory"
    subject_type = "institution.Term"
    subject_id = "1"
    fingerprint = factory.Sequence(lambda n: f"{n:064}")


class CheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Check

    sha256 = "0" * 64
    size = 10
